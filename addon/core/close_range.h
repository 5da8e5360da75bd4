// close_range(2), also where the kernel or the seccomp filter of an outer container has none.
// Async-signal-safe: used between clone and execve, where memory is shared with the engine.
#pragma once

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

namespace sampan {

// Like close_range(2): -1 with errno.
int close_range_of(unsigned first, unsigned last, unsigned flags);

}  // namespace sampan
