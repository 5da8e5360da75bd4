// Compiles a seccomp profile with libseccomp and puts the ENOSYS prologue in front of it.

#include "seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bitset>
#include <memory>

namespace sampan {
namespace {

struct ReleaseContext {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ReleaseContext>;

// System call numbers of x32 carry this bit; the kernel reports x32 under AUDIT_ARCH_X86_64.
constexpr uint32_t kX32Bit = 0x40000000;

// Filters of up to this many rules are searched in a line, longer ones in a tree. libseccomp
// before 2.6 loses the default action in a tree without rules (libseccomp#370).
constexpr size_t kLinearRules = 32;

struct Architecture {
  // A SCMP_ARCH_* value.
  uint32_t token;
  // Index into `SeccompProfile::architectures`, or SeccompError::kNone for a native one that the
  // profile does not list.
  int listed;
};

// The architectures of the filter, the native one first.
std::vector<Architecture> architectures_of(const SeccompProfile& profile) {
  std::vector<Architecture> all = {{seccomp_arch_native(), SeccompError::kNone}};
  for (size_t i = 0; i < profile.architectures.size(); ++i) {
    const uint32_t token = seccomp_arch_resolve_name(profile.architectures[i]);
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const Architecture& a) { return a.token == token; });
    if (same == all.end()) {
      all.push_back({token, static_cast<int>(i)});
    } else if (same->listed == SeccompError::kNone) {
      same->listed = static_cast<int>(i);
    }
  }
  return all;
}

bool holds(const std::vector<Architecture>& all, uint32_t token) {
  return std::any_of(all.begin(), all.end(),
                     [&](const Architecture& a) { return a.token == token; });
}

// The native numbers of all names, rule by rule; libseccomp translates them for the other
// architectures. __NR_SCMP_ERROR: known on none.
std::vector<int> native_numbers(const SeccompProfile& profile, std::vector<const char*>* unknown) {
  std::vector<int> numbers;
  for (const SeccompRule& rule : profile.rules) {
    for (const char* name : rule.names) {
      numbers.push_back(seccomp_syscall_resolve_name(name));
      if (numbers.back() == __NR_SCMP_ERROR) unknown->push_back(name);
    }
  }
  return numbers;
}

// What an architecture has of the profile: the highest number that a name has on it, and how many
// of the names that are to be rules.
struct Extent {
  int newest = -1;
  size_t rules = 0;
};

Extent extent_on(uint32_t token, const SeccompProfile& profile) {
  Extent extent;
  for (const SeccompRule& rule : profile.rules) {
    for (const char* name : rule.names) {
      const int number = seccomp_syscall_resolve_name_arch(token, name);
      // Negative: the architecture lacks the call, or has it behind socketcall(2) or ipc(2).
      if (number < 0) continue;
      extent.newest = std::max(extent.newest, number);
      if (rule.action != profile.default_action) ++extent.rules;
    }
  }
  return extent;
}

bool names_an_argument_twice(std::span<const scmp_arg_cmp> conditions) {
  std::bitset<6> seen;
  for (const scmp_arg_cmp& condition : conditions) {
    if (condition.arg >= seen.size()) continue;  // libseccomp answers EINVAL
    if (seen.test(condition.arg)) return true;
    seen.set(condition.arg);
  }
  return false;
}

// 0 or a positive errno.
int add_rule(void* context, const SeccompRule& rule, int number, bool any_condition) {
  if (!any_condition) {
    return -seccomp_rule_add_array(context, rule.action, number,
                                   static_cast<unsigned>(rule.conditions.size()),
                                   rule.conditions.data());
  }
  for (const scmp_arg_cmp& condition : rule.conditions) {
    const int error = -seccomp_rule_add_array(context, rule.action, number, 1, &condition);
    if (error != 0) return error;
  }
  return 0;
}

bool add_rules(void* context, const SeccompProfile& profile, const std::vector<int>& numbers,
               SeccompError* error) {
  const int* number = numbers.data();
  for (size_t i = 0; i < profile.rules.size(); ++i) {
    const SeccompRule& rule = profile.rules[i];
    const bool any_condition = names_an_argument_twice(rule.conditions);
    for (size_t j = 0; j < rule.names.size(); ++j, ++number) {
      if (*number == __NR_SCMP_ERROR || rule.action == profile.default_action) continue;
      const int refused = add_rule(context, rule, *number, any_condition);
      if (refused != 0) {
        *error = {.call = "seccomp_rule_add_array", .error = refused, .rule = static_cast<int>(i)};
        return false;
      }
    }
  }
  return true;
}

// Appends what libseccomp made of `context`.
bool export_program(void* context, std::vector<sock_filter>* program, SeccompError* error) {
  // A memfd rather than a pipe: a user above pipe-user-pages-soft gets a pipe that is too small,
  // and the write would never return (pipe(7)).
  const int fd = memfd_create("seccomp", MFD_CLOEXEC);
  if (fd < 0) {
    *error = {.call = "memfd_create", .error = errno};
    return false;
  }
  const char* call = "seccomp_export_bpf";
  int failed = -seccomp_export_bpf(context, fd);
  struct stat file = {};
  if (failed == 0) {
    call = "fstat";
    failed = fstat(fd, &file) == 0 ? 0 : errno;
  }
  if (failed == 0) {
    call = "pread";
    const size_t size = static_cast<size_t>(file.st_size);
    const size_t before = program->size();
    program->resize(before + size / sizeof(sock_filter));
    const ssize_t got = pread(fd, program->data() + before, size, 0);
    failed = got == file.st_size ? 0 : got < 0 ? errno : EIO;
  }
  close(fd);
  if (failed != 0) *error = {.call = call, .error = failed};
  return failed == 0;
}

// Appends libseccomp's program for one architecture. One context for each, because
// seccomp_export_bpf(3) takes time with the square of the rules in a context: Docker's profile
// for the three architectures of x86 takes 11 ms in one context and 4 ms in three.
bool append_rules(const SeccompProfile& profile, Architecture architecture, size_t rules,
                  const std::vector<int>& numbers, std::vector<sock_filter>* program,
                  SeccompError* error) {
  const Context context(seccomp_init(profile.default_action));
  if (!context) {
    *error = {.call = "seccomp_init", .error = EINVAL};
    return false;
  }
  const uint32_t native = seccomp_arch_native();
  if (architecture.token != native) {
    int failed = -seccomp_arch_add(context.get(), architecture.token);
    if (failed == 0) failed = -seccomp_arch_remove(context.get(), native);
    if (failed != 0) {
      *error = {.call = "seccomp_arch_add", .error = failed, .architecture = architecture.listed};
      return false;
    }
  }
  if (rules > kLinearRules) seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  return add_rules(context.get(), profile, numbers, error) &&
         export_program(context.get(), program, error);
}

constexpr sock_filter load(size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}
constexpr sock_filter jump(uint16_t condition, uint32_t value, uint8_t if_true, uint8_t if_false) {
  return BPF_JUMP(static_cast<uint16_t>(BPF_JMP | BPF_K | condition), value, if_true, if_false);
}
constexpr sock_filter answer(uint32_t action) { return BPF_STMT(BPF_RET | BPF_K, action); }

// Appends ENOSYS for the calls that are newer than the profile.
void append_enosys(uint32_t token, int newest, std::vector<sock_filter>* program) {
  program->push_back(load(offsetof(seccomp_data, nr)));
  // s390 carries a number above its table in a register and reports setup(2), 0, for one that the
  // kernel does not know.
  if (token == SCMP_ARCH_S390 || token == SCMP_ARCH_S390X) {
    program->push_back(jump(BPF_JEQ, 0, 1, 0));
  }
  // Numbers of x32 are not newer calls of x86_64; libseccomp's program answers them.
  if (token == SCMP_ARCH_X86_64) program->push_back(jump(BPF_JSET, kX32Bit, 2, 0));
  program->push_back(jump(BPF_JGT, static_cast<uint32_t>(newest), 0, 1));
  program->push_back(answer(SCMP_ACT_ERRNO(ENOSYS)));
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
  const std::vector<int> numbers = native_numbers(profile, &result.unknown);
  std::vector<sock_filter>* const program = &result.instructions;
  const std::vector<Architecture> architectures = architectures_of(profile);
  const bool both_x86 =
      holds(architectures, SCMP_ARCH_X32) && holds(architectures, SCMP_ARCH_X86_64);
  for (const Architecture& architecture : architectures) {
    if (architecture.token == 0) {
      return SeccompError{.call = "seccomp_arch_resolve_name",
                          .error = EINVAL,
                          .architecture = architecture.listed};
    }
    const uint32_t token = architecture.token;
    const bool shared = both_x86 && (token == SCMP_ARCH_X32 || token == SCMP_ARCH_X86_64);
    const size_t opened = open_section(token, shared, program);
    const Extent extent = extent_on(token, profile);
    const bool listed = architecture.listed != SeccompError::kNone;
    if (profile.enosys_above_newest && listed && extent.newest >= 0) {
      append_enosys(token, extent.newest, program);
    }
    if (!append_rules(profile, architecture, extent.rules, numbers, program, &error)) return error;
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
