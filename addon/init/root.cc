#include "init/root.h"

#include <limits.h>
#include <string.h>

#include "init/kernel.h"

namespace sampan::init {
namespace {

// A rename anywhere on the host during resolution gives EAGAIN (openat2(2)); a hostile process can
// go on renaming, so the tries are bounded.
inline constexpr int kTries = 128;

inline constexpr unsigned kFileMode = 0644;

// Length of `path` up to its last component, without the slashes between.
size_t parent_length(const char* path) {
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] == '/') end--;
  while (end > 0 && path[end - 1] != '/') end--;
  while (end > 0 && path[end - 1] == '/') end--;
  return end;
}

bool is_plain_name(const char* name) {
  return *name != '\0' && strchr(name, '/') == nullptr && strcmp(name, ".") != 0 &&
         strcmp(name, "..") != 0;
}

}  // namespace

Status Root::open(const char* path, int flags, Descriptor* out, Links links) const {
  uint64_t resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  if (links == Links::kRefuse) resolve |= RESOLVE_NO_SYMLINKS;
  for (int tries = 0; tries < kTries; tries++) {
    int fd = kernel::openat2(fd_.get(), *path == '\0' ? "/" : path,
                             static_cast<uint64_t>(flags | O_CLOEXEC), 0, resolve);
    if (fd >= 0) {
      out->reset(fd);
      return kOk;
    }
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return failed("openat2", path);
}

Status Root::parent(const char* path, Descriptor* directory, const char** name) const {
  char copy[PATH_MAX];
  size_t length = parent_length(path);
  if (length >= sizeof copy) return refused(ENAMETOOLONG, "openat2", path);
  memcpy(copy, path, length);
  copy[length] = '\0';
  const char* last = path + length;
  while (*last == '/') last++;
  if (!is_plain_name(last)) return refused(EINVAL, "openat2", path);
  *name = last;
  return make_directory(copy, 0755, directory);
}

Status Root::make_directory(const char* path, unsigned mode, Descriptor* out, Links links) const {
  Status status = open(path, O_PATH | O_DIRECTORY, out, links);
  if (status.error != ENOENT) return status;
  Descriptor above;
  const char* name;
  // Recursion is bounded: each level is shorter than the one before.
  Status made = parent(path, &above, &name);
  if (!made.ok()) return made;
  if (mkdirat(above.get(), name, mode) != 0 && errno != EEXIST) return failed("mkdirat", path);
  // Resolved from the root again, so that a directory moved meanwhile is not trusted.
  return open(path, O_PATH | O_DIRECTORY, out, links);
}

Status Root::make_file(const char* path, Descriptor* out) const {
  Status status = open(path, O_PATH, out);
  if (status.error != ENOENT) return status;
  Descriptor above;
  const char* name;
  Status made = parent(path, &above, &name);
  if (!made.ok()) return made;
  int fd = openat(above.get(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode);
  if (fd < 0 && errno != EEXIST) return failed("openat", path);
  if (fd >= 0) close(fd);
  return open(path, O_PATH, out);
}

}  // namespace sampan::init
