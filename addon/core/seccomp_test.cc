// Runs compiled filters in an interpreter, and one in a child for the kernel's own opinion.

#include "core/seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "core/bpf_interpreter.h"

namespace {

using sampan::SeccompError;
using sampan::SeccompProfile;
using sampan::SeccompProgram;
using sampan::SeccompRule;
using Names = std::vector<const char*>;
using Conditions = std::vector<scmp_arg_cmp>;

constexpr uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr uint32_t kKill = SECCOMP_RET_KILL_THREAD;
constexpr uint32_t kEperm = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t kEnosys = SECCOMP_RET_ERRNO | ENOSYS;
constexpr uint32_t kX86_64 = AUDIT_ARCH_X86_64;
constexpr uint32_t kAarch64 = AUDIT_ARCH_AARCH64;
constexpr uint32_t kI386 = AUDIT_ARCH_I386;
constexpr uint32_t kX32Bit = 0x40000000;
constexpr uint64_t kHigh = 1ULL << 32;

int failures = 0;

// What `got` is, in words, when it is not `expected`.
void expect(const std::string& what, uint64_t got, uint64_t expected) {
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

std::variant<SeccompProgram, SeccompError> compile(const Profile& profile) {
  std::vector<SeccompRule> rules;
  for (const Rule& rule : profile.rules) {
    rules.push_back({rule.action, rule.names, rule.conditions});
  }
  return sampan::compile_seccomp(
      {profile.default_action, profile.architectures, rules, profile.enosys});
}

SeccompProgram compiled(const Profile& profile) {
  auto result = compile(profile);
  if (const auto* error = std::get_if<SeccompError>(&result)) {
    fprintf(stderr, "FAILED to compile: %s: %s, rule %d\n", error->call, strerror(error->error),
            error->rule);
    exit(1);
  }
  return std::move(*std::get_if<SeccompProgram>(&result));
}

SeccompError refused(const Profile& profile) {
  const auto result = compile(profile);
  if (const auto* error = std::get_if<SeccompError>(&result)) return *error;
  bpf::broken("a profile was compiled that should be refused");
}

struct Call {
  const char* what;
  uint32_t architecture;
  uint32_t number;
  uint32_t answer;
  uint64_t arguments[6] = {};
};

void check(const char* promise, const Profile& profile, const std::vector<Call>& calls) {
  const SeccompProgram program = compiled(profile);
  for (const Call& call : calls) {
    seccomp_data data = {};
    data.nr = static_cast<int>(call.number);
    data.arch = call.architecture;
    for (int i = 0; i < 6; ++i) data.args[i] = call.arguments[i];
    expect(std::string(promise) + ": " + call.what, bpf::run(program.instructions, data),
           call.answer);
  }
}

// System call numbers: read 0 / 63 / 3, mount 165 / 40 / 21 on x86_64, aarch64, i386.

void each_action_is_answered_with_its_data() {
  const uint32_t actions[] = {SECCOMP_RET_KILL_PROCESS, kKill,  SECCOMP_RET_TRAP,
                              SECCOMP_RET_ERRNO | 4094, kAllow, SECCOMP_RET_TRACE | 0xffff,
                              SECCOMP_RET_LOG,          kEperm, SECCOMP_RET_USER_NOTIF};
  for (const uint32_t action : actions) {
    const uint32_t other = action == kAllow ? kEperm : kAllow;
    check("each action is answered with its data",
          {.default_action = other, .rules = {{action, {"read"}}}},
          {{"the rule", kX86_64, 0, action},
           {"the rule, aarch64", kAarch64, 63, action},
           {"the default", kX86_64, 1, other}});
  }
}

void each_operator_compares_all_64_bits() {
  const uint64_t pivot = 5 * kHigh + 7;
  const uint64_t below[] = {0, 7, pivot - 1, 4 * kHigh + 8, 5 * kHigh};
  const uint64_t above[] = {pivot + 1, 6 * kHigh, 6 * kHigh + 7, UINT64_MAX};
  const struct {
    scmp_compare op;
    bool below, equal, above;
  } table[] = {{SCMP_CMP_NE, true, false, true}, {SCMP_CMP_LT, true, false, false},
               {SCMP_CMP_LE, true, true, false}, {SCMP_CMP_EQ, false, true, false},
               {SCMP_CMP_GE, false, true, true}, {SCMP_CMP_GT, false, false, true}};
  for (const auto& row : table) {
    std::vector<Call> calls = {{"equal", kX86_64, 0, row.equal ? kAllow : kEperm, {0, 0, pivot}}};
    for (uint64_t v : below)
      calls.push_back({"below", kX86_64, 0, row.below ? kAllow : kEperm, {0, 0, v}});
    for (uint64_t v : above)
      calls.push_back({"above", kX86_64, 0, row.above ? kAllow : kEperm, {0, 0, v}});
    check("each operator compares all 64 bits",
          {.rules = {{kAllow, {"read"}, {{2, row.op, pivot, 0}}}}}, calls);
  }
  const uint64_t mask = 3 * kHigh + 0xf0;
  check("MASKED_EQ compares the bits of the mask in all 64 bits",
        {.rules = {{kAllow, {"read"}, {{5, SCMP_CMP_MASKED_EQ, mask, kHigh + 0x50}}}}},
        {{"match", kX86_64, 0, kAllow, {0, 0, 0, 0, 0, kHigh + 0x50}},
         {"other bits", kX86_64, 0, kAllow, {0, 0, 0, 0, 0, 5 * kHigh + 0xf5f}},
         {"low bit", kX86_64, 0, kEperm, {0, 0, 0, 0, 0, kHigh + 0x10}},
         {"high bit", kX86_64, 0, kEperm, {0, 0, 0, 0, 0, 3 * kHigh + 0x50}}});
}

void conditions_meet_or_alternate() {
  check("conditions on different arguments must all hold",
        {.rules = {{kAllow, {"read"}, {{0, SCMP_CMP_EQ, 1, 0}, {1, SCMP_CMP_GT, 9, 0}}}}},
        {{"both", kX86_64, 0, kAllow, {1, 10}},
         {"first", kX86_64, 0, kEperm, {1, 9}},
         {"second", kX86_64, 0, kEperm, {2, 10}}});
  check("with two conditions on one argument any condition is enough, as in runc",
        {.rules = {{kAllow,
                    {"read"},
                    {{0, SCMP_CMP_EQ, 1, 0}, {0, SCMP_CMP_EQ, 2, 0}, {1, SCMP_CMP_EQ, 7, 0}}}}},
        {{"1", kX86_64, 0, kAllow, {1}},
         {"2", kX86_64, 0, kAllow, {2}},
         {"other argument", kX86_64, 0, kAllow, {3, 7}},
         {"none", kX86_64, 0, kEperm, {3}}});
}

void names_are_left_out_or_reported() {
  const SeccompProgram program = compiled(
      {.rules = {{kAllow, {"read", "no_such_call", "write"}}, {kEperm, {"mount", "nor_this"}}}});
  expect("unknown names are reported", program.unknown.size(), 2);
  expect("in the order of the profile", strcmp(program.unknown.front(), "no_such_call"), 0);
  check("a rule with the default action changes nothing",
        {.rules = {{kAllow, {"read"}}, {kEperm, {"mount"}}}},
        {{"mount", kX86_64, 165, kEperm}, {"read", kX86_64, 0, kAllow}});
  check("a call that one architecture lacks is a rule for the others",
        {.architectures = {"x86_64", "aarch64", "x86"}, .rules = {{kAllow, {"open", "waitpid"}}}},
        {{"open", kX86_64, 2, kAllow},
         {"waitpid", kI386, 7, kAllow},
         {"open", kI386, 5, kAllow},
         {"io_submit has open's number", kAarch64, 2, kEperm}});
  check("a profile without rules gives the default to all", {},
        {{"read", kX86_64, 0, kEperm}, {"read", kAarch64, 63, kEperm}});
}

void calls_newer_than_the_profile_do_not_exist() {
  const Names all = {"x86_64", "x32", "x86"};
  // epoll_pwait2 is 441 everywhere; x32 has its own rt_sigaction, 512.
  const std::vector<Rule> rules = {{kAllow, {"read", "rt_sigaction"}}, {kEperm, {"epoll_pwait2"}}};
  check("calls newer than the profile get ENOSYS (runc#2151)",
        {.architectures = all, .rules = rules, .enosys = true},
        {{"newest", kX86_64, 441, kEperm},
         {"newer", kX86_64, 442, kEnosys},
         {"denied and old", kX86_64, 165, kEperm},
         {"allowed", kX86_64, 0, kAllow},
         {"newest, i386", kI386, 441, kEperm},
         {"newer, i386", kI386, 442, kEnosys},
         {"newest, x32", kX86_64, kX32Bit + 512, kAllow},
         {"old, x32", kX86_64, kX32Bit + 442, kEperm},
         {"newer, x32", kX86_64, kX32Bit + 513, kEnosys},
         {"-1", kI386, UINT32_MAX, kEnosys}});
  check("without the prologue they get the default", {.architectures = all, .rules = rules},
        {{"newer", kX86_64, 442, kEperm}, {"newer, i386", kI386, 442, kEperm}});
  Profile unlisted = {.architectures = {"aarch64"}, .rules = rules, .enosys = true};
  if (seccomp_arch_native() == SCMP_ARCH_AARCH64) unlisted.architectures = {"x86_64"};
  const uint32_t native = seccomp_arch_native();
  check("the native architecture is filtered unlisted, and without ENOSYS, as in runc", unlisted,
        {{"newer", native, 442, kEperm}});
}

void calls_of_other_architectures_are_killed() {
  const std::vector<Rule> rules = {{kAllow, {"read", "execve"}}};
  check("calls of unlisted architectures are killed", {.rules = rules, .enosys = true},
        {{"i386", kI386, 3, kKill},
         {"x32 on an x86_64 filter", kX86_64, kX32Bit, kKill},
         {"x32 above the newest", kX86_64, kX32Bit + 600, kKill},
         {"-1, a call that a tracer skips", kX86_64, UINT32_MAX, kEperm},
         {"mips", AUDIT_ARCH_MIPSEL, 4003, kKill}});
  check("an x32 filter does not serve x86_64's numbers",
        {.architectures = {"x86_64", "x32"}, .rules = {{kAllow, {"execve"}}}},
        {{"execve, x32", kX86_64, kX32Bit + 520, kAllow},
         {"execve's old number, x32", kX86_64, kX32Bit + 59, kEperm},
         {"execve, x86_64", kX86_64, 59, kAllow}});
}

// The kernel takes an int and drops the upper half of the register, so a family that is denied by
// "!= 40" or "> 40" comes through with bit 32 set. 32-bit code has socketcall(2), whose arguments
// no filter can see; libseccomp allows it by itself for every socket rule.
void cve_2026_123876_a_denied_socket_family_stays_denied() {
  Profile profile = {.architectures = {"x86_64", "x86"}, .enosys = true};
  profile.rules.push_back({kEnosys, {"socketcall"}});
  profile.rules.push_back({kAllow, {"connect", "bind", "accept4", "futex_waitv"}});
  profile.rules.push_back({kAllow, {"socket"}, {{0, SCMP_CMP_LT, 12, 0}}});
  for (const uint64_t family : {16, 39, 41}) {
    profile.rules.push_back({kAllow, {"socket"}, {{0, SCMP_CMP_EQ, family, 0}}});
  }
  check("CVE-2026-123876: a denied socket family stays denied", profile,
        {{"AF_INET", kX86_64, 41, kAllow, {2}},
         {"AF_NETLINK", kX86_64, 41, kAllow, {16}},
         {"AF_ALG", kX86_64, 41, kEperm, {38}},
         {"AF_VSOCK", kX86_64, 41, kEperm, {40}},
         {"AF_ALG with bit 32", kX86_64, 41, kEperm, {kHigh + 38}},
         {"AF_INET with bit 63", kX86_64, 41, kEperm, {(1ULL << 63) + 2}},
         {"AF_ALG, i386", kI386, 359, kEperm, {38}},
         {"socketcall(SYS_SOCKET), i386", kI386, 102, kEnosys, {1}},
         {"socketcall(SYS_CONNECT), i386", kI386, 102, kEnosys, {3}}});
}

void what_libseccomp_refuses_names_its_place() {
  const SeccompError architecture = refused({.architectures = {"x86_64", "vax"}});
  expect("an unknown architecture is named", static_cast<uint64_t>(architecture.architecture), 1);
  const SeccompError rule =
      refused({.rules = {{kAllow, {"read"}}, {kAllow, {"write"}, {{6, SCMP_CMP_EQ, 0, 0}}}}});
  expect("a seventh argument is refused with its rule", static_cast<uint64_t>(rule.rule), 1);
  expect("and EINVAL", static_cast<uint64_t>(rule.error), EINVAL);
  const SeccompError action = refused({.default_action = SECCOMP_RET_ERRNO | 4095});
  expect("an errno that no call returns is refused", static_cast<uint64_t>(action.error), EINVAL);

  Profile huge = {.architectures = {"x86_64"}};
  for (uint64_t i = 0; i < 1500; ++i) {
    huge.rules.push_back({kAllow, {"read"}, {{0, SCMP_CMP_EQ, i * kHigh + i, 0}}});
  }
  expect("more than the kernel loads is refused", static_cast<uint64_t>(refused(huge).error),
         E2BIG);
}

// Exit status of a child that loads `program` and makes the calls; 0 when all is as promised.
int attempt_under(const SeccompProgram& program) {
  const pid_t child = fork();
  if (child == 0) {
    sock_fprog filter = {static_cast<unsigned short>(program.instructions.size()),
                         const_cast<sock_filter*>(program.instructions.data())};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(10);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter) != 0)
      _exit(11);
    if (mount("none", "/", "tmpfs", 0, nullptr) != -1 || errno != EPERM) _exit(12);
    if (syscall(SYS_clone3, nullptr, 0) != -1 || errno != ENOSYS) _exit(13);
    if (syscall(5000) != -1 || errno != ENOSYS) _exit(14);
    if (getpid() <= 0) _exit(15);
    if (syscall(SYS_socket, kHigh + 38, 5, 0) != -1 || errno != EPERM) _exit(16);
    _exit(0);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) bpf::broken("fork");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void the_kernel_agrees() {
  const Profile profile = {
      .rules = {{kEnosys, {"clone3"}},
                // sigaltstack(2) is the address sanitizer's.
                {kAllow, {"getpid", "exit_group", "write", "futex_waitv", "sigaltstack"}},
                {kAllow, {"socket"}, {{0, SCMP_CMP_LT, 12, 0}}}},
      .enosys = true};
  expect("the kernel agrees: mount EPERM, clone3 ENOSYS, 5000 ENOSYS, getpid allowed, AF_ALG EPERM",
         static_cast<uint64_t>(attempt_under(compiled(profile))), 0);
}

}  // namespace

int main() {
  each_action_is_answered_with_its_data();
  each_operator_compares_all_64_bits();
  conditions_meet_or_alternate();
  names_are_left_out_or_reported();
  calls_newer_than_the_profile_do_not_exist();
  calls_of_other_architectures_are_killed();
  cve_2026_123876_a_denied_socket_family_stays_denied();
  what_libseccomp_refuses_names_its_place();
  the_kernel_agrees();
  if (failures == 0) puts("seccomp: all promises kept");
  return failures == 0 ? 0 : 1;
}
