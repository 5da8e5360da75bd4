// setns(2) by pidfd for kernels before Linux 5.8, which take one namespace at a time.
#pragma once

#include <stdint.h>

namespace sampan::init {

// Enters the namespaces `flags` (CLONE_NEW*) of the process `pid` behind `pidfd`. -1 with errno.
int enter_each(int pidfd, uint32_t pid, uint32_t flags);

}  // namespace sampan::init
