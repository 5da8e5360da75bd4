// clone3(2) whose child runs on a stack of its own, so that it may share the caller's memory; by
// clone(2) where the kernel, or the seccomp filter of an outer container, has no clone3(2).
#pragma once

#include <errno.h>
#include <linux/sched.h>
#include <stddef.h>
#include <stdint.h>

// Like clone3(2); the child calls `run(argument)`, which must not return. -errno on failure.
extern "C" long sampan_clone3(struct clone_args* args, size_t size, void (*run)(void*),
                              void* argument);
// Like clone(2) without CLONE_SETTLS; `stack` is its end. With CLONE_PIDFD `parent_tid` is where
// the pidfd goes.
extern "C" long sampan_clone(uint64_t flags, void* stack, void* parent_tid, void* child_tid,
                             void (*run)(void*), void* argument);

namespace sampan {

// Whether clone(2) can be tried with these arguments, `error` being what clone3(2) gave: E2BIG is
// for fields that are newer than the kernel, EPERM from old filters too. What clone(2) cannot say
// are the new flags, and CLONE_NEWTIME, which lies where it has the signal.
inline bool may_clone_without_3(const clone_args& args, long error) {
  if (error != -ENOSYS && error != -EPERM && error != -E2BIG) return false;
  return (args.flags & CSIGNAL) == 0 && (args.flags >> 32) == 0;
}

inline long clone_call(clone_args* args, void (*run)(void*), void* argument) {
  const long pid = sampan_clone3(args, sizeof *args, run, argument);
  if (pid >= 0 || !may_clone_without_3(*args, pid)) return pid;
  const bool pidfd = (args->flags & CLONE_PIDFD) != 0;
  return sampan_clone(args->flags | args->exit_signal,
                      reinterpret_cast<void*>(args->stack + args->stack_size),
                      reinterpret_cast<void*>(pidfd ? args->pidfd : args->parent_tid),
                      reinterpret_cast<void*>(args->child_tid), run, argument);
}

}  // namespace sampan
