// The procfs that init writes to. No path that begins with /proc is ever looked up: what stands
// there may be the image's, or another container's (CVE-2019-16884, CVE-2019-19921,
// CVE-2025-52881).
#pragma once

#include <string_view>

#include "init/descriptor.h"
#include "init/status.h"

namespace sampan::init {

class Proc {
 public:
  // Opens one; `complete` where more than the processes is needed.
  Status open(bool complete);
  // Writes to the file `path` of it, in one write(2).
  Status write(const char* path, std::string_view value) const;
  // Writes to the file `path` of this process.
  Status write_own(const char* path, std::string_view value) const;

 private:
  Descriptor root_;
};

}  // namespace sampan::init
