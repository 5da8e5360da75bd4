// Where init waits: for the runtime's word, and for `start`.

#include <signal.h>
#include <sys/socket.h>

#include "init/kernel.h"
#include "init/steps.h"
#include "program/end.h"

namespace sampan::init {
namespace {

void end_by_signal(int signal) { end_process(128 + signal); }

// As pid 1 of a namespace a process ignores every signal it has no handler for (pid_namespaces(7)),
// and a created container must still end by `kill`. execve(2) takes the handlers away again.
void make_killable() {
  struct sigaction action = {};
  action.sa_handler = end_by_signal;
  static constexpr int kEnding[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                                    SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE};
  for (int signal : kEnding) {
    (void)sigaction(signal, &action, nullptr);
  }
}

}  // namespace

Status run(Context& c, const wire::ReportReady&) {
  Status status = c.runtime.send(Report::kReady);
  if (!status.ok()) return status;
  c.runtime.await_go();
  return kOk;
}

Status run(Context& c, const wire::AwaitRuntime&) {
  Status status = c.runtime.send(Report::kReached);
  if (!status.ok()) return status;
  c.runtime.await_go();
  return kOk;
}

Status run(Context& c, const wire::AwaitStart& s) {
  make_killable();
  int listener = c.slot(s.start);
  // A process of exec may look into /proc/1 meanwhile: nothing of the host is left open for it
  // (CVE-2024-21626).
  c.close_all(listener);
  int connection;
  do {
    connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  } while (connection < 0 && (errno == EINTR || errno == ECONNABORTED));
  if (connection < 0) return failed("accept", "start.sock");
  close(listener);
  c.runtime.move_to(connection);
  return kOk;
}

}  // namespace sampan::init
