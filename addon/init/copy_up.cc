// tmpcopyup: a tmpfs that begins with what it covers. The tree is the image's or a volume's and may
// change meanwhile: it is walked by descriptors, one name at a time, no link is followed, and only
// what the kernel says is a plain file is read.

#include <dirent.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "init/kernel.h"
#include "init/mounts.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

// Each level holds descriptors and stack.
inline constexpr int kMaxDepth = 200;

// A place in the source or in the copy: a name in a directory.
struct Entry {
  int directory;
  const char* name;
};

// An owner that the user namespace does not map cannot be given (EINVAL); the copy is then root's,
// and a set-user-ID bit would say something new.
Status copy_owner(const Entry& to, const struct stat& info, mode_t* mode) {
  if (fchownat(to.directory, to.name, info.st_uid, info.st_gid,
               AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0) {
    return kOk;
  }
  if (errno != EINVAL) return failed("fchownat", to.name);
  *mode &= ~static_cast<mode_t>(S_ISUID | S_ISGID);
  return kOk;
}

// Those that a tmpfs does not keep, or that need rights over the host, are left behind as by cp(1).
Status copy_attributes(int from, int to, const char* name) {
  static char names[65536];
  static char value[65536];
  ssize_t size = flistxattr(from, names, sizeof names);
  if (size < 0) return errno == ENOTSUP ? kOk : failed("flistxattr", name);
  for (const char* key = names; key < names + size; key += strlen(key) + 1) {
    ssize_t length = fgetxattr(from, key, value, sizeof value);
    if (length < 0 || fsetxattr(to, key, value, static_cast<size_t>(length), 0) == 0) continue;
    if (errno != ENOTSUP && errno != EPERM) return failed("fsetxattr", name);
  }
  return kOk;
}

// After the content, which changes times, and the owner, which takes away set-user-ID.
Status finish_file(int from, int to, const Entry& at, const struct stat& info) {
  mode_t mode = info.st_mode & 07777;
  Status status = copy_owner(at, info, &mode);
  if (status.ok()) status = copy_attributes(from, to, at.name);
  if (!status.ok()) return status;
  if (fchmod(to, mode) != 0) return failed("fchmod", at.name);
  const timespec times[2] = {info.st_atim, info.st_mtim};
  return futimens(to, times) == 0 ? kOk : failed("futimens", at.name);
}

Status copy_content(int from, int to, const char* name) {
  for (;;) {
    ssize_t n = sendfile(to, from, nullptr, 1 << 20);
    if (n == 0) return kOk;
    if (n < 0 && errno != EINTR) return failed("sendfile", name);
  }
}

Status copy_file(const Entry& from, const Entry& to) {
  // Not waited for: it may have been exchanged for a fifo since it was looked at.
  Descriptor source(
      openat(from.directory, from.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!source.ok()) return failed("openat", from.name);
  struct stat info;
  if (fstat(source.get(), &info) != 0) return failed("fstat", from.name);
  if (!S_ISREG(info.st_mode)) return refused(ESTALE, "openat", from.name);
  Descriptor copy(openat(to.directory, to.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!copy.ok()) return failed("openat", to.name);
  Status status = copy_content(source.get(), copy.get(), from.name);
  return status.ok() ? finish_file(source.get(), copy.get(), to, info) : status;
}

Status copy_link(const Entry& from, const Entry& to, const struct stat& info) {
  char content[PATH_MAX];
  ssize_t n = readlinkat(from.directory, from.name, content, sizeof content - 1);
  if (n < 0) return failed("readlinkat", from.name);
  content[n] = '\0';
  if (symlinkat(content, to.directory, to.name) != 0) return failed("symlinkat", to.name);
  mode_t mode = 0;
  return copy_owner(to, info, &mode);
}

// Devices and fifos. A socket is the other end of a process that is not there.
Status copy_node(const Entry& from, const Entry& to, const struct stat& info) {
  if (S_ISSOCK(info.st_mode)) return kOk;
  if (mknodat(to.directory, to.name, info.st_mode, info.st_rdev) != 0) {
    return failed("mknodat", from.name);
  }
  mode_t mode = info.st_mode;
  return copy_owner(to, info, &mode);
}

Status copy_directory(int from, int to, int depth);

Status copy_entry(const Entry& from, const Entry& to, int depth) {
  struct stat info;
  if (fstatat(from.directory, from.name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return failed("fstatat", from.name);
  }
  if (S_ISREG(info.st_mode)) return copy_file(from, to);
  if (S_ISLNK(info.st_mode)) return copy_link(from, to, info);
  if (!S_ISDIR(info.st_mode)) return copy_node(from, to, info);
  static constexpr int kOpen = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Descriptor source(openat(from.directory, from.name, kOpen));
  if (!source.ok()) return failed("openat", from.name);
  if (mkdirat(to.directory, to.name, 0700) != 0) return failed("mkdirat", to.name);
  Descriptor copy(openat(to.directory, to.name, kOpen));
  if (!copy.ok()) return failed("openat", to.name);
  if (fstat(source.get(), &info) != 0) return failed("fstat", from.name);
  Status status = copy_directory(source.get(), copy.get(), depth);
  return status.ok() ? finish_file(source.get(), copy.get(), to, info) : status;
}

Status copy_directory(int from, int to, int depth) {
  if (depth == kMaxDepth) return refused(ELOOP, "openat", nullptr, "the tree is too deep");
  DIR* list = fdopendir(fcntl(from, F_DUPFD_CLOEXEC, 3));
  if (list == nullptr) return failed("fdopendir");
  Status status = kOk;
  while (status.ok()) {
    errno = 0;
    const dirent* entry = readdir(list);
    if (entry == nullptr) {
      if (errno != 0) status = failed("getdents64");
      break;
    }
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    status = copy_entry({from, entry->d_name}, {to, entry->d_name}, depth + 1);
  }
  // The name in the report must outlive the list.
  if (!status.ok() && status.path != nullptr) {
    static char name[NAME_MAX + 1];
    if (status.path != name) (void)memccpy(name, status.path, '\0', sizeof name - 1);
    status.path = name;
  }
  (void)closedir(list);
  return status;
}

// The directory itself: its mode came with the file system.
Status copy_top(int from, int to, const char* path) {
  struct stat info;
  if (fstat(from, &info) != 0) return failed("fstat", path);
  mode_t mode = 0;
  Status status = copy_owner({to, ""}, info, &mode);
  return status.ok() ? copy_attributes(from, to, path) : status;
}

}  // namespace

Status run(Context& c, const wire::MountCopyUp& s) {
  const char* path = s.target.data;
  Descriptor mount;
  // Writable while it is filled, whatever it will be.
  const uint64_t read_only = s.attributes & MOUNT_ATTR_RDONLY;
  const wire::MountFilesystem plain = {
      s.type,        s.source, s.options,    s.attributes ^ read_only,
      s.propagation, s.target, s.real_target};
  Status status = make_filesystem(c.root, plain, &mount);
  if (!status.ok()) return status;
  Descriptor target;
  status = c.root.make_directory(path, kDirectoryMode, &target);
  // Before files of the kernel are read.
  if (status.ok()) status = keep_off_proc(false, target.get(), path);
  if (!status.ok()) return status;
  Descriptor from;
  Descriptor to(openat(mount.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!to.ok()) return failed("openat", path);
  from.reset(openat(target.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!from.ok()) return failed("openat", path);
  status = copy_top(from.get(), to.get(), path);
  if (status.ok()) status = copy_directory(from.get(), to.get(), 0);
  if (status.ok()) status = change_attributes(mount.get(), 0, read_only, 0, path);
  return status.ok() ? attach(c, mount.get(), target.get(), s.propagation, path) : status;
}

}  // namespace sampan::init
