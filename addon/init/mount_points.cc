#include "init/mount_points.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

namespace sampan::init {
namespace {

inline constexpr int kField = 5;

bool is_octal(char c) { return c >= '0' && c <= '7'; }

}  // namespace

const char* MountPoints::next(const char* top) {
  const size_t length = strlen(top);
  for (int c; (c = get()) >= 0;) {
    if (c == '\n') {
      path_[used_] = '\0';
      const bool whole = whole_;
      field_ = 1;
      used_ = 0;
      whole_ = true;
      decode();
      if (strncmp(path_, top, length) != 0) continue;
      if (path_[length] != '/' && path_[length] != '\0') continue;
      if (whole) return path_;
      errno = ENAMETOOLONG;
      return nullptr;
    }
    if (c == ' ') {
      // Those behind it do not count.
      if (field_ <= kField) field_++;
    } else if (field_ == kField) {
      if (used_ + 1 < sizeof path_) {
        path_[used_++] = static_cast<char>(c);
      } else {
        whole_ = false;
      }
    }
  }
  return nullptr;
}

int MountPoints::get() {
  if (at_ == end_) {
    errno = 0;
    const ssize_t n = read(fd_, buffer_, sizeof buffer_);
    if (n <= 0) return -1;
    at_ = 0;
    end_ = static_cast<size_t>(n);
  }
  return buffer_[at_++];
}

// Spaces and the like are written \040.
void MountPoints::decode() {
  char* to = path_;
  for (const char* from = path_; *from != '\0'; to++) {
    if (*from == '\\' && is_octal(from[1]) && is_octal(from[2]) && is_octal(from[3])) {
      *to = static_cast<char>((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
      from += 4;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}

}  // namespace sampan::init
