// Processes by pid and pidfd: signals, waiting, helper programs.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

Result<UniqueFd> open_pidfd(pid_t pid);
Result<bool> signal_pidfd(int pidfd, int signal);
// waitpid(2): the exit status as a shell gives it, 128+n for a signal.
Result<int> wait_for(pid_t pid);
// Lets children that end wait to be waited for, also where the caller ignores SIGCHLD: the kernel
// would throw their statuses away and give their pids to others (waitid(2)).
void keep_children();
// Whether the process behind `pidfd` ended within `ms` milliseconds.
Result<bool> wait_ended(int pidfd, int ms);

struct HelperOutcome {
  int status = 0;
  std::string output;  // what it wrote to stdout and stderr
};
// Runs the program at absolute path `path` with an empty environment and stdin /dev/null.
Result<HelperOutcome> run_helper(const std::string& path,
                                 const std::vector<std::string>& arguments);

}  // namespace sampan
