#include "init/root.h"

#include <limits.h>
#include <string.h>

#include "init/kernel.h"
#include "init/walk.h"

namespace sampan::init {
namespace {

// A rename anywhere on the host during resolution gives EAGAIN (openat2(2)); a hostile process can
// go on renaming, so the tries are bounded.
inline constexpr int kTries = 128;

inline constexpr unsigned kParentMode = 0755;
inline constexpr unsigned kFileMode = 0644;

bool is_plain_name(const char* name) {
  return *name != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

// Splits off the last component: `above` is what stands before it, without the slashes between.
bool split(const char* path, char (&above)[PATH_MAX], char (&name)[NAME_MAX + 1]) {
  size_t end = strlen(path);
  while (end > 0 && path[end - 1] == '/') end--;
  size_t start = end;
  while (start > 0 && path[start - 1] != '/') start--;
  if (end - start > NAME_MAX || start >= PATH_MAX) return false;
  memcpy(name, path + start, end - start);
  name[end - start] = '\0';
  while (start > 0 && path[start - 1] == '/') start--;
  memcpy(above, path, start);
  above[start] = '\0';
  return true;
}

}  // namespace

Status Root::open(const char* path, int flags, Descriptor* out, Links links) const {
  uint64_t how = RESOLVE_NO_MAGICLINKS;
  how |= links == Links::kBeneath ? RESOLVE_BENEATH : RESOLVE_IN_ROOT;
  if (links == Links::kRefuse) how |= RESOLVE_NO_SYMLINKS;
  for (int tries = 0; tries < kTries; tries++) {
    int fd = init::resolve(fd_.get(), *path == '\0' ? "/" : path, flags | O_CLOEXEC, how);
    if (fd >= 0) {
      out->reset(fd);
      return kOk;
    }
    if (errno != EAGAIN && errno != EINTR) break;
  }
  return failed("openat2", path);
}

Status Root::parent(const char* path, Place* out, Links links) const {
  char above[PATH_MAX];
  if (!split(path, above, out->name)) return refused(ENAMETOOLONG, "openat2", path);
  if (!is_plain_name(out->name)) return refused(EINVAL, "openat2", path);
  return make_directory(above, kParentMode, &out->directory, links);
}

Status Root::make_directory(const char* path, unsigned mode, Descriptor* out, Links links) const {
  Status status = open(path, O_PATH | O_DIRECTORY, out, links);
  if (status.error != ENOENT) return status;
  if (strlen(path) >= PATH_MAX) return refused(ENAMETOOLONG, "openat2", path);
  // One component more each time: what is there is entered, what is missing is made. Every prefix
  // is resolved from the root again, so that a directory moved meanwhile is not trusted.
  char prefix[PATH_MAX];
  char name[NAME_MAX + 1];
  char above[PATH_MAX];
  Descriptor directory;
  status = open("/", O_PATH | O_DIRECTORY, &directory, links);
  for (size_t end = 0; status.ok() && path[end] != '\0';) {
    end += strspn(path + end, "/");
    end += strcspn(path + end, "/");
    memcpy(prefix, path, end);
    prefix[end] = '\0';
    status = open(prefix, O_PATH | O_DIRECTORY, out, links);
    if (status.error == ENOENT) {
      if (!split(prefix, above, name)) return refused(ENAMETOOLONG, "mkdirat", path);
      if (mkdirat(directory.get(), name, mode) != 0 && errno != EEXIST) {
        return failed("mkdirat", path);
      }
      status = open(prefix, O_PATH | O_DIRECTORY, out, links);
    }
    if (status.ok()) directory.reset(fcntl(out->get(), F_DUPFD_CLOEXEC, 3));
  }
  return status.ok() ? status : refused(status.error, status.syscall, path);
}

Status Root::make_file(const char* path, Descriptor* out, Links links) const {
  Status status = open(path, O_PATH, out, links);
  if (status.error != ENOENT) return status;
  Place place;
  Status made = parent(path, &place, links);
  if (!made.ok()) return made;
  int fd = openat(place.directory.get(), place.name,
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode);
  if (fd < 0 && errno != EEXIST) return failed("openat", path);
  if (fd >= 0) close(fd);
  return open(path, O_PATH, out, links);
}

}  // namespace sampan::init
