// Compiles a seccomp profile: for each architecture a search by number, whose leaves are actions or
// comparisons of arguments.

#include "core/seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/number_search.h"
#include "core/seccomp_conditions.h"
#include "core/system_calls.h"

namespace sampan {
namespace {

// System call numbers of x32 carry this bit; the kernel reports x32 under AUDIT_ARCH_X86_64.
constexpr uint32_t kX32Bit = 0x40000000;

struct Architecture {
  Abi abi;
  // In a profile.
  const char* name;
  // In seccomp_data.
  uint32_t audit;
};

struct Family {
  Architecture native;
  Architecture narrow;
};

constexpr Family family_of(Machine machine) {
  if (machine == Machine::kX86) {
    return {{Abi::kX86_64, "x86_64", AUDIT_ARCH_X86_64}, {Abi::kI386, "x86", AUDIT_ARCH_I386}};
  }
  return {{Abi::kAarch64, "aarch64", AUDIT_ARCH_AARCH64}, {Abi::kArm, "arm", AUDIT_ARCH_ARM}};
}

// How many bits of an argument count. x32 has 64-bit registers, but its calls take 32-bit values.
Width width_of(Abi abi) {
  return abi == Abi::kX86_64 || abi == Abi::kAarch64 ? Width::k64 : Width::k32;
}

// One name of a rule.
struct Named {
  const SeccompRule* rule;
  const SystemCall* call;
};

// The names of `profile` that some architecture has.
std::vector<Named> known_names(const SeccompProfile& profile, std::vector<const char*>* unknown) {
  std::vector<Named> names;
  for (const SeccompRule& rule : profile.rules) {
    for (const char* text : rule.names) {
      const SystemCall* call = find_system_call(text);
      if (call == nullptr) {
        unknown->push_back(text);
      } else {
        names.push_back({&rule, call});
      }
    }
  }
  return names;
}

bool lists(const SeccompProfile& profile, const char* architecture) {
  return std::any_of(profile.architectures.begin(), profile.architectures.end(),
                     [&](const char* listed) { return strcmp(listed, architecture) == 0; });
}

bool names_an_argument_twice(std::span<const SeccompCondition> conditions) {
  unsigned seen = 0;
  for (const SeccompCondition& condition : conditions) {
    const unsigned bit = 1U << condition.argument;
    if ((seen & bit) != 0) return true;
    seen |= bit;
  }
  return false;
}

// What the rules for one call say, in their order.
struct Rules {
  std::optional<uint32_t> always;
  std::vector<Alternative> alternatives;

  void add(const SeccompRule& rule, uint32_t default_action) {
    if (rule.conditions.empty()) {
      if (!always && rule.action != default_action) always = rule.action;
    } else if (names_an_argument_twice(rule.conditions)) {
      for (const SeccompCondition& condition : rule.conditions) {
        alternatives.push_back({rule.action, {condition}});
      }
    } else {
      alternatives.push_back({rule.action, {rule.conditions.begin(), rule.conditions.end()}});
    }
  }
};

// The kernel's own order where several filters answer: the lower as a signed number is the stricter
// (seccomp(2)).
bool is_stricter(uint32_t action, uint32_t than) {
  const auto rank = [](uint32_t value) {
    return static_cast<int32_t>(value & SECCOMP_RET_ACTION_FULL);
  };
  return rank(action) < rank(than);
}

// What `rules` may answer at worst.
uint32_t strictest(const Rules& rules, uint32_t default_action) {
  if (rules.always) return *rules.always;
  uint32_t worst = default_action;
  for (const Alternative& alternative : rules.alternatives) {
    if (is_stricter(alternative.action, worst)) worst = alternative.action;
  }
  return worst;
}

// The profile on one architecture.
class Section {
 public:
  Section(const SeccompProfile& profile, const std::vector<Named>& names, Abi abi)
      : profile_(profile), names_(names), abi_(abi) {
    for (const auto& [rule, call] : names) {
      const int32_t number = call->number(abi);
      newest_ = std::max(newest_, number);
      if (number >= 0) calls_[static_cast<uint32_t>(number)].add(*rule, profile.default_action);
    }
    if (abi == Abi::kI386) {
      add_parts(Multiplexed::By::kSocketcall, "socketcall", UINT64_MAX);
      // The upper half of its number is a version, which the kernel takes off (ipc/syscall.c).
      add_parts(Multiplexed::By::kIpc, "ipc", 0xffff);
    }
  }

