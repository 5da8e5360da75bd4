// The numbers of system calls by name, on the architectures whose programs the machines run that
// sampan is made for. A table of its own, because a library's is as old as the library: a call that
// a filter cannot name is a call that a profile can neither allow nor forbid.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sampan {

// Order of the numbers in system_calls.inc.
enum class Abi : uint8_t { kX86_64, kX32, kI386, kAarch64, kArm };

struct SystemCall {
  char name[32];
  int32_t numbers[5];

  // -1 where `abi` lacks the call. Those of x32 come without the bit that marks them.
  int32_t number(Abi abi) const { return numbers[static_cast<size_t>(abi)]; }
};

// Null for a name that none of the architectures has.
const SystemCall* find_system_call(const char* name);

// The call that stands for another one on i386: socketcall(2) or ipc(2), and its first argument.
struct Multiplexed {
  enum class By : uint8_t { kNone, kSocketcall, kIpc };
  By by;
  uint8_t subcall;
};

// `by` is kNone for a call that only stands for itself.
Multiplexed find_multiplexed(const char* name);

}  // namespace sampan
