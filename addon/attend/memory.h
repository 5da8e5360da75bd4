// What the kernel tells of a cgroup that ran out of memory.
#pragma once

namespace sampan {

// Whether memory.events at `path` counts a process that was killed for want of memory. False where
// there is no such file.
bool killed_for_memory(const char* path);

}  // namespace sampan