  // `bit` marks the numbers of the architecture.
  void fill(NumberSearch* search, uint32_t bit, bool listed) const {
    const uint32_t otherwise = profile_.default_action;
    const Answer by_default = always(otherwise);
    search->from(bit, by_default);
    for (const auto& [number, rules] : calls_) {
      search->from(bit + number, rules.always
                                     ? always(*rules.always)
                                     : first_met(rules.alternatives, otherwise, width_of(abi_)));
      search->from(bit + number + 1, by_default);
    }
    if (listed && profile_.enosys_above_newest && newest_ >= 0) {
      search->from(bit + static_cast<uint32_t>(newest_) + 1, always(SECCOMP_RET_ERRNO | ENOSYS));
    }
  }

 private:
  // Adds to the rules for `name` what those for the calls behind it say, unless the profile has a
  // rule without conditions for `name` itself, be it with the default action (moby/profiles#21).
  void add_parts(Multiplexed::By by, const char* name, uint64_t mask) {
    std::map<uint8_t, Rules> parts;
    for (const auto& [rule, call] : names_) {
      if (rule->conditions.empty() && strcmp(call->name, name) == 0) return;
      const Multiplexed part = find_multiplexed(call->name);
      if (part.by == by) parts[part.subcall].add(*rule, profile_.default_action);
    }
    const auto number = static_cast<uint32_t>(find_system_call(name)->number(abi_));
    for (const auto& [subcall, rules] : parts) {
      const SeccompCondition is_it = {0, Comparison::kMaskedEq, mask, subcall};
      calls_[number].alternatives.push_back({strictest(rules, profile_.default_action), {is_it}});
    }
  }

  const SeccompProfile& profile_;
  const std::vector<Named>& names_;
  Abi abi_;
  std::map<uint32_t, Rules> calls_;
  int32_t newest_ = -1;
};

// Appends `search` for the calls that the kernel reports under `audit`.
void append_section(uint32_t audit, const NumberSearch& search, std::vector<sock_filter>* program) {
  const auto load = [&](size_t offset) {
    program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
  };
  load(offsetof(seccomp_data, arch));
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, audit, 1, 0));
  const size_t opened = program->size();
  program->push_back(BPF_STMT(BPF_JMP | BPF_JA, 0));
  load(offsetof(seccomp_data, nr));
  search.append_to(program);
  (*program)[opened].k = static_cast<uint32_t>(program->size() - opened - 1);
}

}  // namespace

SeccompProgram compile_seccomp(const SeccompProfile& profile, Machine machine) {
  SeccompProgram result;
  const auto& [native, narrow] = family_of(machine);
  const std::vector<Named> names = known_names(profile, &result.unknown);
  NumberSearch search(always(profile.default_action));
  Section(profile, names, native.abi).fill(&search, 0, lists(profile, native.name));
  if (machine == Machine::kX86) {
    search.from(kX32Bit, always(SECCOMP_RET_KILL_THREAD));
    if (lists(profile, "x32")) Section(profile, names, Abi::kX32).fill(&search, kX32Bit, true);
    // -1 is no number of x32: the call of a tracer that wants none.
    search.from(UINT32_MAX, always(profile.default_action));
  }
  append_section(native.audit, search, &result.instructions);
  if (lists(profile, narrow.name)) {
    NumberSearch narrow_search(always(profile.default_action));
    Section(profile, names, narrow.abi).fill(&narrow_search, 0, true);
    append_section(narrow.audit, narrow_search, &result.instructions);
  }
  // As libseccomp answers to an architecture that is not in the filter.
  result.instructions.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD));
  return result;
}

}  // namespace sampan
