#include "attend/attend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attend/cleanup.h"
#include "attend/complaint.h"
#include "attend/hooks.h"
#include "attend/memory.h"
#include "attend/process.h"
#include "attend/signals.h"
#include "attend/terminal_relay.h"
#include "attend/trace.h"
#include "core/close_range.h"
#include "program/roles.h"
#include "wire/plan.h"

namespace sampan {
namespace {

// Waits for a process, forwarding signals, and serves a relay when there is one.
class Attendance {
 public:
  // The process's exit status. Signals are blocked when this begins.
  int wait(uint32_t pid) {
    if (!process_.open(pid)) {
      complain("wait for the container", "", "pidfd_open", errno);
      return AttendedProcess::kUnknown;
    }
    process_.reap();
    while (!process_.ended()) turn();
    return process_.code();
  }

  // The same, with the pseudo-terminal behind `master`.
  int wait(uint32_t pid, int master) {
    static TerminalRelay relay;
    relay_ = &relay;
    relay.open(master);
    const int code = wait(pid);
    relay.finish();
    while (!relay.finished() && !interrupted_) turn();
    relay.restore();
    return code;
  }

  bool open_signals(bool terminal) {
    if (signals_.open(terminal)) return true;
    complain("forward signals", "", "signalfd", errno);
    return false;
  }

 private:
  void turn() {
    pollfd fds[2 + TerminalRelay::kInterests] = {
        {signals_.fd(), POLLIN, 0},
        {process_.ended() ? -1 : process_.pidfd(), POLLIN, 0},
    };
    nfds_t count = 2;
    if (relay_ != nullptr) {
      relay_->interests(fds + 2);
      count += TerminalRelay::kInterests;
    }
    // What the terminal holds when the process has ended is there already: no waiting for more.
    const bool drains = process_.ended() && fds[4].fd < 0;
    if (poll(fds, count, drains ? 0 : -1) < 0) return;
    if (relay_ != nullptr) relay_->serve(fds + 2);
    while (const int signal = signals_.next()) deliver(signal);
    process_.reap();
    if (fds[1].revents != 0 && !process_.ended()) {
      complain("wait for the container", "", "waitid", ECHILD);
      process_.give_up();
    }
  }

  void deliver(int signal) {
    if (relay_ != nullptr && signal == SIGWINCH) relay_->resize();
    if (relay_ != nullptr && signal == SIGCONT) relay_->resume();
    if (!signals_.forwards(signal)) return;
    // With the container gone, a signal can only mean the helper, which waits for its reader.
    if (process_.ended() && signal != SIGCONT) interrupted_ = true;
    process_.send(signal);
  }

  TerminalRelay* relay_ = nullptr;
  SignalQueue signals_;
  AttendedProcess process_;
  bool interrupted_ = false;
};

// Of all descriptors above stderr, the first `slots` of the plan stay.
void keep_slots(uint32_t slots) {
  const unsigned first = kAttendFirstSlot;
  (void)close_range_of(first, ~0u, CLOSE_RANGE_CLOEXEC);
  (void)close_range_of(first + slots, ~0u, 0);
}

int descriptor_of(wire::Slot slot) { return kAttendFirstSlot + static_cast<int>(slot.index); }

// Reads every step before the first is carried out, so that a malformed plan changes nothing.
struct Check {
  uint32_t slots = 0;

  template <class Step>
  int operator()(const Step&) const {
    return 0;
  }
  int operator()(const wire::RelayTerminal& step) { return count(step.master); }
  int operator()(const wire::LockDirectory& step) { return count(step.directory); }
  int operator()(const wire::TraceSteps& step) { return count(step.file); }
  void done() {}

 private:
  int count(wire::Slot slot) {
    if (slot.index >= kAttendMostSlots) return EBADF;
    if (slot.index >= slots) slots = slot.index + 1;
    return 0;
  }
};

struct Execute {
  int code = AttendedProcess::kUnknown;
  // Whether the container is still the one that was waited for.
  bool is_own = true;
  Trace trace;

  void done() { trace.step_done(); }

  int operator()(const wire::TraceSteps& step) {
    trace.begin(step, descriptor_of(step.file));
    return 0;
  }

  int operator()(const wire::WaitProcess& step) {
    Attendance attendance;
    if (attendance.open_signals(false)) code = attendance.wait(step.pid);
    trace.exited(code);
    return 0;
  }

  int operator()(const wire::RelayTerminal& step) {
    Attendance attendance;
    if (attendance.open_signals(true)) {
      code = attendance.wait(step.pid, descriptor_of(step.master));
    }
    trace.exited(code);
    return 0;
  }

  int operator()(const wire::TellOfMemory& step) {
    if (code == 128 + SIGKILL && killed_for_memory(step.events.data)) tell(step.text.data);
    return 0;
  }

  int operator()(const wire::LockDirectory& step) {
    is_own = lock_directory(step.path.data, descriptor_of(step.directory));
    return 0;
  }
  int operator()(const wire::KillCgroup& step) {
    if (is_own) kill_cgroup(step.path.data);
    return 0;
  }
  int operator()(const wire::RemoveCgroup& step) {
    if (is_own) remove_cgroup(step.path.data, step.unit);
    return 0;
  }
  int operator()(const wire::RemoveUnused& step) {
    remove_unused(step.path.data);
    return 0;
  }
  int operator()(const wire::RemoveDirectory& step) {
    if (is_own) remove_directory(step.path.data);
    return 0;
  }
  int operator()(const wire::RunPoststopHook& step) {
    if (is_own) run_poststop_hook(step);
    return 0;
  }
};

template <class Handler>
bool each_step(const unsigned char* data, size_t size, Handler& handler) {
  wire::Plan plan(data, size);
  wire::Reader body(nullptr, 0);
  for (uint32_t op; plan.next(&op, &body);) {
    if (wire::dispatch_attend(op, body, handler) != 0) return false;
    handler.done();
  }
  return plan.finished();
}

}  // namespace

int attend(const unsigned char* plan, size_t size) {
  Check check;
  if (!each_step(plan, size, check)) {
    complain("read the attend plan", "", "decode", EBADMSG);
    return 1;
  }
  keep_slots(check.slots);
  Execute execute;
  each_step(plan, size, execute);
  execute.trace.finish();
  return execute.code;
}

}  // namespace sampan

int attend_main(int, char**) {
  using namespace sampan;
  prctl(PR_SET_NAME, "sampan");
  // Processes that outlive the container's first one, when it has no pid namespace of its own,
  // are to be waited for by somebody (as under runc).
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct stat about;
  if (fstat(kAttendPlanDescriptor, &about) != 0 || about.st_size <= 0) {
    complain("read the attend plan", "", "fstat", errno != 0 ? errno : EBADMSG);
    return 1;
  }
  const auto size = static_cast<size_t>(about.st_size);
  void* plan = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, kAttendPlanDescriptor, 0);
  if (plan == MAP_FAILED) {
    complain("read the attend plan", "", "mmap", errno);
    return 1;
  }
  close(kAttendPlanDescriptor);
  return attend(static_cast<const unsigned char*>(plan), size);
}
