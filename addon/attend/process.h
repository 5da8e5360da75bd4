// The container's process as its parent sees it.
#pragma once

#include <stdint.h>

namespace sampan {

class AttendedProcess {
 public:
  // Takes a pidfd of `pid`; false with errno. A process that has ended but was not waited for yet
  // still has one.
  bool open(uint32_t pid);

  // Collects every child that has ended. Those other than the process are orphans that came to the
  // helper as the subreaper, or what the engine left unwaited: their statuses are nobody's.
  void reap();

  // A process that ended without leaving its status: it is not a child of this one.
  void give_up() { ended_ = true; }

  // pidfd_send_signal(2); a process that has just ended is no error.
  void send(int signal) const;

  bool ended() const { return ended_; }
  // Exit status as a shell gives it: 128 + n for signal n. kUnknown until known.
  int code() const { return code_; }
  int pidfd() const { return pidfd_; }

  static constexpr int kUnknown = 255;

 private:
  int pidfd_ = -1;
  int pid_ = 0;
  bool ended_ = false;
  int code_ = kUnknown;
};

}  // namespace sampan
