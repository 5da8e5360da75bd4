// The program that decides which devices the processes of a cgroup may use (bpf(2),
// BPF_PROG_TYPE_CGROUP_DEVICE).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/result.h"

namespace sampan {

// Loads `program`, `size` bytes of struct bpf_insn, and attaches it to the cgroup behind the
// directory `cgroup`. One that an earlier container of this program left there is taken away;
// those of others stay, and an access needs the consent of all. What the verifier said of a program
// that it refused is the error's path.
Result<bool> attach_device_filter(int cgroup, const uint8_t* program, size_t size);

}  // namespace sampan
