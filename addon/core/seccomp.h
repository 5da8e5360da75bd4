// A seccomp profile as numbers and names, and its compilation to a classic BPF program.
//
// Nothing here touches the calling process: the program is loaded later, by the static init, as
// its last act before execve(2).

#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>
#include <vector>

namespace sampan {

// Values of libseccomp's enum scmp_compare, which the names of the specification are.
enum class Comparison : uint32_t { kNe = 1, kLt, kLe, kEq, kGe, kGt, kMaskedEq };

// Whose programs the kernel runs: x86_64, x32 and i386, or aarch64 and arm.
enum class Machine : uint8_t { kX86, kArm };

#if defined(__x86_64__)
inline constexpr Machine kThisMachine = Machine::kX86;
#elif defined(__aarch64__)
inline constexpr Machine kThisMachine = Machine::kArm;
#else
#error "the tables of system calls are for x86-64 and aarch64"
#endif

struct SeccompCondition {
  // 0 to 5.
  uint32_t argument;
  Comparison comparison;
  // The mask of kMaskedEq.
  uint64_t value;
  // What kMaskedEq compares the masked argument with.
  uint64_t value_two;
};

// One entry of `linux.seccomp.syscalls`: every one of `names` gets `action` where the arguments
// meet all `conditions`; any of them when two conditions name the same argument, as in runc.
struct SeccompRule {
  // A SECCOMP_RET_* value, its data (errno or tracer message) included.
  uint32_t action;
  std::span<const char* const> names;
  std::span<const SeccompCondition> conditions;
};

// `linux.seccomp` with every default resolved. It borrows all it points to.
struct SeccompProfile {
  uint32_t default_action;
  // `x86_64`, `aarch64` and so on. The machine's own need not be among them; it is always part of
  // the filter. Those of other machines leave no trace in it.
  std::span<const char* const> architectures;
  std::span<const SeccompRule> rules;
  // Answer ENOSYS to a call whose number is above every number that the profile's names have on
  // its architecture, for the listed architectures only. Without it a C library that probes for a
  // new call sees EPERM and does not fall back (runc#2151).
  bool enosys_above_newest;
};

struct SeccompProgram {
  std::vector<sock_filter> instructions;
  // Names of no call of any architecture in the table, in the order of the profile. Their rules are
  // left out.
  std::vector<const char*> unknown;
};

// Compiles `profile` for a kernel of `machine`. Of the rules for one call
//  * the first without conditions wins over all others, as with libseccomp;
//  * else the first whose conditions hold wins;
//  * one without conditions and with the default action says nothing and is left out, as in runc.
// What stands behind socketcall(2) or ipc(2) on i386 is decided by the rules for these two, and
// then by those for the calls behind them: there no argument can be seen, so of the actions that a
// call might get it gets the strictest (CVE-2026-123876).
SeccompProgram compile_seccomp(const SeccompProfile& profile, Machine machine = kThisMachine);

}  // namespace sampan
