// Compiles a seccomp profile: rules without conditions to a search by number, the rest with
// libseccomp.
//
// libseccomp alone takes 11 ms for Docker's profile with the three architectures of x86, because
// seccomp_export_bpf(3) takes time with the square of the rules in a context. So it gets only the
// rules that ask about arguments and the calls that an architecture multiplexes, one context for
// each architecture. The outcome is the same: libseccomp, too, lets a rule without conditions win
// over those with, and the first of two without.

#include "core/seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <stddef.h>

#include <algorithm>
#include <utility>

#include "core/number_search.h"
#include "core/seccomp_rules.h"

namespace sampan {
namespace {

// System call numbers of x32 carry this bit; the kernel reports x32 under AUDIT_ARCH_X86_64.
constexpr uint32_t kX32Bit = 0x40000000;

constexpr sock_filter load(size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}
constexpr sock_filter jump(uint16_t condition, uint32_t value, uint8_t if_true, uint8_t if_false) {
  return BPF_JUMP(static_cast<uint16_t>(BPF_JMP | BPF_K | condition), value, if_true, if_false);
}
constexpr sock_filter answer(uint32_t action) { return BPF_STMT(BPF_RET | BPF_K, action); }

// The architectures of the filter, the native one first.
std::vector<SeccompArchitecture> architectures_of(const SeccompProfile& profile) {
  std::vector<SeccompArchitecture> all = {{seccomp_arch_native(), SeccompError::kNone}};
  for (size_t i = 0; i < profile.architectures.size(); ++i) {
    const uint32_t token = seccomp_arch_resolve_name(profile.architectures[i]);
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const SeccompArchitecture& a) { return a.token == token; });
    if (same == all.end()) {
      all.push_back({token, static_cast<int>(i)});
    } else if (same->listed == SeccompError::kNone) {
      same->listed = static_cast<int>(i);
    }
  }
  return all;
}

bool holds(const std::vector<SeccompArchitecture>& all, uint32_t token) {
  return std::any_of(all.begin(), all.end(),
                     [&](const SeccompArchitecture& a) { return a.token == token; });
}

// The names of `profile` without those that libseccomp knows on no architecture.
std::vector<SeccompName> known_names(const SeccompProfile& profile,
                                     std::vector<const char*>* unknown) {
  std::vector<SeccompName> names;
  int index = 0;
  for (const SeccompRule& rule : profile.rules) {
    for (const char* text : rule.names) {
      const int number = seccomp_syscall_resolve_name(text);
      if (number == __NR_SCMP_ERROR) {
        unknown->push_back(text);
      } else {
        names.push_back({index, number, text});
      }
    }
    ++index;
  }
  return names;
}

// The profile on one architecture.
struct Division {
  // Number and action of the calls that are decided by number.
  std::vector<std::pair<uint32_t, uint32_t>> by_number;
  // The rest, for libseccomp.
  std::vector<SeccompName> by_libseccomp;
  // The highest number that a name of the profile has, or -1.
  int newest = -1;
};

// The calls of an architecture that stand for many; -1 or a pseudo number where it has none.
struct Multiplexers {
  explicit Multiplexers(uint32_t token)
      : socketcall(seccomp_syscall_resolve_name_arch(token, "socketcall")),
        ipc(seccomp_syscall_resolve_name_arch(token, "ipc")) {}

  // Whether `number` is one of them or a call behind one: libseccomp numbers those -101 to -120 and
  // -201 to -224, also on architectures that lack them.
  bool concern(int number) const {
    if (number >= 0) return number == socketcall || number == ipc;
    return (socketcall >= 0 && number < -100 && number > -200) ||
           (ipc >= 0 && number < -200 && number > -300);
  }

  int socketcall;
  int ipc;
};

Division divide(const SeccompProfile& profile, const std::vector<SeccompName>& names,
                uint32_t token) {
  Division division;
  std::vector<std::pair<int, SeccompName>> rest;
  const Multiplexers multiplexers(token);
  for (const SeccompName& name : names) {
    const SeccompRule& rule = profile.rules[static_cast<size_t>(name.rule)];
    const int number = seccomp_syscall_resolve_name_arch(token, name.text);
    const bool multiplexed = multiplexers.concern(number);
    division.newest = std::max(division.newest, number);
    if (rule.action == profile.default_action || (number < 0 && !multiplexed)) continue;
    if (rule.conditions.empty() && !multiplexed) {
      division.by_number.emplace_back(number, rule.action);
    } else {
      rest.emplace_back(number, name);
    }
  }
  const auto lower = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(division.by_number.begin(), division.by_number.end(), lower);
  for (const auto& [number, name] : rest) {
    const std::pair<uint32_t, uint32_t> decided(number, 0);
    const bool is_decided =
        number >= 0 &&
        std::binary_search(division.by_number.begin(), division.by_number.end(), decided, lower);
    if (!is_decided) division.by_libseccomp.push_back(name);
  }
  return division;
}

