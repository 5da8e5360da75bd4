// Processes in a cgroup and in those below it.
#pragma once

#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

// Pids in the cgroup behind `directory` and below. What disappears meanwhile is passed over.
Result<std::vector<int>> processes_in_tree(int directory);
// The directory of the one of them that process `pid` is in; none where it is in no such.
Result<UniqueFd> cgroup_of_process(int directory, int pid);

}  // namespace sampan
