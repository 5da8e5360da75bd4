// Filters of random profiles answer what the profile says, asked without BPF.

#include <random>

#include "core/seccomp.h"
#include "core/seccomp_rig.h"
#include "core/system_calls.h"

namespace {

using namespace seccomp_rig;
using sampan::SeccompCondition;

std::mt19937_64 random_bits(20261121);

template <size_t kSize>
auto any_of(const uint64_t (&values)[kSize]) {
  return values[random_bits() % kSize];
}

// Few and near each other, so that rules overlap.
uint64_t any_value() {
  constexpr uint64_t kValues[] = {0,          1,
                                  2,          3,
                                  UINT32_MAX, kHigh,
                                  kHigh + 1,  kHigh + 2,
                                  2 * kHigh,  UINT64_MAX - kHigh,
                                  1ULL << 63, UINT64_MAX - 1,
                                  UINT64_MAX};
  return any_of(kValues);
}

SeccompCondition any_condition() {
  return {static_cast<uint32_t>(random_bits() % 3), static_cast<Comparison>(1 + random_bits() % 7),
          any_value(), any_value()};
}

Rule any_rule() {
  constexpr const char* kNames[] = {"read", "write", "socket", "mmap"};
  constexpr uint64_t kActions[] = {kAllow, kKill, kEperm, kEnosys, SECCOMP_RET_TRAP};
  Rule rule = {static_cast<uint32_t>(any_of(kActions)), {kNames[random_bits() % 4]}};
  for (uint64_t left = random_bits() % 4; left > 0; --left) {
    rule.conditions.push_back(any_condition());
  }
  return rule;
}

bool holds(const SeccompCondition& c, const Call& call, bool wide) {
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

bool holds(const Rule& rule, const Call& call, bool wide) {
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

// What seccomp.h says of the rules for one call.
uint32_t expected(const Profile& profile, const char* name, const Call& call, bool wide) {
  for (const Rule& rule : profile.rules) {
    if (rule.names[0] == std::string(name) && rule.conditions.empty() &&
        rule.action != profile.default_action) {
      return rule.action;
    }
  }
  for (const Rule& rule : profile.rules) {
    if (rule.names[0] == std::string(name) && !rule.conditions.empty() && holds(rule, call, wide)) {
      return rule.action;
    }
  }
  return profile.default_action;
}

struct On {
  const char* what;
  sampan::Machine machine;
  uint32_t audit;
  sampan::Abi abi;
  bool wide;
};

constexpr On kArchitectures[] = {
    {"x86_64", sampan::Machine::kX86, kX86_64, sampan::Abi::kX86_64, true},
    {"i386", sampan::Machine::kX86, kI386, sampan::Abi::kI386, false},
    {"aarch64", sampan::Machine::kArm, kAarch64, sampan::Abi::kAarch64, true},
    {"arm", sampan::Machine::kArm, kArm, sampan::Abi::kArm, false}};

void ask(const Profile& profile, const On& on) {
  const SeccompProgram program = compiled(profile, on.machine);
  for (const char* name : {"read", "write", "socket", "mmap", "close"}) {
    const int32_t number = sampan::find_system_call(name)->number(on.abi);
    if (number < 0) continue;  // arm has no mmap
    for (int i = 0; i < 40; ++i) {
      Call call = {name, on.audit, static_cast<uint32_t>(number), 0};
      for (uint64_t& argument : call.arguments) {
        argument = on.wide ? any_value() : any_value() & UINT32_MAX;
      }
      expect(std::string(on.what) + ": " + name, answer(program, call),
             expected(profile, name, call, on.wide));
    }
  }
}

}  // namespace

int main() {
  for (int i = 0; i < 2000 && failures == 0; ++i) {
    Profile profile = {.architectures = {"x86_64", "x86", "aarch64", "arm"}};
    if (random_bits() % 2 == 0) profile.default_action = kAllow;
    for (uint64_t left = random_bits() % 8; left > 0; --left) profile.rules.push_back(any_rule());
    for (const On& on : kArchitectures) ask(profile, on);
  }
  return finish("random seccomp profiles");
}
