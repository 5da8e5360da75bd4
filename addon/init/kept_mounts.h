// Mounts that later steps come back to. Somebody who can rename directories of the root exchanges a
// mount point for another directory; whoever resolves /proc/kcore from the root by then masks that
// one, and the procfs is there under another name, bare.
#pragma once

#include "init/root.h"
#include "wire/reader.h"

namespace sampan::init {

class KeptMounts {
 public:
  // From now on what is mounted on one of these is kept.
  void want(const wire::StrList& targets) { wanted_ = targets; }
  // Told of each mount; a negative one is known by its path alone.
  Status mounted(const char* target, int mount);
  // As Root::open of what exists (O_PATH), from the last mount whose target leads to `path`.
  // `itself`: it is that mount's own root, whatever lies over it by now.
  Status open(const Root& root, const char* path, Descriptor* out, bool* itself = nullptr) const;

 private:
  static constexpr unsigned kMost = 512;
  struct Kept {
    const char* target;
    Root mount;
  };

  bool wants(const char* target) const;

  wire::StrList wanted_ = {};
  Kept kept_[kMost];
  unsigned count_ = 0;
};

}  // namespace sampan::init
