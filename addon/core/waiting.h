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
// Has the kernel tell of pressure that is as `trigger` says, by a descriptor of the file `path`
// (Documentation/accounting/psi.rst).
Result<UniqueFd> watch_pressure(const std::string& path, const std::string& trigger);
// Those of `watch`, of files, and of `triggers`, of pressure, that tell something within `ms`
// milliseconds, or have since the last look.
Result<std::vector<int>> wait_for_change(int watch, const std::vector<int>& triggers, int ms);

// From now on SIGINT, SIGTERM and SIGHUP do not end this process; a program that it executes is
// ended by them.
void outlive_signals();

}  // namespace sampan
