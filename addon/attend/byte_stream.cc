#include "attend/byte_stream.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/text.h"

namespace sampan {
namespace {

// A file would be opened at its start, and a pseudo-terminal's master would become another one.
bool can_open_anew(int fd, const struct stat& about) {
  if (S_ISFIFO(about.st_mode)) return true;
  unsigned number;
  return S_ISCHR(about.st_mode) && isatty(fd) && ioctl(fd, TIOCGPTN, &number) != 0;
}

}  // namespace

void ByteStream::open(int fd, int flags) {
  fd_ = fd;
  kind_ = Kind::waiting;
  struct stat about;
  if (fstat(fd, &about) != 0) return;
  if (S_ISSOCK(about.st_mode)) {
    kind_ = Kind::socket;
    return;
  }
  if (!can_open_anew(fd, about)) return;
  Text<32> path;
  path << "/proc/self/fd/" << static_cast<uint32_t>(fd);
  const int own = ::open(path.c_str(), flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (own < 0) return;
  fd_ = own;
  kind_ = Kind::nonblocking;
}

ssize_t ByteStream::read(void* data, size_t size) const {
  if (kind_ == Kind::socket) return recv(fd_, data, size, MSG_DONTWAIT);
  return ::read(fd_, data, size);
}

ssize_t ByteStream::write(const void* data, size_t size) const {
  if (kind_ == Kind::socket) return send(fd_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
  // A pipe that poll(2) calls writable takes this much at once (pipe(7), PIPE_BUF).
  if (kind_ == Kind::waiting && size > PIPE_BUF) size = PIPE_BUF;
  return ::write(fd_, data, size);
}

}  // namespace sampan
