// Hooks in the namespaces that init is in: the container's, or, of an init that was cloned without
// any, the runtime's.

#include <sys/prctl.h>

#include "hooks/hook.h"
#include "init/kernel.h"
#include "init/steps.h"
#include "program/end.h"

namespace sampan::init {
namespace {

// A hook of startContainer may be a program of the container's, and with its rights look into
// /proc/1: nothing of the host is open there any more (CVE-2024-21626).
void hide(Context& c) {
  (void)prctl(PR_SET_DUMPABLE, 0);
  c.close_all(c.runtime.socket());
}

Status status_of(const HookOutcome& outcome, const wire::RunHook& s, const char* output) {
  using End = HookOutcome::End;
  switch (outcome.end) {
    case End::kDone:
      return kOk;
    case End::kRefused:
      return {outcome.number, outcome.syscall, s.path.data, nullptr, s.pointer.data};
    case End::kExit:
      return {outcome.number, "exit", s.path.data, output, s.pointer.data};
    case End::kSignal:
      return {outcome.number, "signal", s.path.data, output, s.pointer.data};
    case End::kTimeout:
      return {outcome.number, "timeout", s.path.data, output, s.pointer.data};
    case End::kAbandoned:
      break;
  }
  end_process(1);
}

}  // namespace

Status run(Context& c, const wire::RunHook& s) {
  static HookOutput output;
  HookRequest request(s);
  if (s.in_root) request.directory_descriptor = c.root.fd();
  if (s.bound) request.bound = c.runtime.socket();
  request.container = c.slot(s.container);
  if (s.hide) hide(c);
  return status_of(run_hook(request, &output), s, output.text());
}

}  // namespace sampan::init
