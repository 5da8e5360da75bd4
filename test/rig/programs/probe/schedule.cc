// When and where the process runs, and where its memory is.

#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "probe.h"

namespace probe {
namespace {

// struct sched_attr of sched_setattr(2); <linux/sched/types.h> clashes with glibc's <sched.h>.
struct Attributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};

void print_scheduler(Json& json, Argument) {
  static constexpr const char* kPolicies[] = {"SCHED_OTHER",   "SCHED_FIFO", "SCHED_RR",
                                              "SCHED_BATCH",   "SCHED_ISO",  "SCHED_IDLE",
                                              "SCHED_DEADLINE"};
  static constexpr const char* kFlags[] = {"SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM",
                                           "SCHED_FLAG_DL_OVERRUN",    "SCHED_FLAG_KEEP_POLICY",
                                           "SCHED_FLAG_KEEP_PARAMS",   "SCHED_FLAG_UTIL_CLAMP_MIN",
                                           "SCHED_FLAG_UTIL_CLAMP_MAX"};
  Attributes found{};
  if (syscall(SYS_sched_getattr, 0, &found, sizeof found, 0) != 0) return void(json.error(errno));
  std::vector<std::string> flags;
  for (unsigned i = 0; i < 7; i++) {
    if ((found.flags >> i & 1) != 0) flags.emplace_back(kFlags[i]);
  }
  json.open('{').field("policy", found.policy < 7 ? kPolicies[found.policy] : "unknown");
  json.field("nice", found.nice).field("priority", found.priority).key("flags").texts(flags);
  json.key("runtime").unsigned_number(found.runtime);
  json.key("deadline").unsigned_number(found.deadline);
  json.key("period").unsigned_number(found.period).close('}');
}

// ioprio_get(2): the class in the upper three bits of sixteen.
void print_io_priority(Json& json, Argument) {
  static constexpr const char* kClasses[] = {"IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT",
                                             "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"};
  const long value = syscall(SYS_ioprio_get, 1, 0);
  if (value < 0) return void(json.error(errno));
  const long kind = value >> 13;
  json.open('{').field("class", kind < 4 ? kClasses[kind] : "unknown");
  json.field("priority", value & 7).close('}');
}

// Bits of a mask as a list of numbers.
std::vector<int64_t> members(const unsigned long* mask, size_t bytes) {
  std::vector<int64_t> numbers;
  constexpr size_t kBits = 8 * sizeof *mask;
  for (size_t i = 0; i < bytes * 8; i++) {
    if ((mask[i / kBits] >> i % kBits & 1) != 0) numbers.push_back(static_cast<int64_t>(i));
  }
  return numbers;
}

void print_affinity(Json& json, Argument) {
  unsigned long mask[1024 / sizeof(long)];
  const long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  if (bytes < 0) return void(json.error(errno));
  json.numbers(members(mask, static_cast<size_t>(bytes)));
}

void print_memory_policy(Json& json, Argument) {
  static constexpr const char* kModes[] = {"MPOL_DEFAULT",
                                           "MPOL_PREFERRED",
                                           "MPOL_BIND",
                                           "MPOL_INTERLEAVE",
                                           "MPOL_LOCAL",
                                           "MPOL_PREFERRED_MANY",
                                           "MPOL_WEIGHTED_INTERLEAVE"};
  static constexpr struct {
    int bit;
    const char* name;
  } kFlags[] = {{1 << 15, "MPOL_F_STATIC_NODES"},
                {1 << 14, "MPOL_F_RELATIVE_NODES"},
                {1 << 13, "MPOL_F_NUMA_BALANCING"}};
  int mode = 0;
  unsigned long nodes[1024 / sizeof(long)]{};
  // maxnode counts one more than there are bits, set_mempolicy(2).
  if (syscall(SYS_get_mempolicy, &mode, nodes, 8 * sizeof nodes, nullptr, 0) != 0) {
    return void(json.error(errno));
  }
  std::vector<std::string> flags;
  for (const auto& [bit, name] : kFlags) {
    if ((mode & bit) != 0) flags.emplace_back(name);
    mode &= ~bit;
  }
  json.open('{').field("mode", mode < 7 ? kModes[mode] : "unknown").key("flags").texts(flags);
  json.key("nodes").numbers(members(nodes, sizeof nodes)).close('}');
}

void print_oom_score(Json& json, Argument) {
  const auto text = read_file("/proc/self/oom_score_adj");
  if (!text) return void(json.error(errno));
  json.number(atoi(text->c_str()));
}

}  // namespace

const Section kScheduleSections[] = {
    {"scheduler", print_scheduler},   {"ioPriority", print_io_priority},
    {"affinity", print_affinity},     {"memoryPolicy", print_memory_policy},
    {"oomScoreAdj", print_oom_score}, {"", nullptr},
};

}  // namespace probe
