// The role that carries out a plan: reads it, checks it, runs it step by step, reports.

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <new>

#include "core/close_range.h"
#include "init/kernel.h"
#include "init/steps.h"
#include "program/end.h"
#include "program/roles.h"
#include "wire/plan.h"

namespace sampan::init {
namespace {

void end_by_signal(int signal) { end_process(128 + signal); }

// As pid 1 of a namespace a process ignores every signal it has no handler for (pid_namespaces(7)),
// and a container must end by `kill` from the moment there is a process to be killed. execve(2)
// takes the handlers away again.
bool is_ending(int signal) {
  static constexpr int kEnding[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                                    SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE};
  for (int ending : kEnding) {
    if (signal == ending) return true;
  }
  return false;
}

// The engine ignores some signals and had all blocked during the clone; both survive execve(2).
void reset_signals() {
  struct sigaction action = {};
  for (int signal = 1; signal < _NSIG; signal++) {
    action.sa_handler = is_ending(signal) ? end_by_signal : SIG_DFL;
    (void)sigaction(signal, &action, nullptr);
  }
  sigset_t none;
  sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Every step decodes and nothing is left over: checked before the first one runs.
bool is_well_formed(const unsigned char* data, size_t size) {
  wire::Plan plan(data, size);
  uint32_t op;
  wire::Reader body(nullptr, 0);
  while (plan.next(&op, &body)) {
    if (wire::dispatch_init(op, body, [](const auto&) { return 0; }) != 0) return false;
  }
  return plan.finished();
}

int carry_out(Context& context, const unsigned char* data, size_t size) {
  wire::Plan plan(data, size);
  uint32_t op;
  wire::Reader body(nullptr, 0);
  while (plan.next(&op, &body)) {
    Status status;
    int malformed = wire::dispatch_init(op, body, [&](const auto& step) {
      status = run(context, step);
      return 0;
    });
    if (malformed != 0) status = refused(malformed, "decode");
    if (status.ok()) {
      context.stamps.done(plan.index());
      continue;
    }
    context.runtime.send_failure(plan.index(), status);
    end_process(1);
  }
  return 0;
}

}  // namespace
}  // namespace sampan::init

int init_main(int argc, char** argv) {
  using namespace sampan::init;
  int socket = argc > 2 ? static_cast<int>(strtol(argv[2], nullptr, 10)) : -1;
  if (socket < 3) return 127;
  reset_signals();
  // What the container keeps lies below the socket; the rest must not survive execve(2), whatever
  // the caller had open (CVE-2024-21626).
  if (sampan::close_range_of(static_cast<unsigned>(socket), ~0u, CLOSE_RANGE_CLOEXEC) != 0)
    return 127;
  (void)prctl(PR_SET_NAME, "sampan:init");
  umask(0);
  const auto [plan, size, lists] = receive_plan(socket);
  if (plan == nullptr) return 1;
  // In static memory and never destroyed: the process ends by execve(2) or by _exit(2).
  alignas(Context) static unsigned char memory[sizeof(Context)];
  Context& context = *new (memory) Context(socket, lists);
  if (!is_well_formed(plan, size)) {
    context.runtime.send_failure(0, refused(EBADMSG, "decode"));
    return 1;
  }
  return carry_out(context, plan, size);
}
