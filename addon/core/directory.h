// Reading directories without malloc(3), which opendir(3) needs.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sampan {

// struct linux_dirent64 (getdents(2)).
struct Entry {
  uint64_t inode;
  int64_t offset;
  uint16_t size;
  uint8_t type;
  char name[];
  bool is_directory() const { return type == 4; }  // DT_DIR
};

// Opens a directory, which must not be a symbolic link; -1 with errno.
inline int open_directory_at(int at, const char* name) {
  return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// The entries of an open directory from its start, without `.` and `..`.
class Directory {
 public:
  explicit Directory(int fd) : fd_(fd) { lseek(fd, 0, SEEK_SET); }

  // Valid until the next call; nullptr at the end and on an error.
  const Entry* next() {
    for (;;) {
      if (at_ == filled_) {
        const long n = syscall(SYS_getdents64, fd_, buffer_, sizeof buffer_);
        if (n <= 0) return nullptr;
        at_ = 0;
        filled_ = static_cast<size_t>(n);
      }
      const auto* entry = reinterpret_cast<const Entry*>(buffer_ + at_);
      at_ += entry->size;
      if (strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0) return entry;
    }
  }

 private:
  int fd_;
  size_t at_ = 0;
  size_t filled_ = 0;
  // One entry of the longest name takes 280 bytes.
  alignas(8) char buffer_[1024];
};

}  // namespace sampan
