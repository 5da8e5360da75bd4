#include "init/proc.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "init/kernel.h"
#include "init/steps.h"
#include "init/walk.h"
#include "program/text.h"

namespace sampan::init {
namespace {

inline constexpr long kProcMagic = 0x9fa0;  // PROC_SUPER_MAGIC
inline constexpr ino_t kProcRoot = 1;       // PROC_ROOT_INO: fixed since Linux 2.6.24

// Mounted nowhere, so that nothing can be mounted in it, and gone with its descriptor.
int new_procfs(bool complete) {
  Descriptor fs(kernel::fsopen("proc"));
  if (!fs.ok()) return -1;
  // The option is new in Linux 5.8.
  if (!complete) (void)kernel::fsconfig(fs.get(), FSCONFIG_SET_STRING, "subset", "pid");
  if (kernel::fsconfig(fs.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr) != 0) return -1;
  return kernel::fsmount(fs.get(), MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

Status check_procfs(int fd, const char* path) {
  struct statfs fs;
  if (fstatfs(fd, &fs) != 0) return failed("fstatfs", path);
  if (static_cast<long>(fs.f_type) == kProcMagic) return kOk;
  return refused(EXDEV, "fstatfs", path, "it is not in a procfs");
}

// A bind mount of a part of a procfs, or of a file of it, would pass the first check alone.
Status check_root(int fd) {
  Status status = check_procfs(fd, "/proc");
  struct stat info;
  if (!status.ok()) return status;
  if (fstat(fd, &info) != 0) return failed("fstat", "/proc");
  if (S_ISDIR(info.st_mode) && info.st_ino == kProcRoot) return kOk;
  return refused(EXDEV, "fstat", "/proc", "it is not the root of a procfs");
}

// Never through a link, and never onto what is mounted on a part of it.
int open_in(int root, const char* path) {
  return resolve(root, path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC,
                 RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
}

Status write_whole(int fd, const char* path, std::string_view value) {
  ssize_t n = ::write(fd, value.data(), value.size());
  if (n < 0) return failed("write", path);
  if (static_cast<size_t>(n) == value.size()) return kOk;
  return refused(EINVAL, "write", path, "the kernel took only a part of the value");
}

}  // namespace

Status Proc::open(bool complete) {
  root_.reset(new_procfs(complete));
  // Not allowed: no rights over the pid namespace, or an outer container masks a part of /proc.
  if (!root_.ok()) root_.reset(::open("/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return root_.ok() ? check_root(root_.get()) : failed("open", "/proc");
}

Status Proc::write(const char* path, std::string_view value) const {
  Descriptor file(open_in(root_.get(), path));
  if (!file.ok()) return failed("openat2", path);
  Status status = check_procfs(file.get(), path);
  struct stat info;
  if (!status.ok()) return status;
  if (fstat(file.get(), &info) != 0) return failed("fstat", path);
  if (!S_ISREG(info.st_mode)) return refused(EINVAL, "openat2", path, "it is not a regular file");
  return write_whole(file.get(), path, value);
}

Status Proc::write_own(const char* path, std::string_view value) const {
  // The only link that is read, and it is the kernel's: the number of this process in this procfs.
  char own[16];
  ssize_t n = readlinkat(root_.get(), "self", own, sizeof own);
  if (n < 0) return failed("readlinkat", "self");
  Text<PATH_MAX> full;
  full << std::string_view(own, static_cast<size_t>(n)) << '/' << path;
  Status status = write(full.c_str(), value);
  // `full` ends here; the name of the file says enough.
  return status.ok() ? status : refused(status.error, status.syscall, path, status.detail);
}

Status run(Context& c, const wire::OpenProc& s) { return c.proc.open(s.complete); }

Status run(Context& c, const wire::SetSysctl& s) {
  Text<PATH_MAX> path;
  // A path that is cut off would be another one.
  if (s.path.size + sizeof "sys/" > PATH_MAX) return refused(ENAMETOOLONG, "openat2", s.path.data);
  path << "sys/" << s.path.data;
  Status status = c.proc.write(path.c_str(), {s.value.data, s.value.size});
  return status.ok() ? status : refused(status.error, status.syscall, s.path.data, status.detail);
}

Status run(Context& c, const wire::WriteAttribute& s) {
  Status status = refused(EBADMSG, "decode");
  wire::Reader paths(s.paths);
  for (wire::Str path; paths.get(&path);) {
    status = c.proc.write_own(path.data, {s.value.data, s.value.size});
    if (status.error != ENOENT) break;
  }
  return status;
}

}  // namespace sampan::init
