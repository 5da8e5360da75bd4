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
    return -seccomp_rule_add_array(context, rule.action, number, rule.conditions.size(),
                                   rule.conditions.data());
  }
  for (const scmp_arg_cmp& condition : rule.conditions) {
    const int error = -seccomp_rule_add_array(context, rule.action, number, 1, &condition);
    if (error != 0) return error;
  }
  return 0;
}

int add_architectures(void* context, const SeccompProfile& profile, std::vector<uint32_t>* tokens,
                      SeccompError* error) {
  for (size_t i = 0; i < profile.architectures.size(); ++i) {
    const uint32_t token = seccomp_arch_resolve_name(profile.architectures[i]);
    const int added = token == 0 ? -EINVAL : seccomp_arch_add(context, token);
    if (added != 0 && added != -EEXIST) {
      const char* call = token == 0 ? "seccomp_arch_resolve_name" : "seccomp_arch_add";
      *error = {.call = call, .error = -added, .architecture = static_cast<int>(i)};
      return -1;
    }
    if (std::find(tokens->begin(), tokens->end(), token) == tokens->end()) {
      tokens->push_back(token);
    }
  }
  return 0;
}

int add_rules(void* context, const SeccompProfile& profile, std::vector<const char*>* unknown,
              SeccompError* error) {
  size_t added = 0;
  for (size_t i = 0; i < profile.rules.size(); ++i) {
    const SeccompRule& rule = profile.rules[i];
    const bool any_condition = names_an_argument_twice(rule.conditions);
    for (const char* name : rule.names) {
      const int number = seccomp_syscall_resolve_name(name);
      if (number == __NR_SCMP_ERROR) {
        unknown->push_back(name);
        continue;
      }
      if (rule.action == profile.default_action) continue;
      const int refused = add_rule(context, rule, number, any_condition);
      if (refused != 0) {
        *error = {
            .call = "seccomp_rule_add_array", .error = refused, .rule = static_cast<int>(i)};
        return -1;
      }
      ++added;
    }
  }
  if (added > kLinearRules) seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  return 0;
}

// Appends what libseccomp made of `context`; 0 or -1 with `error` filled.
int export_program(void* context, std::vector<sock_filter>* program, SeccompError* error) {
  // A memfd rather than a pipe: a user above pipe-user-pages-soft gets a pipe that is too small,
  // and the write would never return (pipe(7)).
  const int fd = memfd_create("seccomp", MFD_CLOEXEC);
  if (fd < 0) {
    *error = {.call = "memfd_create", .error = errno};
    return -1;
  }
  int failed = seccomp_export_bpf(context, fd);
  const char* call = "seccomp_export_bpf";
  struct stat file = {};
  if (failed == 0) {
    call = "fstat";
    failed = fstat(fd, &file) == 0 ? 0 : -errno;
  }
  if (failed == 0) {
    call = "pread";
    const size_t before = program->size();
    program->resize(before + static_cast<size_t>(file.st_size) / sizeof(sock_filter));
    const ssize_t got = pread(fd, program->data() + before, static_cast<size_t>(file.st_size), 0);
    failed = got == file.st_size ? 0 : got < 0 ? -errno : -EIO;
  }
  close(fd);
  if (failed == 0) return 0;
  *error = {.call = call, .error = -failed};
  return -1;
}

// The highest number that a name of the profile has on architecture `token`; -1 where it has none.
int newest_number(const SeccompProfile& profile, uint32_t token) {
  int newest = -1;
  for (const SeccompRule& rule : profile.rules) {
    for (const char* name : rule.names) {
      // Calls that the architecture lacks have negative pseudo numbers.
      newest = std::max(newest, seccomp_syscall_resolve_name_arch(token, name));
    }
  }
  return newest;
}

constexpr sock_filter load(size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}
constexpr sock_filter jump(uint16_t condition, uint32_t value, uint8_t if_true, uint8_t if_false) {
  return BPF_JUMP(static_cast<uint16_t>(BPF_JMP | BPF_K | condition), value, if_true, if_false);
}
constexpr sock_filter kRefuse = BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_ERRNO(ENOSYS));
constexpr uint32_t kToFilter = UINT32_MAX;

// Appends the check of one architecture. It starts and, where it does not apply, ends with the
// architecture in the accumulator.
void append_check(std::vector<sock_filter>* program, uint32_t token, uint32_t newest) {
  const bool x32 = token == SCMP_ARCH_X32;
  const bool x86_64 = token == SCMP_ARCH_X86_64;
  const bool s390 = token == SCMP_ARCH_S390 || token == SCMP_ARCH_S390X;

  std::vector<sock_filter> check;
  check.push_back(load(offsetof(seccomp_data, nr)));
  // x86_64 and x32 share one audit architecture: leave the other's numbers alone.
  if (x32) check.push_back(jump(BPF_JSET, kX32Bit, 0, 2));
  if (x86_64) check.push_back(jump(BPF_JSET, kX32Bit, 2, 0));
  // s390 carries numbers above its table in a register and reports setup(2), 0, for those that
  // the kernel does not know.
  if (s390) check.push_back(jump(BPF_JEQ, 0, 1, 0));
  check.push_back(jump(BPF_JGT, newest, 0, 1));
  check.push_back(kRefuse);
  if (x32 || x86_64) {
    // Both may be listed, so the next check gets its turn.
    check.push_back(load(offsetof(seccomp_data, arch)));
  } else {
    check.push_back(BPF_STMT(BPF_JMP | BPF_JA, kToFilter));
  }
  const uint32_t audit = x32 ? static_cast<uint32_t>(SCMP_ARCH_X86_64) : token;
  program->push_back(jump(BPF_JEQ, audit, 0, static_cast<uint8_t>(check.size())));
  program->insert(program->end(), check.begin(), check.end());
}

std::vector<sock_filter> enosys_prologue(const SeccompProfile& profile,
                                         const std::vector<uint32_t>& tokens) {
  std::vector<sock_filter> program;
  for (const uint32_t token : tokens) {
    const int newest = newest_number(profile, token);
    if (newest < 0) continue;
    if (program.empty()) program.push_back(load(offsetof(seccomp_data, arch)));
    append_check(&program, token, static_cast<uint32_t>(newest));
  }
  for (size_t at = 0; at < program.size(); ++at) {
    sock_filter& instruction = program[at];
    if (instruction.code == (BPF_JMP | BPF_JA) && instruction.k == kToFilter) {
      instruction.k = static_cast<uint32_t>(program.size() - at - 1);
    }
  }
  return program;
}

}  // namespace

std::variant<SeccompProgram, SeccompError> compile_seccomp(const SeccompProfile& profile) {
  const Context context(seccomp_init(profile.default_action));
  if (!context) return SeccompError{.call = "seccomp_init", .error = EINVAL};

  SeccompError error = {.call = "", .error = 0};
  SeccompProgram result;
  std::vector<uint32_t> tokens;
  if (add_architectures(context.get(), profile, &tokens, &error) != 0) return error;
  if (add_rules(context.get(), profile, &result.unknown, &error) != 0) return error;
  if (profile.enosys_above_newest) result.instructions = enosys_prologue(profile, tokens);
  if (export_program(context.get(), &result.instructions, &error) != 0) return error;
  if (result.instructions.size() > BPF_MAXINSNS) {
    return SeccompError{.call = "seccomp_export_bpf", .error = E2BIG};
  }
  return result;
}

}  // namespace sampan
