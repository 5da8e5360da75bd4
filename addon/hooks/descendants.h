// The end of a hook that took too long.
#pragma once

#include <sys/types.h>

namespace sampan {

// Kills and reaps the process group `leader`, then every process that comes to this one as their
// subreaper, for as long as any does (up to a second). /proc must show the own pid namespace; where
// it does not, that namespace is a new one and ends with its init.
void end_descendants(pid_t leader);

}  // namespace sampan
