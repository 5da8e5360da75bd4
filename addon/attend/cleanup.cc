#include "attend/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attend/complaint.h"
#include "core/cgroup_walk.h"
#include "core/directory.h"

namespace sampan {
namespace {

// Waiting in growing steps, until a limit.
class Patience {
 public:
  explicit Patience(long milliseconds) : left_(milliseconds) {}
  // Sleeps a little; false when the limit is reached.
  bool wait() {
    if (left_ <= 0) return false;
    const timespec pause{0, step_ * 1'000'000};
    nanosleep(&pause, nullptr);
    left_ -= step_;
    if (step_ < 32) step_ *= 2;
    return true;
  }

 private:
  long left_;
  long step_ = 1;
};

constexpr long kRemovalPatience = 2'000;
constexpr long kCollectPatience = 5'000;
// SIGKILL waits for what a process does in the kernel, such as a write to a slow disk.
constexpr long kKillPatience = 10'000;
// Each level costs stack and a descriptor; only before Linux 5.14, which has cgroup.kill.
constexpr int kMaxDepth = 256;

ssize_t read_at(int directory, const char* name, char* buffer, size_t size) {
  const int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return -1;
  const ssize_t n = read(fd, buffer, size);
  close(fd);
  return n;
}

// Sends SIGKILL to the pids listed in cgroup.procs; how many there were.
int kill_listed(int directory) {
  int found = 0;
  each_process(directory, [&](int pid) {
    // kill(0) would be suicide.
    if (pid > 0) kill(pid, SIGKILL);
    found++;
  });
  return found;
}

int kill_tree(int directory, int depth) {
  int found = kill_listed(directory);
  Directory entries(directory);
  while (const Entry* entry = entries.next()) {
    if (!entry->is_directory() || depth == kMaxDepth) continue;
    const int child = open_own(directory, entry->name, O_RDONLY | O_DIRECTORY).release();
    if (child < 0) continue;
    found += kill_tree(child, depth + 1);
    close(child);
  }
  return found;
}

enum class Population { none, some, unknown };

Population population(int directory) {
  char events[256];
  const ssize_t n = read_at(directory, "cgroup.events", events, sizeof events - 1);
  if (n < 0) return Population::unknown;
  events[n] = '\0';
  const char* value = strstr(events, "populated ");
  if (value == nullptr) return Population::unknown;
  return value[strlen("populated ")] == '0' ? Population::none : Population::some;
}

bool write_kill(int directory) {
  const UniqueFd file = open_own(directory, "cgroup.kill", O_WRONLY);
  return file.ok() && write(file.get(), "1", 1) == 1;
}

// A group of resctrl is removed with processes in it, unlike a cgroup.
bool has_tasks(const char* path) {
  const int directory = open_directory_at(AT_FDCWD, path);
  char first;
  const bool found = directory >= 0 && read_at(directory, "tasks", &first, 1) > 0;
  if (directory >= 0) close(directory);
  return found;
}

}  // namespace

bool lock_directory(const char* path, int descriptor) {
  while (flock(descriptor, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    complain("lock directory", path, "flock", errno);
    return false;
  }
  struct stat own;
  struct stat now;
  return fstat(descriptor, &own) == 0 && lstat(path, &now) == 0 && own.st_dev == now.st_dev &&
         own.st_ino == now.st_ino;
}

void kill_cgroup(const char* path) {
  const int directory = open_own(AT_FDCWD, path, O_RDONLY | O_DIRECTORY).release();
  if (directory < 0) {
    if (errno != ENOENT) complain("kill cgroup", path, "open", errno);
    return;
  }
  // One write on Linux 5.14 and newer. Before, processes that fork while the list is read are
  // found by the next round.
  const bool at_once = write_kill(directory);
  for (Patience patience(kKillPatience);;) {
    const int found = at_once ? 1 : kill_tree(directory, 0);
    const Population now = population(directory);
    if (now == Population::none || (now == Population::unknown && (at_once || found == 0))) break;
    if (!patience.wait()) {
      complain("kill cgroup", path, "cgroup.events", ETIMEDOUT);
      break;
    }
  }
  close(directory);
}

void remove_cgroup(const char* path, bool unit) {
  if (unit) {
    for (Patience patience(kCollectPatience); access(path, F_OK) == 0 && patience.wait();) {
    }
  }
  for (Patience patience(kRemovalPatience);;) {
    if (rmdir(path) == 0 || errno == ENOENT) return;
    int error = errno;
    if (is_in_use(error)) {
      const int directory = open_own(AT_FDCWD, path, O_RDONLY | O_DIRECTORY).release();
      if (directory >= 0) {
        const int below = remove_cgroups_below(directory);
        close(directory);
        if (below == 0 && (rmdir(path) == 0 || errno == ENOENT)) return;
        if (below != 0) error = below;
      }
    }
    if (!is_in_use(error) || !patience.wait())
      return complain("remove cgroup", path, "rmdir", error);
  }
}

void remove_unused(const char* path) {
  if (has_tasks(path)) return;
  if (rmdir(path) == 0 || errno == ENOENT || is_in_use(errno)) return;
  complain("remove directory", path, "rmdir", errno);
}

void remove_directory(const char* path) {
  const int directory = open_directory_at(AT_FDCWD, path);
  if (directory < 0) {
    if (errno != ENOENT) complain("remove directory", path, "open", errno);
    return;
  }
  // Entries may be passed over by a reading that deletes, so it ends with one that deletes none.
  int refused = 0;
  for (bool again = true; again;) {
    again = false;
    refused = 0;
    Directory entries(directory);
    while (const Entry* entry = entries.next()) {
      if (unlinkat(directory, entry->name, 0) == 0) {
        again = true;
      } else if (errno != ENOENT) {
        refused = errno;
      }
    }
  }
  close(directory);
  if (rmdir(path) == 0 || errno == ENOENT) return;
  if (refused != 0) return complain("remove directory", path, "unlink", refused);
  complain("remove directory", path, "rmdir", errno);
}

}  // namespace sampan
