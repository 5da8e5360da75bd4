#include "core/system_calls.h"

#include <string.h>

#include <algorithm>
#include <iterator>

namespace sampan {
namespace {

constexpr SystemCall kCalls[] = {
#include "core/system_calls.inc"
};

struct Part {
  char name[12];
  Multiplexed multiplexed;
};

constexpr Multiplexed socketcall(uint8_t number) { return {Multiplexed::By::kSocketcall, number}; }
constexpr Multiplexed ipc(uint8_t number) { return {Multiplexed::By::kIpc, number}; }

// linux/net.h and linux/ipc.h, sorted by name.
constexpr Part kParts[] = {
    {"accept", socketcall(5)},
    {"accept4", socketcall(18)},
    {"bind", socketcall(2)},
    {"connect", socketcall(3)},
    {"getpeername", socketcall(7)},
    {"getsockname", socketcall(6)},
    {"getsockopt", socketcall(15)},
    {"listen", socketcall(4)},
    {"msgctl", ipc(14)},
    {"msgget", ipc(13)},
    {"msgrcv", ipc(12)},
    {"msgsnd", ipc(11)},
    {"recv", socketcall(10)},
    {"recvfrom", socketcall(12)},
    {"recvmmsg", socketcall(19)},
    {"recvmsg", socketcall(17)},
    {"semctl", ipc(3)},
    {"semget", ipc(2)},
    {"semop", ipc(1)},
    {"semtimedop", ipc(4)},
    {"send", socketcall(9)},
    {"sendmmsg", socketcall(20)},
    {"sendmsg", socketcall(16)},
    {"sendto", socketcall(11)},
    {"setsockopt", socketcall(14)},
    {"shmat", ipc(21)},
    {"shmctl", ipc(24)},
    {"shmdt", ipc(22)},
    {"shmget", ipc(23)},
    {"shutdown", socketcall(13)},
    {"socket", socketcall(1)},
    {"socketpair", socketcall(8)},
};

template <typename Row, size_t kSize>
const Row* find(const Row (&rows)[kSize], const char* name) {
  const Row* row = std::lower_bound(
      std::begin(rows), std::end(rows), name,
      [](const Row& entry, const char* wanted) { return strcmp(entry.name, wanted) < 0; });
  return row != std::end(rows) && strcmp(row->name, name) == 0 ? row : nullptr;
}

}  // namespace

const SystemCall* find_system_call(const char* name) { return find(kCalls, name); }

Multiplexed find_multiplexed(const char* name) {
  const Part* part = find(kParts, name);
  return part == nullptr ? Multiplexed{Multiplexed::By::kNone, 0} : part->multiplexed;
}

}  // namespace sampan
