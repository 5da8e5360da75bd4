// For the tests of seccomp: profiles made of choices, and what they say of a call, asked without
// BPF.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/seccomp.h"
#include "core/seccomp_rig.h"
#include "core/system_calls.h"

namespace seccomp_rig {

using sampan::SeccompCondition;

// Where choices come from: `pick(n)` is a number below n.
class Choices {
 public:
  virtual ~Choices() = default;
  virtual uint64_t pick(uint64_t below) = 0;
  bool coin() { return pick(2) == 1; }
  template <class Item, size_t kSize>
  Item of(const Item (&items)[kSize]) {
    return items[pick(kSize)];
  }
};

struct On {
  const char* what;
  sampan::Machine machine;
  uint32_t audit;
  sampan::Abi abi;
  bool wide;
  // Part of the filter whether listed or not.
  bool native;
};

constexpr On kArchitectures[] = {
    {"x86_64", sampan::Machine::kX86, kX86_64, sampan::Abi::kX86_64, true, true},
    {"x86", sampan::Machine::kX86, kI386, sampan::Abi::kI386, false, false},
    {"aarch64", sampan::Machine::kArm, kAarch64, sampan::Abi::kAarch64, true, true},
    {"arm", sampan::Machine::kArm, kArm, sampan::Abi::kArm, false, false}};

constexpr const char* kCalls[] = {"read", "write", "mmap", "close", "openat", "bpf"};

// Few and near each other, so that rules overlap.
inline uint64_t any_value(Choices& choices) {
  constexpr uint64_t kValues[] = {0,          1,
                                  2,          3,
                                  UINT32_MAX, kHigh,
                                  kHigh + 1,  kHigh + 2,
                                  2 * kHigh,  UINT64_MAX - kHigh,
                                  1ULL << 63, UINT64_MAX - 1,
                                  UINT64_MAX};
  return choices.of(kValues);
}

inline Rule any_rule(Choices& choices) {
  constexpr uint32_t kActions[] = {kAllow, kKill, kEperm, kEnosys, SECCOMP_RET_TRAP};
  Rule rule = {choices.of(kActions), {choices.of(kCalls)}};
  if (choices.pick(8) == 0) rule.names.push_back(choices.of(kCalls));
  for (uint64_t left = choices.pick(4); left > 0; --left) {
    rule.conditions.push_back({static_cast<uint32_t>(choices.pick(3)),
                               static_cast<Comparison>(1 + choices.pick(7)), any_value(choices),
                               any_value(choices)});
  }
  return rule;
}

inline Profile any_profile(Choices& choices) {
  Profile profile = {.architectures = {}};
  for (const On& on : kArchitectures) {
    if (choices.pick(8) != 0) profile.architectures.push_back(on.what);
  }
  if (choices.coin()) profile.default_action = kAllow;
  profile.enosys = choices.coin();
  for (uint64_t left = choices.pick(8); left > 0; --left) {
    profile.rules.push_back(any_rule(choices));
  }
  return profile;
}

inline bool holds(const SeccompCondition& c, const Call& call, bool wide) {
  const uint64_t bits = wide ? UINT64_MAX : UINT32_MAX;
  const uint64_t a = call.arguments[c.argument] & bits;
  const uint64_t v = c.value & bits;
  switch (c.comparison) {
    case Comparison::kNe:
      return a != v;
    case Comparison::kLt:
      return a < v;
    case Comparison::kLe:
      return a <= v;
    case Comparison::kEq:
      return a == v;
    case Comparison::kGe:
      return a >= v;
    case Comparison::kGt:
      return a > v;
    case Comparison::kMaskedEq:
      return (a & v) == (c.value_two & v);
  }
  return false;
}

inline bool holds(const Rule& rule, const Call& call, bool wide) {
  size_t met = 0;
  unsigned seen = 0;
  bool twice = false;
  for (const SeccompCondition& condition : rule.conditions) {
    met += holds(condition, call, wide) ? 1 : 0;
    twice |= (seen & 1U << condition.argument) != 0;
    seen |= 1U << condition.argument;
  }
  return twice ? met > 0 : met == rule.conditions.size();
}

inline bool names(const Rule& rule, const char* call) {
  return std::any_of(rule.names.begin(), rule.names.end(),
                     [&](const char* name) { return strcmp(name, call) == 0; });
}

inline int32_t newest(const Profile& profile, sampan::Abi abi) {
  int32_t most = -1;
  for (const Rule& rule : profile.rules) {
    for (const char* name : rule.names) {
      most = std::max(most, sampan::find_system_call(name)->number(abi));
    }
  }
  return most;
}

// What seccomp.h says of a call; `call.what` is its name, or empty for a number without one.
inline uint32_t expected(const Profile& profile, const Call& call, const On& on) {
  const bool listed = std::any_of(profile.architectures.begin(), profile.architectures.end(),
                                  [&](const char* name) { return strcmp(name, on.what) == 0; });
  if (!listed && !on.native) return kKill;
  for (const Rule& rule : profile.rules) {
    if (names(rule, call.what) && rule.conditions.empty() &&
        rule.action != profile.default_action) {
      return rule.action;
    }
  }
  for (const Rule& rule : profile.rules) {
    if (names(rule, call.what) && !rule.conditions.empty() && holds(rule, call, on.wide)) {
      return rule.action;
    }
  }
  const int32_t most = newest(profile, on.abi);
  const bool is_new = most >= 0 && call.number > static_cast<uint32_t>(most);
  // Numbers of x32 are marked, and above all others.
  const bool x32 = on.machine == sampan::Machine::kX86 && on.native && call.number >= kX32Bit;
  if (x32) return call.number == UINT32_MAX ? profile.default_action : kKill;
  return listed && profile.enosys && is_new ? kEnosys : profile.default_action;
}

// Compares what the filter of a profile answers with what the profile says.
inline void ask(const Profile& profile, const On& on, Choices& choices, int rounds) {
  const SeccompProgram program = compiled(profile, on.machine);
  for (int i = 0; i < rounds; ++i) {
    constexpr uint32_t kNumbers[] = {0, 1000, 5000, kX32Bit - 1, kX32Bit, UINT32_MAX};
    Call call = {choices.of(kCalls), on.audit, 0, 0};
    const int32_t number = sampan::find_system_call(call.what)->number(on.abi);
    call.number = static_cast<uint32_t>(number);
    // arm has no mmap; read is 0 on x86-64.
    if (number < 0 || choices.pick(8) == 0) {
      call.number = choices.of(kNumbers);
      call.what = call.number == 0 && on.abi == sampan::Abi::kX86_64 ? "read" : "";
    }
    for (uint64_t& argument : call.arguments) {
      argument = any_value(choices) & (on.wide ? UINT64_MAX : UINT32_MAX);
    }
    expect(std::string(on.what) + ": " + call.what + " " + std::to_string(call.number),
           answer(program, call), expected(profile, call, on));
  }
}

}  // namespace seccomp_rig
