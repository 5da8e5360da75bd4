#include "attend/process.h"

#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sampan {

bool AttendedProcess::open(uint32_t pid) {
  pid_ = static_cast<int>(pid);
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  return pidfd_ >= 0;
}

void AttendedProcess::reap() {
  for (;;) {
    siginfo_t info;
    info.si_pid = 0;
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL) != 0 || info.si_pid == 0) return;
    if (info.si_pid != pid_) continue;
    ended_ = true;
    code_ = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
  }
}

void AttendedProcess::send(int signal) const {
  syscall(SYS_pidfd_send_signal, pidfd_, signal, nullptr, 0);
}

}  // namespace sampan
