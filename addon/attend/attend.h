// The helper that stays with a foreground container: it is what the runtime's process becomes
// (execve(2), same pid, hence the container's parent) once TypeScript has nothing left to do.
//
// At its start: argv ["sampan", "attend"]; the encoded attend plan at descriptor 3, slot i of the
// plan at descriptor 4 + i; stdin, stdout and stderr the caller's.
#pragma once

#include "wire/reader.h"

namespace sampan {

inline constexpr int kAttendPlanDescriptor = 3;
inline constexpr int kAttendFirstSlot = 4;
inline constexpr uint32_t kAttendMostSlots = 4;

// Carries out a plan's steps in their order. Returns the container's exit status (128 + n when
// signal n ended it), 255 when that cannot be known, 1 for a plan that cannot be read.
int attend(const unsigned char* plan, size_t size);

}  // namespace sampan
