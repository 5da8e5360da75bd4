#include "core/device_filter.h"

#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>

#include "core/unique_fd.h"

namespace sampan {
namespace {

// By this name an earlier program is known for our own.
constexpr char kName[BPF_OBJ_NAME_LEN] = "sampan_devices";
constexpr uint32_t kMostPrograms = 64;
constexpr size_t kLogSize = 1 << 16;

uint64_t address(const void* pointer) { return reinterpret_cast<uint64_t>(pointer); }

long bpf(bpf_cmd command, bpf_attr* attr) { return syscall(SYS_bpf, command, attr, sizeof *attr); }

int load(const uint8_t* program, size_t size, char* log) {
  bpf_attr attr = {};
  attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attr.insns = address(program);
  attr.insn_cnt = static_cast<uint32_t>(size / sizeof(bpf_insn));
  attr.license = address("Apache-2.0");
  memcpy(attr.prog_name, kName, sizeof kName);
  if (log != nullptr) {
    attr.log_level = 1;
    attr.log_buf = address(log);
    attr.log_size = kLogSize;
  }
  return static_cast<int>(bpf(BPF_PROG_LOAD, &attr));
}

// The verifier's last words but one: the last line is a count of what it looked at.
std::string verdict(const uint8_t* program, size_t size) {
  std::string log(kLogSize, '\0');
  UniqueFd fd(load(program, size, log.data()));
  log.resize(strlen(log.c_str()));
  size_t end = log.rfind("\nprocessed ");
  if (end != std::string::npos) log.resize(end);
  size_t start = log.find_last_of('\n', log.size() < 2 ? 0 : log.size() - 2);
  return start == std::string::npos ? log : log.substr(start + 1);
}

bool is_own(int program) {
  bpf_prog_info info = {};
  bpf_attr attr = {};
  attr.info.bpf_fd = static_cast<uint32_t>(program);
  attr.info.info_len = sizeof info;
  attr.info.info = address(&info);
  return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 && memcmp(info.name, kName, sizeof kName) == 0;
}

// Programs attached to the cgroup itself; none where they cannot be listed.
uint32_t attached(int cgroup, uint32_t (&ids)[kMostPrograms]) {
  bpf_attr attr = {};
  attr.query.target_fd = static_cast<uint32_t>(cgroup);
  attr.query.attach_type = BPF_CGROUP_DEVICE;
  attr.query.prog_ids = address(ids);
  attr.query.prog_cnt = kMostPrograms;
  return bpf(BPF_PROG_QUERY, &attr) == 0 ? attr.query.prog_cnt : 0;
}

void detach_if_own(int cgroup, uint32_t id) {
  bpf_attr by_id = {};
  by_id.prog_id = id;
  UniqueFd program(static_cast<int>(bpf(BPF_PROG_GET_FD_BY_ID, &by_id)));
  if (!program.ok() || !is_own(program.get())) return;
  bpf_attr attr = {};
  attr.target_fd = static_cast<uint32_t>(cgroup);
  attr.attach_bpf_fd = static_cast<uint32_t>(program.get());
  attr.attach_type = BPF_CGROUP_DEVICE;
  (void)bpf(BPF_PROG_DETACH, &attr);
}

}  // namespace

Result<bool> attach_device_filter(int cgroup, const uint8_t* program, size_t size) {
  UniqueFd fd(load(program, size, nullptr));
  if (!fd.ok()) {
    Error error = failed("bpf");
    // Who may not load any gets no log, and the errno of the first try is the one that counts.
    if (error.number != EPERM) error.path = verdict(program, size);
    return error;
  }
  uint32_t earlier[kMostPrograms];
  uint32_t count = attached(cgroup, earlier);
  bpf_attr attr = {};
  attr.target_fd = static_cast<uint32_t>(cgroup);
  attr.attach_bpf_fd = static_cast<uint32_t>(fd.get());
  attr.attach_type = BPF_CGROUP_DEVICE;
  attr.attach_flags = BPF_F_ALLOW_MULTI;
  if (bpf(BPF_PROG_ATTACH, &attr) != 0) return failed("bpf", "BPF_PROG_ATTACH");
  for (uint32_t i = 0; i < count; i++) detach_if_own(cgroup, earlier[i]);
  return true;
}

}  // namespace sampan
