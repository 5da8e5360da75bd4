// The static program as a sealed memfd: executable, and writable by nobody ever again. No path of
// the host's binary exists in a container (CVE-2019-5736).
#pragma once

#include <stddef.h>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

struct ProgramBytes {
  const unsigned char* data;
  size_t size;
};

// The embedded program.
ProgramBytes static_program();

// A sealed copy, the same each time; the descriptor is close-on-exec and stays open.
Result<int> sealed_program();

// `size` bytes at `data` as a sealed memfd called `name`.
Result<UniqueFd> sealed_memory(const char* name, const void* data, size_t size, bool executable);

}  // namespace sampan
