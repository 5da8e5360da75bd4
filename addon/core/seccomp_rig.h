// For the tests of seccomp: profiles that own what they name, and what their filters answer.
#pragma once

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <string>

#include "core/bpf_interpreter.h"
#include "core/seccomp.h"

namespace seccomp_rig {

using sampan::Comparison;
using sampan::SeccompProfile;
using sampan::SeccompProgram;
using sampan::SeccompRule;
using Names = std::vector<const char*>;
using Conditions = std::vector<sampan::SeccompCondition>;

constexpr uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr uint32_t kKill = SECCOMP_RET_KILL_THREAD;
constexpr uint32_t kEperm = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t kEnosys = SECCOMP_RET_ERRNO | ENOSYS;
constexpr uint32_t kX86_64 = AUDIT_ARCH_X86_64;
constexpr uint32_t kAarch64 = AUDIT_ARCH_AARCH64;
constexpr uint32_t kArm = AUDIT_ARCH_ARM;
constexpr uint32_t kI386 = AUDIT_ARCH_I386;
constexpr uint32_t kX32Bit = 0x40000000;
constexpr uint64_t kHigh = 1ULL << 32;

inline int failures = 0;

// What `got` is, in words, when it is not `expected`.
inline void expect(const std::string& what, uint64_t got, uint64_t expected) {
  if (got == expected) return;
  ++failures;
  fprintf(stderr, "FAILED %s: got %#llx, expected %#llx\n", what.c_str(),
          static_cast<unsigned long long>(got), static_cast<unsigned long long>(expected));
}

// One rule that owns what it names.
struct Rule {
  uint32_t action;
  Names names;
  Conditions conditions = {};
};

struct Profile {
  uint32_t default_action = kEperm;
  Names architectures = {"x86_64", "aarch64"};
  std::vector<Rule> rules = {};
  bool enosys = false;
};

inline SeccompProgram compiled(const Profile& profile,
                               sampan::Machine machine = sampan::kThisMachine) {
  std::vector<SeccompRule> rules;
  for (const Rule& rule : profile.rules) {
    rules.push_back({rule.action, rule.names, rule.conditions});
  }
  return sampan::compile_seccomp(
      {profile.default_action, profile.architectures, rules, profile.enosys}, machine);
}

struct Call {
  const char* what;
  uint32_t architecture;
  uint32_t number;
  uint32_t answer;
  uint64_t arguments[6] = {};
};

inline uint32_t answer(const SeccompProgram& program, const Call& call) {
  seccomp_data data = {};
  data.nr = static_cast<int>(call.number);
  data.arch = call.architecture;
  for (int i = 0; i < 6; ++i) data.args[i] = call.arguments[i];
  return bpf::run(program.instructions, data);
}

inline void check(const char* promise, const Profile& profile, const std::vector<Call>& calls) {
  const SeccompProgram on_x86 = compiled(profile, sampan::Machine::kX86);
  const SeccompProgram on_arm = compiled(profile, sampan::Machine::kArm);
  for (const Call& call : calls) {
    const bool arm = call.architecture == kAarch64 || call.architecture == kArm;
    const SeccompProgram& program = arm ? on_arm : on_x86;
    expect(std::string(promise) + ": " + call.what, answer(program, call), call.answer);
  }
}

// Exit status of a test.
inline int finish(const char* name) {
  if (failures == 0) printf("%s: all promises kept\n", name);
  return failures == 0 ? 0 : 1;
}

}  // namespace seccomp_rig
