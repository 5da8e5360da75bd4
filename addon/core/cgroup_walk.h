// Cgroups below a cgroup, by bytes. Whoever divides one can nest them deeper than a path may be
// long or there are descriptors (PATH_MAX, RLIMIT_NOFILE), and names them as he likes, so a walk
// goes by the names that the kernel tells, with one directory open at a time. No memory is
// allocated.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/unique_fd.h"

namespace sampan {

// Opens `name` in the cgroup behind `directory`. Whoever runs a container is the owner of its
// cgroups, and the container's root can be that user as well: permissions that it took away are
// given back.
inline UniqueFd open_own(int directory, const char* name, int flags) {
  const int all = flags | O_CLOEXEC | O_NOFOLLOW;
  UniqueFd opened(openat(directory, name, all));
  if (opened.ok() || errno != EACCES) return opened;
  fchmod(directory, S_IRWXU);
  if (fchmodat(directory, name, S_IRWXU, 0) == 0) return UniqueFd(openat(directory, name, all));
  errno = EACCES;
  return opened;
}

// A way down from a cgroup and back.
class CgroupWalk {
 public:
  explicit CgroupWalk(int top);
  // With errno when it could not begin.
  bool ok() const { return at_.ok(); }
  // The directory that it has come to.
  int at() const { return at_.get(); }
  ino_t inode() const { return inode_; }
  bool is_at_top() const { return depth_ == 0; }
  // Goes on to a child; false with errno, EBUSY where something is mounted on it, which is no part
  // of the tree.
  bool enter(const char* name);
  // Goes back to the parent, which is where the walk has come from: a cgroup is never moved.
  bool leave();

 private:
  bool go(const char* name);

  UniqueFd at_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  long depth_ = 0;
};

// Whether a directory that was not removed, for `error`, may be later: what is in it can go.
inline bool is_in_use(int error) { return error == EBUSY || error == ENOTEMPTY; }

// Removes the cgroups below the one behind `directory`; 0, or the errno of one that stays.
int remove_cgroups_below(int directory);

// Calls `each` with every pid in the cgroup behind `directory`; 0 stands for a process outside the
// own pid namespace. 0, or the errno where the list cannot be read.
template <class Each>
int each_process(int directory, Each each) {
  const UniqueFd list = open_own(directory, "cgroup.procs", O_RDONLY);
  if (!list.ok()) return errno;
  int pid = 0;
  char buffer[512];
  ssize_t n;
  while ((n = read(list.get(), buffer, sizeof buffer)) > 0) {
    for (ssize_t i = 0; i < n; i++) {
      if (buffer[i] >= '0' && buffer[i] <= '9') {
        pid = pid * 10 + (buffer[i] - '0');
        continue;
      }
      each(pid);
      pid = 0;
    }
  }
  return n < 0 ? errno : 0;
}

}  // namespace sampan
