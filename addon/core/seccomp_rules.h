// The part of a seccomp filter that libseccomp makes: rules with conditions, and the calls that an
// architecture has behind socketcall(2) or ipc(2).
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

#include "core/seccomp.h"

namespace sampan {

struct SeccompArchitecture {
  // A SCMP_ARCH_* value.
  uint32_t token;
  // Index into `SeccompProfile::architectures`, or SeccompError::kNone for a native one that the
  // profile does not list.
  int listed;
};

// One name of a rule.
struct SeccompName {
  // Index into `SeccompProfile::rules`.
  int rule;
  // Native number, which libseccomp translates for the other architectures.
  int number;
  const char* text;
};

// Appends a program for `names` on one architecture, which answers every number. It must be reached
// with the number in the accumulator and from that architecture only. False with
// `error` filled where libseccomp refuses.
bool append_rules(const SeccompProfile& profile, SeccompArchitecture architecture,
                  const std::vector<SeccompName>& names, std::vector<sock_filter>* program,
                  SeccompError* error);

}  // namespace sampan
