// The clean-up steps of an attend plan. What is already gone is no error, and what fails is told
// in one line on stderr (complaint.h), never by a status: the exit code belongs to the container.
#pragma once

namespace sampan {

// Waits for the lock that each command holds on a container's state directory, and keeps it until
// this process ends. False when the directory behind `descriptor` is no longer the one at `path`:
// the container was removed, and what has its id and its cgroup's path now is another.
bool lock_directory(const char* path, int descriptor);

// Kills every process in the cgroup `path` and below, and waits until none is left.
void kill_cgroup(const char* path);

// Removes the cgroups below `path`, then `path`. Waits up to 2 s for one that is busy: the kernel
// lets go of a dead process's cgroup a little after its parent has been told. That of a `unit` of
// systemd is left to systemd for up to 5 s: once somebody else has removed it the kernel may have
// nothing left to tell systemd by, and the unit stays active for ever.
void remove_cgroup(const char* path, bool unit);

// Removes the empty directory `path` of a kernel file system; one that is in use stays.
void remove_unused(const char* path);

// Removes the files in `path`, then `path`. No symbolic link is followed, no directory entered.
void remove_directory(const char* path);

}  // namespace sampan
