// Where init waits: for the runtime's word, and for `start`.

#include <sys/socket.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {

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

Status run(Context& c, const wire::CloseDescriptors& s) {
  c.close_all(c.slot(s.start));
  return kOk;
}

Status run(Context& c, const wire::AwaitStart& s) {
  int listener = c.slot(s.start);
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
