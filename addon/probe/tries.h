// What is tried of the kernel for `sampan check`, each in a process of its own that makes nothing
// which outlives it.
#pragma once

#include <errno.h>

namespace sampan::probe {

// nullptr, or the name of the system call that failed (errno).
using Act = const char* (*)();

struct Try {
  const char* name;
  // CLONE_NEW* that are made first; where the caller has no privileges, after CLONE_NEWUSER.
  unsigned long namespaces;
  // nullptr where the namespaces are what is tried.
  Act act;
};

// By name, in the order of their lines; the last one has no name.
const Try* calls();
const Try* mounts();

}  // namespace sampan::probe
