// Moves descriptors to consecutive numbers. Async-signal-safe: used between clone and execve, where
// memory is shared with the engine.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace sampan {

// Places descriptors[i] at `first` + i, inherited over execve(2), and changes the array to the new
// numbers. Sources and destinations may overlap: all are moved out of the way first. False: errno.
inline bool place_descriptors(int* descriptors, int count, int first) {
  for (int i = 0; i < count; i++) {
    descriptors[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, first + count);
    if (descriptors[i] < 0) return false;
  }
  for (int i = 0; i < count; i++) {
    if (dup2(descriptors[i], first + i) < 0) return false;
    descriptors[i] = first + i;
  }
  return true;
}

}  // namespace sampan
