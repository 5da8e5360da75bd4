// When and where the program runs, and what it is shown of the machine: all of it inherited.

#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/personality.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

// linux/ioprio.h
inline constexpr int kWhoProcess = 1;
inline constexpr unsigned kClassShift = 13;

// CONFIG_NR_CPUS and CONFIG_NODES_SHIFT are not larger on any architecture.
inline constexpr uint32_t kMaxNumbers = 8192;
inline constexpr uint32_t kWordBits = 8 * sizeof(unsigned long);

// A bit for each number of a list, as the kernel reads masks.
struct Mask {
  unsigned long words[kMaxNumbers / kWordBits] = {};

  bool set(const wire::U32List& numbers) {
    for (uint32_t i = 0; i < numbers.count; i++) {
      const uint32_t number = numbers[i];
      if (number >= kMaxNumbers) return false;
      words[number / kWordBits] |= 1UL << (number % kWordBits);
    }
    return true;
  }
};

// The kernel refuses a mask of nodes that is longer than it knows, so it ends with the last number.
unsigned long bits_of(const wire::U32List& numbers) {
  unsigned long most = 0;
  for (uint32_t i = 0; i < numbers.count; i++) {
    if (numbers[i] >= most) most = numbers[i] + 1ul;
  }
  return most;
}

}  // namespace

Status run(Context&, const wire::SetPersonality& s) {
  return personality(s.persona) >= 0 ? kOk : failed("personality");
}

Status run(Context&, const wire::SetMemoryPolicy& s) {
  Mask nodes;
  if (!nodes.set(s.nodes)) return refused(EINVAL, "set_mempolicy");
  const bool empty = s.nodes.count == 0;
  // The kernel looks at one bit less than it is told of (set_mempolicy(2), BUGS).
  const unsigned long count = bits_of(s.nodes) + 1;
  long result = syscall(SYS_set_mempolicy, s.mode, empty ? nullptr : nodes.words, count);
  return result == 0 ? kOk : failed("set_mempolicy");
}

Status run(Context&, const wire::SetScheduler& s) {
  struct sched_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.sched_policy = s.policy;
  attributes.sched_flags = s.flags;
  attributes.sched_nice = static_cast<int32_t>(s.nice);
  attributes.sched_priority = s.priority;
  attributes.sched_runtime = s.runtime;
  attributes.sched_deadline = s.deadline;
  attributes.sched_period = s.period;
  return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0 ? kOk : failed("sched_setattr");
}

Status run(Context&, const wire::SetIoPriority& s) {
  const uint32_t value = s.io_class << kClassShift | s.level;
  return syscall(SYS_ioprio_set, kWhoProcess, 0, value) == 0 ? kOk : failed("ioprio_set");
}

Status run(Context&, const wire::SetAffinity& s) {
  Mask cpus;
  if (!cpus.set(s.cpus)) return refused(EINVAL, "sched_setaffinity");
  return syscall(SYS_sched_setaffinity, 0, sizeof cpus.words, cpus.words) == 0
             ? kOk
             : failed("sched_setaffinity");
}

}  // namespace sampan::init
