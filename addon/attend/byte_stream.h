// One of the caller's standard descriptors, read and written without ever waiting.
#pragma once

#include <stddef.h>
#include <sys/types.h>

namespace sampan {

// O_NONBLOCK belongs to the open file description, which the caller's shell and its other programs
// share; setting it there breaks them. So a terminal or pipe is opened anew for the relay alone,
// a socket is told call by call, and only where neither can be is the descriptor used as it is.
class ByteStream {
 public:
  // `flags` is O_RDONLY or O_WRONLY.
  void open(int fd, int flags);

  // As read(2) and write(2): EAGAIN when it would wait.
  ssize_t read(void* data, size_t size) const;
  ssize_t write(const void* data, size_t size) const;

  int fd() const { return fd_; }

 private:
  enum class Kind { waiting, nonblocking, socket };
  int fd_ = -1;
  Kind kind_ = Kind::waiting;
};

}  // namespace sampan
