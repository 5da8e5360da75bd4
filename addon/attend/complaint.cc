#include "attend/complaint.h"

#include <errno.h>

#include "program/text.h"

namespace sampan {
namespace {

struct ErrorText {
  short number;
  char name[13];
  char text[34];
};

// glibc's words, which the runtime uses too; musl's strerror(3) has others.
constexpr ErrorText kErrors[] = {
    {EPERM, "EPERM", "operation not permitted"},
    {ENOENT, "ENOENT", "no such file or directory"},
    {ESRCH, "ESRCH", "no such process"},
    {EIO, "EIO", "input/output error"},
    {ENXIO, "ENXIO", "no such device or address"},
    {EBADF, "EBADF", "bad file descriptor"},
    {ECHILD, "ECHILD", "no child processes"},
    {EAGAIN, "EAGAIN", "resource temporarily unavailable"},
    {ENOMEM, "ENOMEM", "cannot allocate memory"},
    {EACCES, "EACCES", "permission denied"},
    {EBUSY, "EBUSY", "device or resource busy"},
    {ENODEV, "ENODEV", "no such device"},
    {ENOTDIR, "ENOTDIR", "not a directory"},
    {EISDIR, "EISDIR", "is a directory"},
    {EINVAL, "EINVAL", "invalid argument"},
    {ENFILE, "ENFILE", "too many open files in system"},
    {EMFILE, "EMFILE", "too many open files"},
    {ENOTTY, "ENOTTY", "inappropriate ioctl for device"},
    {EFBIG, "EFBIG", "file too large"},
    {ENOSPC, "ENOSPC", "no space left on device"},
    {EROFS, "EROFS", "read-only file system"},
    {EPIPE, "EPIPE", "broken pipe"},
    {ENAMETOOLONG, "ENAMETOOLONG", "file name too long"},
    {ENOSYS, "ENOSYS", "function not implemented"},
    {ENOTEMPTY, "ENOTEMPTY", "directory not empty"},
    {ELOOP, "ELOOP", "too many levels of symbolic links"},
    {EBADMSG, "EBADMSG", "bad message"},
    {EOPNOTSUPP, "EOPNOTSUPP", "operation not supported"},
    {ETIMEDOUT, "ETIMEDOUT", "connection timed out"},
    {EDQUOT, "EDQUOT", "disk quota exceeded"},
};

}  // namespace

void complain(const char* doing, const char* path, const char* syscall, int error) {
  const int saved = errno;
  // Room for the longest path (PATH_MAX) and the words around it.
  Text<4096 + 256> line;
  line << "sampan: " << doing;
  if (path[0] != '\0') add_visible(&(line << ' '), path);
  line << ": " << syscall << ": ";
  const ErrorText* found = nullptr;
  for (const ErrorText& known : kErrors) {
    if (known.number == error) found = &known;
  }
  if (found != nullptr) {
    line << found->text << " (" << found->name << ")\n";
  } else {
    line << "error " << static_cast<uint32_t>(error) << '\n';
  }
  write_fully(STDERR_FILENO, line.view());
  errno = saved;
}

void tell(const char* what) {
  Text<4096 + 256> line;
  line << "sampan: " << what << '\n';
  write_fully(STDERR_FILENO, line.view());
}

}  // namespace sampan
