// openat2(2) with RESOLVE_IN_ROOT for kernels and outer containers that do not have it.
#pragma once

#include <stdint.h>

namespace sampan::init {

// Opens `path` with the directory `root` as /, `flags` as in open(2), `resolve` as in openat2(2)
// (RESOLVE_NO_SYMLINKS and RESOLVE_NO_XDEV count). No link is ever followed by the kernel: each is
// read and its text resolved in the root, those of procfs that are none of text are refused. `..`
// goes to where the way came from, so that a directory moved meanwhile leads nowhere else.
// -1 with errno; EAGAIN where something was exchanged on the way.
int walk(int root, const char* path, int flags, uint64_t resolve);

// openat2(2), or the walk where there is none; `how` has RESOLVE_IN_ROOT or RESOLVE_BENEATH.
int resolve(int root, const char* path, int flags, uint64_t how);

}  // namespace sampan::init
