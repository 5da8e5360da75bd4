// The table agrees with the headers that this was compiled with, and every row is found.

#include "core/system_calls.h"

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/seccomp_rig.h"

namespace {

using namespace seccomp_rig;
using sampan::Abi;
using sampan::Multiplexed;

#if defined(__x86_64__)
constexpr Abi kHere = Abi::kX86_64;
#else
constexpr Abi kHere = Abi::kAarch64;
#endif

struct Row {
  const char* name;
  int32_t numbers[5];
};

constexpr Row kRows[] = {
#include "core/system_calls.inc"
};

void every_row_is_found() {
  const char* before = "";
  for (const Row& row : kRows) {
    expect(std::string("sorted: ") + row.name, strcmp(before, row.name) < 0, true);
    before = row.name;
    const sampan::SystemCall* found = sampan::find_system_call(row.name);
    expect(std::string("found: ") + row.name, found != nullptr, true);
    if (found != nullptr) expect(row.name, found->numbers[4] == row.numbers[4], true);
  }
  for (const char* name : {"", "a", "no_such_call", "zzz"}) {
    expect("nothing found", sampan::find_system_call(name) == nullptr, true);
  }
}

void numbers_are_the_kernels() {
  const struct {
    const char* name;
    int32_t number;
  } here[] = {{"read", SYS_read},        {"execve", SYS_execve},   {"seccomp", SYS_seccomp},
              {"clone3", SYS_clone3},    {"openat2", SYS_openat2}, {"sendmsg", SYS_sendmsg},
              {"io_setup", SYS_io_setup}};
  for (const auto& [name, number] : here) {
    const auto got = static_cast<uint64_t>(sampan::find_system_call(name)->number(kHere));
    expect(name, got, static_cast<uint64_t>(number));
  }
  // From 424 on one number everywhere; these are newer than most tables.
  for (const Abi abi : {Abi::kX86_64, Abi::kX32, Abi::kI386, Abi::kAarch64, Abi::kArm}) {
    expect("mseal", static_cast<uint64_t>(sampan::find_system_call("mseal")->number(abi)), 462);
    expect("statmount", static_cast<uint64_t>(sampan::find_system_call("statmount")->number(abi)),
           457);
  }
}

void what_i386_multiplexes() {
  const auto by = [](const char* name) { return sampan::find_multiplexed(name).by; };
  expect("accept", by("accept") == Multiplexed::By::kSocketcall, true);
  expect("socketpair", sampan::find_multiplexed("socketpair").subcall, 8);
  expect("shmget", by("shmget") == Multiplexed::By::kIpc, true);
  expect("read", by("read") == Multiplexed::By::kNone, true);
  for (const char* name : {"send", "semtimedop", "msgctl", "bind"}) {
    expect(name, by(name) != Multiplexed::By::kNone, true);
    expect(name, sampan::find_system_call(name) != nullptr, true);
  }
}

}  // namespace

int main() {
  every_row_is_found();
  numbers_are_the_kernels();
  what_i386_multiplexes();
  return finish("system calls");
}
