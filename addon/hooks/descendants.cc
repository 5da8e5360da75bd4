#include "hooks/descendants.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace sampan {
namespace {

// Pids mean something only in the pid namespace that this /proc was mounted for.
bool proc_is_own() {
  char self[16];
  const ssize_t n = readlink("/proc/self", self, sizeof self - 1);
  if (n <= 0) return false;
  self[n] = '\0';
  return strtol(self, nullptr, 10) == getpid();
}

void kill_children() {
  const int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  pid_t pid = 0;
  char buffer[256];
  for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) {
    for (ssize_t i = 0; i < n; i++) {
      if (buffer[i] >= '0' && buffer[i] <= '9') {
        pid = pid * 10 + (buffer[i] - '0');
        continue;
      }
      if (pid > 0) kill(pid, SIGKILL);
      pid = 0;
    }
  }
  close(fd);
}

}  // namespace

void end_descendants(pid_t leader) {
  kill(-leader, SIGKILL);
  kill(leader, SIGKILL);
  waitpid(leader, nullptr, 0);
  const bool finds = proc_is_own();
  for (int round = 0; round < 1000; round++) {
    pid_t reaped;
    while ((reaped = waitpid(-1, nullptr, WNOHANG)) > 0) continue;
    if (reaped < 0 || !finds) return;
    kill_children();
    const timespec pause{0, 1'000'000};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace sampan
