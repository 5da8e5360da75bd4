// A seccomp profile as numbers and names, and its compilation to a classic BPF program.
//
// Nothing here touches the calling process: the program is loaded later, by the static init, as
// its last act before execve(2).

#pragma once

#include <linux/filter.h>
#include <seccomp.h>

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sampan {

// One entry of `linux.seccomp.syscalls`: every one of `names` gets `action` where the arguments
// meet all `conditions` (any of them when two conditions name the same argument, because
// libseccomp holds one condition for an argument; runc splits such a rule in the same way). For one
// call, a rule without conditions wins over those with, and the first of two without wins.
struct SeccompRule {
  // A SCMP_ACT_* value, its data (errno or tracer message) included.
  uint32_t action;
  std::span<const char* const> names;
  std::span<const scmp_arg_cmp> conditions;
};

// `linux.seccomp` with every default resolved. It borrows all it points to.
struct SeccompProfile {
  uint32_t default_action;
  // libseccomp's names (`x86_64`, `aarch64`). The native architecture need not be among them; it
  // is always part of the filter.
  std::span<const char* const> architectures;
  std::span<const SeccompRule> rules;
  // Answer ENOSYS to a call whose number is above every number that the profile's names have on
  // its architecture, for the listed architectures only. Without it a C library that probes for a
  // new call sees EPERM and does not fall back (runc#2151).
  bool enosys_above_newest;
};

struct SeccompProgram {
  std::vector<sock_filter> instructions;
  // Names that libseccomp does not know on any architecture, in the order of the profile. Their
  // rules are left out.
  std::vector<const char*> unknown;
};

struct SeccompError {
  static constexpr int kNone = -1;
  // What refused: a function of libseccomp or a system call.
  const char* call;
  // A positive errno.
  int error;
  // Index into `SeccompProfile::rules`, or kNone.
  int rule = kNone;
  // Index into `SeccompProfile::architectures`, or kNone.
  int architecture = kNone;
};

// Compiles `profile`. Rules whose action is the default one are left out, as libseccomp does not
// take them and runc skips them. Errors: EINVAL for an architecture, action or argument that
// libseccomp does not know; EEXIST for rules with conditions that contradict each other; E2BIG for
// more instructions than the kernel loads (BPF_MAXINSNS).
std::variant<SeccompProgram, SeccompError> compile_seccomp(const SeccompProfile& profile);

}  // namespace sampan
