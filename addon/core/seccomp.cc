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

// What a profile says of one call: a rule, or a part of a call that stands for many.
struct Entry {
  uint32_t number;
  // Of the rules for one call the first counts.
  uint32_t order;
  // Null for a part, which is the one at `part`.
  const SeccompRule* rule;
  size_t part;
};

bool comes_first(const Entry& a, const Entry& b) {
  return a.number != b.number ? a.number < b.number : a.order < b.order;
}

// The profile on one architecture. Made for few allocations: there are 1200 calls on three of them,
// and the C library's memory is slow.
class Section {
 public:
  Section(const SeccompProfile& profile, const std::vector<Named>& names, Abi abi)
      : profile_(profile), abi_(abi) {
    entries_.reserve(names.size());
    for (const auto& [rule, call] : names) {
      const int32_t number = call->number(abi);
      newest_ = std::max(newest_, number);
      if (number >= 0) add(static_cast<uint32_t>(number), rule);
    }
    if (abi == Abi::kI386) add_parts(names);
    std::sort(entries_.begin(), entries_.end(), comes_first);
  }

  // `bit` marks the numbers of the architecture.
  void fill(NumberSearch* search, uint32_t bit, bool listed) const {
    const uint32_t otherwise = profile_.default_action;
    const Answer by_default = always(otherwise);
    Answer fixed = by_default;
    search->from(bit, by_default);
    for (size_t at = 0; at < entries_.size();) {
      const uint32_t number = entries_[at].number;
      const Rules rules = rules_at(&at);
      if (rules.always) {
        fixed.front().k = *rules.always;
        search->from(bit + number, fixed);
      } else {
        search->from(bit + number, first_met(rules.alternatives, otherwise, width_of(abi_)));
      }
      const bool goes_on = at < entries_.size() && entries_[at].number == number + 1;
      if (!goes_on) search->from(bit + number + 1, by_default);
    }
    if (listed && profile_.enosys_above_newest && newest_ >= 0) {
      search->from(bit + static_cast<uint32_t>(newest_) + 1, always(SECCOMP_RET_ERRNO | ENOSYS));
    }
  }

 private:
  void add(uint32_t number, const SeccompRule* rule) {
    const auto order = static_cast<uint32_t>(entries_.size());
    entries_.push_back({number, order, rule, parts_.size()});
  }

  // Those for the call at `*at`, which then is at the next.
  Rules rules_at(size_t* at) const {
    Rules rules;
    for (const uint32_t number = entries_[*at].number;
         *at < entries_.size() && entries_[*at].number == number; ++*at) {
      const Entry& entry = entries_[*at];
      if (entry.rule != nullptr) {
        rules.add(*entry.rule, profile_.default_action);
      } else {
        rules.alternatives.push_back(parts_[entry.part]);
      }
    }
    return rules;
  }

  // Calls that stand for many: what the rules say of those that a number in an argument chooses.
  void add_parts(const std::vector<Named>& names) {
    std::map<uint8_t, Rules> of_socketcall;
    std::map<uint8_t, Rules> of_ipc;
    for (const auto& [rule, call] : names) {
      const Multiplexed part = find_multiplexed(call->name);
      if (part.by == Multiplexed::By::kNone) continue;
      auto& parts = part.by == Multiplexed::By::kIpc ? of_ipc : of_socketcall;
      parts[part.subcall].add(*rule, profile_.default_action);
    }
    add_parts(names, "socketcall", of_socketcall, UINT64_MAX);
    // The upper half of its number is a version, which the kernel takes off (ipc/syscall.c).
    add_parts(names, "ipc", of_ipc, 0xffff);
  }

  // Adds them to the rules for `name`, unless the profile has a rule without conditions for `name`
  // itself, be it with the default action (moby/profiles#21).
  void add_parts(const std::vector<Named>& names, const char* name,
                 const std::map<uint8_t, Rules>& parts, uint64_t mask) {
    const SystemCall* whole = find_system_call(name);
    for (const auto& [rule, call] : names) {
      if (rule->conditions.empty() && call == whole) return;
    }
    const auto number = static_cast<uint32_t>(whole->number(abi_));
    for (const auto& [subcall, rules] : parts) {
      const SeccompCondition is_it = {0, Comparison::kMaskedEq, mask, subcall};
      add(number, nullptr);
      parts_.push_back({strictest(rules, profile_.default_action), {is_it}});
    }
  }

  const SeccompProfile& profile_;
  Abi abi_;
  std::vector<Entry> entries_;
  std::vector<Alternative> parts_;
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