// Appends the answers that depend on the number alone.
void append_search(const Division& division, uint32_t token, bool enosys_above_newest,
                   std::vector<sock_filter>* program) {
  constexpr uint32_t kNoSuchCall = SCMP_ACT_ERRNO(ENOSYS);
  const bool enosys = enosys_above_newest && division.newest >= 0;
  NumberSearch search;
  uint32_t next = 0;
  // s390 carries a number above its table in a register and reports setup(2), 0, for one that the
  // kernel does not know.
  if (enosys && (token == SCMP_ARCH_S390 || token == SCMP_ARCH_S390X)) {
    search.answer_from(0, kNoSuchCall);
    search.leave_from(next = 1);
  }
  for (const auto& [number, action] : division.by_number) {
    if (number < next) continue;
    search.answer_from(number, action);
    search.leave_from(next = number + 1);
  }
  if (enosys) {
    search.answer_from(static_cast<uint32_t>(division.newest) + 1, kNoSuchCall);
    // Numbers of x32 are not newer calls of x86_64; libseccomp's program answers them.
    if (token == SCMP_ARCH_X86_64) search.leave_from(kX32Bit);
  }
  program->push_back(load(offsetof(seccomp_data, nr)));
  search.append_to(program);
}

// Appends the jump over what follows for calls of other architectures, and for calls of x32 or
// x86_64 where the other ABI has a section too. `close_section` sets how far. Returns the place of
// that jump.
size_t open_section(uint32_t token, bool shared, std::vector<sock_filter>* program) {
  const bool x32 = token == SCMP_ARCH_X32;
  const uint32_t audit = x32 ? static_cast<uint32_t>(SCMP_ARCH_X86_64) : token;
  program->push_back(load(offsetof(seccomp_data, arch)));
  if (shared) {
    program->push_back(jump(BPF_JEQ, audit, 0, 2));
    program->push_back(load(offsetof(seccomp_data, nr)));
    program->push_back(x32 ? jump(BPF_JSET, kX32Bit, 1, 0) : jump(BPF_JSET, kX32Bit, 0, 1));
  } else {
    program->push_back(jump(BPF_JEQ, audit, 1, 0));
  }
  program->push_back(BPF_STMT(BPF_JMP | BPF_JA, 0));
  return program->size() - 1;
}

void close_section(size_t opened, std::vector<sock_filter>* program) {
  (*program)[opened].k = static_cast<uint32_t>(program->size() - opened - 1);
}

}  // namespace

std::variant<SeccompProgram, SeccompError> compile_seccomp(const SeccompProfile& profile) {
  SeccompProgram result;
  SeccompError error = {.call = "", .error = 0};
  const std::vector<SeccompName> names = known_names(profile, &result.unknown);
  std::vector<sock_filter>* const program = &result.instructions;
  const std::vector<SeccompArchitecture> architectures = architectures_of(profile);
  const bool both_x86 =
      holds(architectures, SCMP_ARCH_X32) && holds(architectures, SCMP_ARCH_X86_64);
  for (const SeccompArchitecture& architecture : architectures) {
    if (architecture.token == 0) {
      return SeccompError{.call = "seccomp_arch_resolve_name",
                          .error = EINVAL,
                          .architecture = architecture.listed};
    }
    const uint32_t token = architecture.token;
    const bool shared = both_x86 && (token == SCMP_ARCH_X32 || token == SCMP_ARCH_X86_64);
    const size_t opened = open_section(token, shared, program);
    const Division division = divide(profile, names, token);
    const bool listed = architecture.listed != SeccompError::kNone;
    append_search(division, token, profile.enosys_above_newest && listed, program);
    if (!append_rules(profile, architecture, division.by_libseccomp, program, &error)) return error;
    close_section(opened, program);
  }
  // What libseccomp answers to an architecture that is not in the filter.
  program->push_back(answer(SCMP_ACT_KILL));
  if (program->size() > BPF_MAXINSNS) {
    return SeccompError{.call = "seccomp_export_bpf", .error = E2BIG};
  }
  return result;
}

}  // namespace sampan
