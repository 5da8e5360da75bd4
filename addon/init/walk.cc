#include "init/walk.h"

#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "init/descriptor.h"
#include "init/kernel.h"

namespace sampan::init {
namespace {

inline constexpr int kMaxLinks = 40;  // path_resolution(7)
inline constexpr long kProcMagic = 0x9fa0;
inline constexpr long kNoSymFollow = 0x2000;  // ST_NOSYMFOLLOW

int fail(int error) {
  errno = error;
  return -1;
}

// Links that the kernel makes up: /proc/self/exe, fd/1, ns/net. Their text is no path of the root.
bool is_magic(int link, const char* text) {
  struct statfs fs;
  if (fstatfs(link, &fs) != 0) return true;
  if ((static_cast<long>(fs.f_flags) & kNoSymFollow) != 0) return true;
  if (static_cast<long>(fs.f_type) != kProcMagic) return false;
  return *text == '/' || *text == '(' || strchr(text, ':') != nullptr;
}

// The mount that a file was reached by (statx(2), Linux 5.8); before, its file system has to do.
uint64_t mount_of(int fd) {
  constexpr unsigned kMountId = 0x1000;  // STATX_MNT_ID
  uint64_t answer[32] = {};              // struct statx: stx_mask comes first, stx_mnt_id at 144
  const long called = syscall(SYS_statx, fd, "", AT_EMPTY_PATH, kMountId, answer);
  if (called == 0 && (answer[0] & kMountId) != 0) return answer[144 / sizeof *answer];
  struct stat info;
  return fstat(fd, &info) == 0 ? info.st_dev : 0;
}

class Walk {
 public:
  Walk(int root, int flags, uint64_t resolve) : root_(root), flags_(flags), resolve_(resolve) {}

  int open(const char* path) {
    if (strlen(path) >= sizeof rest_) return fail(ENAMETOOLONG);
    memcpy(rest_, path, strlen(path) + 1);
    if (!go_to_root()) return -1;
    for (;;) {
      const size_t before = strspn(rest_, "/");
      const size_t length = strcspn(rest_ + before, "/");
      if (length > NAME_MAX) return fail(ENAMETOOLONG);
      memcpy(name_, rest_ + before, length);
      name_[length] = '\0';
      const char* after = rest_ + before + length;
      const bool last = after[strspn(after, "/")] == '\0';
      const bool as_directory = *after != '\0';
      memmove(rest_, after, strlen(after) + 1);
      if (length == 0 || strcmp(name_, ".") == 0) {
        if (last) return finish(here_.get(), ".", flags_);
        continue;
      }
      if (strcmp(name_, "..") == 0) {
        if (is_beneath() && way_[0] == '\0') return fail(EXDEV);
        if (!go_up()) return -1;
        if (last) return finish(here_.get(), ".", flags_);
        continue;
      }
      const Step step = take(last && !as_directory);
      if (step == Step::kFailed) return -1;
      if (step == Step::kEnd) return finish(here_.get(), name_, flags_);
    }
  }

 private:
  enum class Step { kOn, kEnd, kFailed };

  bool is_beneath() const { return (resolve_ & RESOLVE_BENEATH) != 0; }

  bool go_to_root() {
    here_.reset(openat(root_, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    return here_.ok();
  }

  // The same names again from the root; none of them was a link when it was passed.
  bool go_up() {
    char* slash = strrchr(way_, '/');
    *(slash == nullptr ? way_ : slash) = '\0';
    if (!go_to_root()) return false;
    for (const char* at = way_; *at != '\0';) {
      at++;
      const size_t length = strcspn(at, "/");
      char name[NAME_MAX + 1];
      memcpy(name, at, length);
      name[length] = '\0';
      here_.reset(openat(here_.get(), name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC));
      if (!here_.ok()) {
        fail(EAGAIN);
        return false;
      }
      at += length;
    }
    return true;
  }

  // One name on: a directory is entered, the text of a link takes its place in what is left.
  Step take(bool last) {
    if (last && (flags_ & O_NOFOLLOW) != 0) return Step::kEnd;
    Descriptor next(openat(here_.get(), name_, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat info;
    if (!next.ok() || fstat(next.get(), &info) != 0) return Step::kFailed;
    if (S_ISLNK(info.st_mode)) return follow(next.get()) ? Step::kOn : Step::kFailed;
    if (last) return Step::kEnd;
    if (!S_ISDIR(info.st_mode)) {
      fail(ENOTDIR);
      return Step::kFailed;
    }
    const size_t used = strlen(way_);
    if (used + strlen(name_) + 2 > sizeof way_) {
      fail(ENAMETOOLONG);
      return Step::kFailed;
    }
    way_[used] = '/';
    memcpy(way_ + used + 1, name_, strlen(name_) + 1);
    here_ = static_cast<Descriptor&&>(next);
    return Step::kOn;
  }

  bool follow(int link) {
    char text[PATH_MAX];
    const ssize_t n = readlinkat(link, "", text, sizeof text - 1);
    if (n < 0) return false;
    text[n] = '\0';
    const bool refused = (resolve_ & RESOLVE_NO_SYMLINKS) != 0 || ++links_ > kMaxLinks;
    if (refused || is_magic(link, text)) {
      fail(ELOOP);
      return false;
    }
    const size_t length = static_cast<size_t>(n);
    const size_t left = strlen(rest_);
    if (length == 0 || length + left >= sizeof rest_) {
      fail(length == 0 ? ENOENT : ENAMETOOLONG);
      return false;
    }
    memmove(rest_ + length, rest_, left + 1);
    memcpy(rest_, text, length);
    if (text[0] != '/') return true;
    if (is_beneath()) {
      fail(EXDEV);
      return false;
    }
    way_[0] = '\0';
    return go_to_root();
  }

  // A link put there since is not followed: the way is gone once more. As openat2(2) has it, the
  // link itself is opened with O_PATH|O_NOFOLLOW only.
  int finish(int directory, const char* name, int flags) const {
    const int fd = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC);
    if ((flags & O_NOFOLLOW) != 0) return fd;
    if (fd < 0) return errno == ELOOP ? fail(EAGAIN) : -1;
    struct stat info;
    if (fstat(fd, &info) == 0 && !S_ISLNK(info.st_mode)) return fd;
    close(fd);
    return fail(EAGAIN);
  }

  int root_;
  int flags_;
  uint64_t resolve_;
  int links_ = 0;
  Descriptor here_;
  char way_[PATH_MAX] = "";   // from the root to here_, real names
  char rest_[PATH_MAX] = "";  // what is still to go
  char name_[NAME_MAX + 1] = "";
};

}  // namespace

int walk(int root, const char* path, int flags, uint64_t resolve) {
  Descriptor found(Walk(root, flags, resolve).open(path));
  if (!found.ok()) return -1;
  if ((resolve & RESOLVE_NO_XDEV) != 0 && mount_of(found.get()) != mount_of(root)) {
    return fail(EXDEV);
  }
  return found.release();
}

int resolve(int root, const char* path, int flags, uint64_t how) {
  const int fd = kernel::openat2(root, path, static_cast<uint64_t>(flags), 0, how);
  if (fd >= 0 || !kernel::is_unknown(errno)) return fd;
  return walk(root, path, flags, how);
}

}  // namespace sampan::init
