// A clock that is read without a system call.
#pragma once

#include <stdint.h>

namespace sampan {

// The processor's counter, which no namespace shifts and which a process may read that has every
// system call forbidden. Of its rate it is known only that it is the same everywhere and always.
inline uint64_t ticks() {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t count;
  asm volatile("mrs %0, cntvct_el0" : "=r"(count));
  return count;
#else
#error "ticks() is written for x86-64 and aarch64"
#endif
}

}  // namespace sampan
