// The system call filter, and its listener where calls are for an agent to decide
// (seccomp_unotify(2)).

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>

#include "core/clone_call.h"
#include "init/kernel.h"
#include "init/steps.h"
#include "program/end.h"

namespace sampan::init {
namespace {

int load(uint32_t flags, const sock_fprog& program) {
  return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}

// With the filter loaded any call of this thread may wait for an agent that does not have the
// listener yet, be it the sendmsg(2) that hands it over. So a second thread, begun before and
// without the filter, does that, and this one makes no call until it is gone.
class HandOver {
 public:
  explicit HandOver(Channel* runtime) : runtime_(runtime) {}

  // False with errno set.
  bool begin() {
    alignas(16) static char stack[16384];
    clone_args args = {};
    args.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_THREAD |
                 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    args.parent_tid = args.child_tid = reinterpret_cast<uint64_t>(&alive_);
    args.stack = reinterpret_cast<uint64_t>(stack);
    args.stack_size = sizeof stack;
    const long tid = clone_call(&args, run, this);
    if (tid < 0) errno = static_cast<int>(-tid);
    return tid >= 0;
  }

  // `listener` is negative when there is none. Returns when the runtime has passed it on.
  void finish(int listener) {
    __atomic_store_n(&listener_, listener, __ATOMIC_RELEASE);
    while (__atomic_load_n(&alive_, __ATOMIC_ACQUIRE) != 0) relax();
  }

 private:
  static constexpr int kPending = -2;

  static void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    asm volatile("yield");
#endif
  }

  static void run(void* self) { static_cast<HandOver*>(self)->pass_on(); }

  [[noreturn]] void pass_on() {
    int listener;
    while ((listener = __atomic_load_n(&listener_, __ATOMIC_ACQUIRE)) == kPending) sched_yield();
    if (listener >= 0) {
      if (!runtime_->send(Report::kListener, 0, listener).ok()) end_process(1);
      // A descriptor that stays open here would keep calls waiting when the agent is gone.
      close(listener);
      runtime_->await_go();
    }
    for (;;) (void)syscall(SYS_exit, 0);
  }

  Channel* runtime_;
  int listener_ = kPending;
  pid_t alive_ = 0;
};

Status load_with_listener(Context& c, uint32_t flags, const sock_fprog& program) {
  HandOver hand_over(&c.runtime);
  if (!hand_over.begin()) return failed("clone3");
  const int listener = load(flags, program);
  const Status status = listener < 0 ? failed("seccomp") : kOk;
  hand_over.finish(listener < 0 ? -1 : listener);
  return status;
}

}  // namespace

Status run(Context& c, const wire::LoadSeccomp& s) {
  if (s.filter.size == 0 || s.filter.size % sizeof(sock_filter) != 0) {
    return refused(EINVAL, "seccomp");
  }
  // The length has 16 bits: a filter that long would be loaded cut short.
  if (s.filter.size / sizeof(sock_filter) > BPF_MAXINSNS) {
    return refused(EINVAL, "seccomp", nullptr, "the filter has more than 4096 instructions");
  }
  sock_fprog program = {};
  program.len = static_cast<unsigned short>(s.filter.size / sizeof(sock_filter));
  program.filter = reinterpret_cast<sock_filter*>(const_cast<unsigned char*>(s.filter.data));
  if ((s.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0) {
    return load_with_listener(c, s.flags, program);
  }
  return load(s.flags, program) == 0 ? kOk : failed("seccomp");
}

}  // namespace sampan::init
