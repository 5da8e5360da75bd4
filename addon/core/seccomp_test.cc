// What each part of a profile becomes, asked of the compiled filter in an interpreter.

#include "core/seccomp.h"

#include "core/seccomp_rig.h"

namespace {

using namespace seccomp_rig;

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
  check("numbers with a base of their own",
        {.architectures = {"x86_64", "mipsel64", "arm"}, .rules = {{kAllow, {"write", "set_tls"}}}},
        {{"write, mipsel64", AUDIT_ARCH_MIPSEL64, 5001, kAllow},
         {"read, mipsel64", AUDIT_ARCH_MIPSEL64, 5000, kEperm},
         {"set_tls, arm", AUDIT_ARCH_ARM, 0xf0005, kAllow}});
  check("a profile without rules gives the default to all", {},
        {{"read", kX86_64, 0, kEperm}, {"read", kAarch64, 63, kEperm}});
}

// libseccomp 2.5 alone forgets to load the number where the first of its rules is for a call that
// an architecture lacks or has only behind a multiplexer; then no rule holds there.
void rules_hold_beside_calls_that_an_architecture_lacks() {
  check("rules hold beside calls that an architecture lacks or multiplexes",
        {.default_action = kAllow,
         .architectures = {"x86_64", "aarch64", "x86"},
         .rules = {{kEperm, {"open", "creat"}, {{1, SCMP_CMP_EQ, 5, 0}}},
                   {kEperm, {"accept", "recv", "semop"}},
                   {kEperm, {"personality"}, {{0, SCMP_CMP_EQ, 9, 0}}}}},
        {{"aarch64", kAarch64, 92, kEperm, {9}},
         {"i386", kI386, 136, kEperm, {9}},
         {"x86_64", kX86_64, 135, kEperm, {9}},
         {"aarch64, other argument", kAarch64, 92, kAllow, {8}},
         {"open on i386", kI386, 5, kEperm, {0, 5}},
         {"socketcall(SYS_ACCEPT) on i386", kI386, 102, kEperm, {5}},
         {"ipc(SEMOP) on i386", kI386, 117, kEperm, {1}}});
}

void the_same_call_in_several_rules() {
  const Rule allow = {kAllow, {"read"}};
  const Rule deny = {kEnosys, {"read"}};
  const Rule deny_one = {kEnosys, {"read"}, {{0, SCMP_CMP_EQ, 1, 0}}};
  check("a name given twice is one rule", {.rules = {{kAllow, {"read", "read"}}, allow}},
        {{"read", kX86_64, 0, kAllow}});
  check("the first rule without conditions wins", {.rules = {allow, deny}},
        {{"read", kX86_64, 0, kAllow}});
  check("the first rule without conditions wins", {.rules = {deny, allow}},
        {{"read", kX86_64, 0, kEnosys}});
  check("a rule without conditions wins over an earlier one with", {.rules = {deny_one, allow}},
        {{"read", kX86_64, 0, kAllow, {1}}});
  Rule allow_one = deny_one;
  allow_one.action = kAllow;
  const SeccompError error = refused({.rules = {deny_one, allow_one}});
  expect("contradictory conditions are refused", static_cast<uint64_t>(error.error), EEXIST);
  expect("with the later rule", static_cast<uint64_t>(error.rule), 1);
}

void what_libseccomp_refuses_names_its_place() {
  const SeccompError architecture = refused({.architectures = {"x86_64", "vax"}});
  expect("an unknown architecture is named", static_cast<uint64_t>(architecture.architecture), 1);
  const SeccompError rule =
      refused({.rules = {{kAllow, {"read"}}, {kAllow, {"write"}, {{6, SCMP_CMP_EQ, 0, 0}}}}});
  expect("a seventh argument is refused with its rule", static_cast<uint64_t>(rule.rule), 1);
  expect("and EINVAL", static_cast<uint64_t>(rule.error), EINVAL);
  const SeccompError other_end = refused({.architectures = {"x86_64", "s390x"}});
  expect("an architecture of the other byte order is named",
         static_cast<uint64_t>(other_end.architecture), 1);
  const SeccompError action = refused({.default_action = SECCOMP_RET_ERRNO | 4095});
  expect("an errno that no call returns is refused", static_cast<uint64_t>(action.error), EINVAL);

  Profile huge = {.architectures = {"x86_64"}};
  for (uint64_t i = 0; i < 1500; ++i) {
    huge.rules.push_back({kAllow, {"read"}, {{0, SCMP_CMP_EQ, i * kHigh + i, 0}}});
  }
  expect("more than the kernel loads is refused", static_cast<uint64_t>(refused(huge).error),
         E2BIG);
}

}  // namespace

int main() {
  each_action_is_answered_with_its_data();
  each_operator_compares_all_64_bits();
  conditions_meet_or_alternate();
  names_are_left_out_or_reported();
  rules_hold_beside_calls_that_an_architecture_lacks();
  the_same_call_in_several_rules();
  what_libseccomp_refuses_names_its_place();
  return finish("seccomp");
}
