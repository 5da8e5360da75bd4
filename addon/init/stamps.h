// For `--trace`: when each step was done, in memory shared with the runtime.
#pragma once

#include <stdint.h>

#include "core/ticks.h"

namespace sampan::init {

// Written without system calls, which a filter may forbid. execve(2) takes the mapping away.
class Stamps {
 public:
  // Maps what is behind `fd`, with room for `count` steps. False with errno.
  bool open(int fd, uint32_t count);

  // Step `index` of the plan is done.
  void done(uint32_t index) {
    if (index < count_) __atomic_store_n(ends_ + index, ticks(), __ATOMIC_RELEASE);
  }

 private:
  uint64_t* ends_ = nullptr;
  uint32_t count_ = 0;
};

}  // namespace sampan::init
