// A tree of the host whose ids are mapped (mount_setattr(2), MOUNT_ATTR_IDMAP), mounted nowhere
// yet. Only who rules the file system's user namespace may do that, so it is the runtime's work.
#pragma once

#include <stdint.h>

#include <string>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

struct MappedTree {
  std::string source;
  bool recursive = false;      // with the mounts below
  bool map_recursive = false;  // and their ids mapped as well
  int user_namespace = -1;
  uint64_t propagation = 0;  // MS_*, for the whole tree; 0 for as it is
};

Result<UniqueFd> open_mapped_tree(const MappedTree& wanted);

}  // namespace sampan
