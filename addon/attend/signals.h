// The helper's signals: blocked and read from a signalfd, so that none is lost or ends it.
#pragma once

#include <stdint.h>

namespace sampan {

class SignalQueue {
 public:
  // Blocks every signal and opens the queue; false with errno. With `terminal`, some keep their
  // way: SIGTTIN and SIGTTOU, which stop a helper in the background that touches its terminal,
  // and the signals of a fault, whose handler gives the terminal back.
  bool open(bool terminal);

  // The next signal that arrived, 0 when there is none.
  int next() const;

  // Whether the container gets this signal. Not SIGCHLD, SIGWINCH and SIGPIPE, which are about
  // the helper itself, nor SIGURG (runc, whose own language runtime uses it); nor SIGHUP when the
  // caller started the helper with it ignored (nohup(1)).
  bool forwards(int signal) const;

  int fd() const { return fd_; }

 private:
  int fd_ = -1;
  bool hangup_ignored_ = false;
};

}  // namespace sampan
