#include "core/seccomp_rules.h"

#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bitset>
#include <memory>

namespace sampan {
namespace {

struct ReleaseContext {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, ReleaseContext>;

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

bool add_rules(void* context, const SeccompProfile& profile, const std::vector<SeccompName>& names,
               SeccompError* error) {
  for (const SeccompName& name : names) {
    const SeccompRule& rule = profile.rules[static_cast<size_t>(name.rule)];
    const int refused =
        add_rule(context, rule, name.number, names_an_argument_twice(rule.conditions));
    if (refused != 0) {
      *error = {.call = "seccomp_rule_add_array", .error = refused, .rule = name.rule};
      return false;
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

// Enters a program of libseccomp, `ld arch; jeq ARCH, …`, behind its look at the architecture, with
// the number in the accumulator as the search leaves it. libseccomp 2.5 forgets to load the number
// when its first rule is for a call that the architecture has only behind a multiplexer, and then
// compares the architecture with numbers, so that no rule is ever met.
bool enter_behind_architecture(std::span<sock_filter> program, SeccompError* error) {
  constexpr sock_filter first = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
  if (program.size() > 2 && program[0].code == first.code && program[0].k == first.k &&
      program[1].code == (BPF_JMP | BPF_JEQ | BPF_K)) {
    program[0] = BPF_STMT(BPF_JMP | BPF_JA, program[1].jt + 1U);
    return true;
  }
  *error = {.call = "seccomp_export_bpf", .error = EBADMSG};
  return false;
}

}  // namespace

bool append_rules(const SeccompProfile& profile, SeccompArchitecture architecture,
                  const std::vector<SeccompName>& names, std::vector<sock_filter>* program,
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
  const size_t before = program->size();
  return add_rules(context.get(), profile, names, error) &&
         export_program(context.get(), program, error) &&
         enter_behind_architecture(std::span(*program).subspan(before), error);
}

}  // namespace sampan
