// Starts init: one clone3(2) with the new namespaces, then execve of the sealed program, without
// copying the engine's memory.
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "core/process.h"
#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

struct SpawnOptions {
  uint64_t flags = 0;      // CLONE_NEW*
  int cgroup = -1;         // directory of the cgroup to be born in
  int preserve = 0;        // descriptors 3 … 3+preserve-1 stay open in the child
  std::vector<int> slots;  // placed right after the socket
};

struct Spawned {
  pid_t pid = -1;
  UniqueFd pidfd;
  UniqueFd socket;
};

// Blocks until the child has executed init.
Result<Spawned> spawn_init(const SpawnOptions& options);

// Replaces this process by the static program in its foreground role, with `plan` at descriptor 3
// and `slots` from 4 on. Returns only on failure.
Error become_helper(const void* plan, size_t size, const std::vector<int>& slots);

// Runs the static program in the role and with what else `arguments` say, and waits for it.
Result<HelperOutcome> run_program(const std::vector<std::string>& arguments);

}  // namespace sampan
