// The places of mounts in a text like /proc/self/mountinfo, the fifth field of each line
// (proc_pid_mountinfo(5)). Its length has no limit, so it is read in pieces.
#pragma once

#include <limits.h>
#include <stddef.h>

namespace sampan::init {

class MountPoints {
 public:
  explicit MountPoints(int fd) : fd_(fd) {}

  // The next one that is `top` or below it; null at the end. errno is 0 unless that is too early:
  // ENAMETOOLONG for a path that would have to be cut off, and so be another one.
  const char* next(const char* top);

 private:
  int get();
  void decode();

  int fd_;
  int field_ = 1;
  size_t used_ = 0;
  bool whole_ = true;
  size_t at_ = 0;
  size_t end_ = 0;
  char path_[PATH_MAX] = "";
  unsigned char buffer_[4096];
};

}  // namespace sampan::init
