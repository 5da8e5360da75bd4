// System calls that musl has no wrapper for. All return -1 and set errno, as wrappers do.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

namespace sampan::init::kernel {

// What a call that is newer than the kernel gives, or newer than the seccomp filter of an outer
// container: those of Docker before 20.10 answer EPERM.
inline bool is_unknown(int error) { return error == ENOSYS || error == EPERM; }

inline int openat2(int dir, const char* path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
  return static_cast<int>(syscall(SYS_openat2, dir, path, &how, sizeof how));
}

// Whether the kernel has all calls that mount by descriptor, the youngest of which is
// mount_setattr(2) (Linux 5.12). Where not, the three that follow do the same by mount(2)
// (init/stage.h), and a new file system is made by it.
bool mounts_by_descriptor();

// With OPEN_TREE_CLONE: a copy that is mounted nowhere.
int open_tree(int dir, const char* path, unsigned flags);

// Moves the mount behind `from` onto the place behind `to`: descriptors only.
int move_mount(int from, int to);

// Of the mount behind a descriptor, with AT_RECURSIVE also of those below.
int mount_setattr(int mount, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation);

inline int fsopen(const char* type) {
  return static_cast<int>(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC));
}

inline int fsconfig(int fs, unsigned command, const char* key, const char* value) {
  return static_cast<int>(syscall(SYS_fsconfig, fs, command, key, value, 0));
}

inline int fsmount(int fs, uint64_t attributes) {
  return static_cast<int>(syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes));
}

// mount(2) only to change propagation of what is at `path`.
inline int set_propagation(const char* path, unsigned long flags) {
  return static_cast<int>(syscall(SYS_mount, nullptr, path, nullptr, flags, nullptr));
}

inline int mount(const char* source, const char* target, const char* type, unsigned long flags,
                 const char* data) {
  return static_cast<int>(syscall(SYS_mount, source, target, type, flags, data));
}

inline int umount2(const char* path, int flags) {
  return static_cast<int>(syscall(SYS_umount2, path, flags));
}

inline int pivot_root(const char* root, const char* old) {
  return static_cast<int>(syscall(SYS_pivot_root, root, old));
}

}  // namespace sampan::init::kernel
