#include "attend/hooks.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attend/complaint.h"
#include "hooks/hook.h"
#include "program/text.h"

namespace sampan {
namespace {

using Line = Text<2048>;

// What a hook wrote, on one line.
void add_output(Line* line, const char* output) {
  if (output[0] == '\0') return;
  *line << ": ";
  add_visible(line, output);
}

void tell(const wire::RunPoststopHook& step, const HookOutcome& outcome, const char* output) {
  using End = HookOutcome::End;
  if (outcome.end == End::kDone || outcome.end == End::kAbandoned) return;
  if (outcome.end == End::kRefused) {
    return complain("run the hook", step.path.data, outcome.syscall, outcome.number);
  }
  const auto number = static_cast<uint32_t>(outcome.number);
  Line line;
  line << "sampan: run the hook ";
  add_visible(&line, step.path.data);
  line << " [config.json " << step.pointer.data << "]";
  if (outcome.end == End::kExit) line << ": it ended with status " << number;
  if (outcome.end == End::kSignal) line << ": it was killed by signal " << number;
  if (outcome.end == End::kTimeout)
    line << ": it was killed after its timeout of " << number << " s";
  add_output(&line, output);
  line << '\n';
  write_fully(STDERR_FILENO, line.view());
}

}  // namespace

void run_poststop_hook(const wire::RunPoststopHook& step) {
  // In a process of its own: the helper may have inherited children that are no hook's.
  const pid_t pid = fork();
  if (pid < 0) return complain("run the hook", step.path.data, "fork", errno);
  if (pid == 0) {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    static HookOutput output;
    tell(step, run_hook(HookRequest(step), &output), output.text());
    _exit(0);
  }
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace sampan
