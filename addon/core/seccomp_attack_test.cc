// What a process may try against a filter: other numbers, other architectures, stray bits.

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/seccomp.h"
#include "core/seccomp_rig.h"

namespace {

using namespace seccomp_rig;

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
  check("the native architecture is filtered unlisted, and without ENOSYS, as in runc",
        {.architectures = {"riscv64"}, .rules = rules, .enosys = true},
        {{"newer, x86_64", kX86_64, 442, kEperm}, {"newer, aarch64", kAarch64, 442, kEperm}});
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
// no filter can see.
void cve_2026_123876_a_denied_socket_family_stays_denied() {
  Profile profile = {.architectures = {"x86_64", "x86"}, .enosys = true};
  profile.rules.push_back({kEnosys, {"socketcall"}});
  profile.rules.push_back({kAllow, {"connect", "bind", "accept4", "futex_waitv"}});
  profile.rules.push_back({kAllow, {"socket"}, {{0, Comparison::kLt, 12, 0}}});
  for (const uint64_t family : {16, 39, 41}) {
    profile.rules.push_back({kAllow, {"socket"}, {{0, Comparison::kEq, family, 0}}});
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
  // moby/profiles#21: with the default action such a rule is skipped elsewhere, and rules that
  // libseccomp makes up for the calls behind it stay.
  profile.rules.front().action = kEperm;
  check("CVE-2026-123876: socketcall can be denied with the default action", profile,
        {{"socketcall(SYS_SOCKET), i386", kI386, 102, kEperm, {1}},
         {"socketcall(SYS_CONNECT), i386", kI386, 102, kEperm, {3}}});
  profile.rules.erase(profile.rules.begin());
  check("CVE-2026-123876: socketcall is no way around a rule for some families", profile,
        {{"socketcall(SYS_SOCKET), i386", kI386, 102, kEperm, {1}},
         {"socketcall(SYS_CONNECT), i386", kI386, 102, kAllow, {3}}});
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
                {kAllow, {"socket"}, {{0, Comparison::kLt, 12, 0}}}},
      .enosys = true};
  expect("the kernel agrees: mount EPERM, clone3 ENOSYS, 5000 ENOSYS, getpid allowed, AF_ALG EPERM",
         static_cast<uint64_t>(attempt_under(compiled(profile))), 0);
}

}  // namespace

int main() {
  calls_newer_than_the_profile_do_not_exist();
  calls_of_other_architectures_are_killed();
  cve_2026_123876_a_denied_socket_family_stays_denied();
  the_kernel_agrees();
  return finish("seccomp attack");
}
