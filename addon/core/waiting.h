// Waiting without an event loop.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

// nanosleep(2).
void pause_for(int ms);

// Has the kernel tell of changes of these files by a descriptor (inotify(7)). One that is not there
// never changes.
Result<UniqueFd> watch_files(const std::vector<std::string>& paths);
// Whether a watched file changed within `ms` milliseconds, or since the last look.
Result<bool> wait_for_change(int watch, int ms);

// From now on SIGINT, SIGTERM and SIGHUP do not end this process; a program that it executes is
// ended by them.
void outlive_signals();

}  // namespace sampan
