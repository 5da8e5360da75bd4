#include "core/held_signals.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace sampan {
namespace {

pid_t process;
pid_t holder;

// The engine's other threads do not block the signal, so one of them gets it and passes it on.
void pass_on(int signal) { (void)syscall(SYS_tgkill, process, holder, signal); }

// Those that a person or a manager sends; the faults and SIGPIPE are about this process itself.
constexpr int kHeld[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,   SIGUSR1, SIGUSR2,
                         SIGALRM, SIGPOLL, SIGPROF, SIGVTALRM, SIGPWR,  SIGSTKFLT};

bool has_default_action(int signal) {
  struct sigaction action;
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_DFL;
}

}  // namespace

void hold_signals() {
  process = getpid();
  holder = static_cast<pid_t>(syscall(SYS_gettid));
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : kHeld) {
    if (has_default_action(signal)) sigaddset(&held, signal);
  }
  // Blocked here before there is a handler: this thread never runs it.
  pthread_sigmask(SIG_BLOCK, &held, nullptr);
  struct sigaction action = {};
  action.sa_handler = pass_on;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  for (const int signal : kHeld) {
    if (sigismember(&held, signal) == 1) (void)sigaction(signal, &action, nullptr);
  }
}

}  // namespace sampan
