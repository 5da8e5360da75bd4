#include "attend/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sampan {
namespace {

// The kernel's own form of a set: a C library's leaves out the real-time signals it keeps for
// itself, and one of those would end the helper.
using KernelSet = uint64_t;

constexpr KernelSet bit(int signal) { return KernelSet{1} << (signal - 1); }

bool is_ignored(int signal) {
  struct sigaction action;
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

bool SignalQueue::open(bool terminal) {
  // An inherited SIG_IGN would make the kernel throw the children's statuses away (waitid(2)).
  signal(SIGCHLD, SIG_DFL);
  hangup_ignored_ = is_ignored(SIGHUP);

  KernelSet blocked = ~KernelSet{0};
  if (terminal) {
    blocked &= ~(bit(SIGTTIN) | bit(SIGTTOU));
    blocked &= ~(bit(SIGSEGV) | bit(SIGBUS) | bit(SIGFPE) | bit(SIGILL));
  }
  if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, nullptr, sizeof blocked) != 0)
    return false;
  fd_ = static_cast<int>(
      syscall(SYS_signalfd4, -1, &blocked, sizeof blocked, SFD_CLOEXEC | SFD_NONBLOCK));
  return fd_ >= 0;
}

int SignalQueue::next() const {
  signalfd_siginfo info;
  ssize_t n;
  do {
    n = read(fd_, &info, sizeof info);
  } while (n < 0 && errno == EINTR);
  return n == static_cast<ssize_t>(sizeof info) ? static_cast<int>(info.ssi_signo) : 0;
}

bool SignalQueue::forwards(int signal) const {
  switch (signal) {
    case SIGCHLD:
    case SIGWINCH:
    case SIGURG:
    case SIGPIPE:
      return false;
    case SIGHUP:
      return !hangup_ignored_;
    default:
      return true;
  }
}

}  // namespace sampan
