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
    Comparison op;
    bool below, equal, above;
  } table[] = {{Comparison::kNe, true, false, true}, {Comparison::kLt, true, false, false},
               {Comparison::kLe, true, true, false}, {Comparison::kEq, false, true, false},
               {Comparison::kGe, false, true, true}, {Comparison::kGt, false, false, true}};
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
        {.rules = {{kAllow, {"read"}, {{5, Comparison::kMaskedEq, mask, kHigh + 0x50}}}}},
        {{"match", kX86_64, 0, kAllow, {0, 0, 0, 0, 0, kHigh + 0x50}},
         {"other bits", kX86_64, 0, kAllow, {0, 0, 0, 0, 0, 5 * kHigh + 0xf5f}},
         {"low bit", kX86_64, 0, kEperm, {0, 0, 0, 0, 0, kHigh + 0x10}},
         {"high bit", kX86_64, 0, kEperm, {0, 0, 0, 0, 0, 3 * kHigh + 0x50}}});
}

void conditions_meet_or_alternate() {
  check("conditions on different arguments must all hold",
        {.rules = {{kAllow, {"read"}, {{0, Comparison::kEq, 1, 0}, {1, Comparison::kGt, 9, 0}}}}},
        {{"both", kX86_64, 0, kAllow, {1, 10}},
         {"first", kX86_64, 0, kEperm, {1, 9}},
         {"second", kX86_64, 0, kEperm, {2, 10}}});
  check("with two conditions on one argument any condition is enough, as in runc",
        {.rules = {{kAllow,
                    {"read"},
                    {{0, Comparison::kEq, 1, 0},
                     {0, Comparison::kEq, 2, 0},
                     {1, Comparison::kEq, 7, 0}}}}},
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
  check("architectures of other machines are accepted and leave no trace",
        {.architectures = {"aarch64", "mipsel64", "s390x", "arm"},
         .rules = {{kAllow, {"write", "set_tls"}}}},
        {{"write, mipsel64", AUDIT_ARCH_MIPSEL64, 5001, kKill},
         {"write, x86_64", kX86_64, 1, kAllow},
         {"write, arm", kArm, 4, kAllow},
         {"read, arm", kArm, 3, kEperm},
         {"set_tls, arm", kArm, 0xf0005, kAllow}});
  check("a profile without rules gives the default to all", {},
        {{"read", kX86_64, 0, kEperm}, {"read", kAarch64, 63, kEperm}});
}

void rules_hold_beside_calls_that_an_architecture_lacks() {
  check("rules hold beside calls that an architecture lacks or multiplexes",
        {.default_action = kAllow,
         .architectures = {"x86_64", "aarch64", "x86"},
         .rules = {{kEperm, {"open", "creat"}, {{1, Comparison::kEq, 5, 0}}},
                   {kEperm, {"accept", "recv", "semop"}},
                   {kEperm, {"personality"}, {{0, Comparison::kEq, 9, 0}}}}},
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
  const Rule deny_one = {kEnosys, {"read"}, {{0, Comparison::kEq, 1, 0}}};
  check("a name given twice is one rule", {.rules = {{kAllow, {"read", "read"}}, allow}},
        {{"read", kX86_64, 0, kAllow}});
  check("the first rule without conditions wins", {.rules = {allow, deny}},
        {{"read", kX86_64, 0, kAllow}});
  check("the first rule without conditions wins", {.rules = {deny, allow}},
        {{"read", kX86_64, 0, kEnosys}});
  check("a rule without conditions wins over an earlier one with", {.rules = {deny_one, allow}},
        {{"read", kX86_64, 0, kAllow, {1}}});
  const Rule allow_second = {kAllow, {"read"}, {{1, Comparison::kLt, 5, 0}}};
  const std::vector<Call> calls = {{"both", kX86_64, 0, kEnosys, {1, 2}},
                                   {"the first", kX86_64, 0, kEnosys, {1, 5}},
                                   {"the second", kX86_64, 0, kAllow, {2, 4}},
                                   {"neither", kX86_64, 0, kEperm, {2, 5}}};
  check("the first rule whose conditions hold wins", {.rules = {deny_one, allow_second}}, calls);
  check("an exception with the default action holds before a wider rule",
        {.rules = {{kEperm, {"read"}, {{0, Comparison::kEq, 1, 0}}}, allow_second}},
        {{"both", kX86_64, 0, kEperm, {1, 2}}, {"the second", kX86_64, 0, kAllow, {2, 2}}});
}

void narrow_architectures_compare_32_bits() {
  const uint64_t minus_one = UINT64_MAX;
  check("-1 of 64 bits is -1 of 32 bits where arguments have 32",
        {.architectures = {"x86_64", "x86", "x32", "aarch64", "arm"},
         .rules = {{kAllow, {"read"}, {{0, Comparison::kEq, minus_one, 0}}},
                   {kAllow, {"write"}, {{0, Comparison::kMaskedEq, minus_one, 7}}}}},
        {{"x86_64", kX86_64, 0, kAllow, {minus_one}},
         {"x86_64, 32 bits", kX86_64, 0, kEperm, {UINT32_MAX}},
         {"i386", kI386, 3, kAllow, {UINT32_MAX}},
         {"arm", kArm, 3, kAllow, {UINT32_MAX}},
         {"x32", kX86_64, kX32Bit, kAllow, {UINT32_MAX}},
         {"mask, i386", kI386, 4, kAllow, {7}},
         {"mask, i386, other", kI386, 4, kEperm, {6}}});
}

// What 64-bit code of these calls is on i386 stands behind one call, whose arguments no filter
// sees.
void what_stands_behind_a_multiplexer() {
  const Conditions family = {{0, Comparison::kLt, 12, 0}};
  const Names all = {"x86_64", "x86"};
  check("behind socketcall and ipc rules without conditions hold",
        {.architectures = all, .rules = {{kAllow, {"socket", "semop", "recv"}}}},
        {{"socketcall(SYS_SOCKET)", kI386, 102, kAllow, {1}},
         {"socketcall(SYS_RECV)", kI386, 102, kAllow, {10}},
         {"socketcall(SYS_BIND)", kI386, 102, kEperm, {2}},
         {"ipc(SEMOP)", kI386, 117, kAllow, {1}},
         {"ipc(SEMOP) of version 1", kI386, 117, kAllow, {0x10001}},
         {"ipc(SHMAT)", kI386, 117, kEperm, {21}}});
  check("what one argument might allow is not allowed",
        {.architectures = all, .rules = {{kAllow, {"socket"}, family}}},
        {{"socketcall(SYS_SOCKET)", kI386, 102, kEperm, {1}}, {"socket", kI386, 359, kAllow, {2}}});
  check("what one argument might deny is denied",
        {.default_action = kAllow,
         .architectures = all,
         .rules = {{kEperm, {"socket"}, family}, {kKill, {"socket"}, family}}},
        {{"socketcall(SYS_SOCKET)", kI386, 102, kKill, {1}},
         {"socketcall(SYS_BIND)", kI386, 102, kAllow, {2}}});
  check("a rule for socketcall itself wins",
        {.architectures = all,
         .rules = {{kAllow, {"socketcall"}, {{0, Comparison::kEq, 1, 0}}}, {kEnosys, {"connect"}}}},
        {{"socketcall(SYS_SOCKET)", kI386, 102, kAllow, {1}},
         {"socketcall(SYS_CONNECT)", kI386, 102, kEnosys, {3}}});
}

}  // namespace

int main() {
  each_action_is_answered_with_its_data();
  each_operator_compares_all_64_bits();
  conditions_meet_or_alternate();
  names_are_left_out_or_reported();
  rules_hold_beside_calls_that_an_architecture_lacks();
  the_same_call_in_several_rules();
  narrow_architectures_compare_32_bits();
  what_stands_behind_a_multiplexer();
  return finish("seccomp");
}
