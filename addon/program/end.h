// The end of the process where a system call filter may already be loaded.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

namespace sampan {

// A filter can refuse exit_group(2) too; _exit(2) would then try for ever.
[[noreturn]] inline void end_process(int status) {
  (void)syscall(SYS_exit_group, status);
  __builtin_trap();
}

}  // namespace sampan
