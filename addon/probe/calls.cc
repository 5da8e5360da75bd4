// The calls that sampan uses and older kernels, or filters of outer containers, do not have.

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init/kernel.h"
#include "probe/tries.h"

namespace sampan::probe {
namespace {

namespace kernel = init::kernel;

const char* try_openat2() {
  return kernel::openat2(AT_FDCWD, "/", O_PATH | O_CLOEXEC, 0, RESOLVE_IN_ROOT) < 0 ? "openat2"
                                                                                    : nullptr;
}

// No process comes of arguments of no size: EINVAL where there is such a call.
const char* try_clone3() {
  if (syscall(SYS_clone3, nullptr, 0) >= 0 || errno == EINVAL) return nullptr;
  return "clone3";
}

const char* try_close_range() {
  return syscall(SYS_close_range, ~0u, ~0u, 0) == 0 ? nullptr : "close_range";
}

// By descriptor, into several namespaces at once.
const char* try_setns() {
  const long self = syscall(SYS_pidfd_open, getpid(), 0);
  if (self < 0) return "pidfd_open";
  const int kinds = CLONE_NEWUTS | CLONE_NEWIPC;
  return syscall(SYS_setns, static_cast<int>(self), kinds) == 0 ? nullptr : "setns";
}

const char* try_pidfd() {
  const long self = syscall(SYS_pidfd_open, getpid(), 0);
  if (self < 0) return "pidfd_open";
  return syscall(SYS_pidfd_send_signal, self, 0, nullptr, 0) == 0 ? nullptr : "pidfd_send_signal";
}

const char* try_mount_by_descriptor() {
  const int type = kernel::fsopen("tmpfs");
  if (type < 0) return "fsopen";
  if (kernel::fsconfig(type, FSCONFIG_CMD_CREATE, nullptr, nullptr) != 0) return "fsconfig";
  const int mount = kernel::fsmount(type, 0);
  if (mount < 0) return "fsmount";
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  if (syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0)
    return "mount_setattr";
  const int tree = static_cast<int>(
      syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE));
  if (tree < 0) return "open_tree";
  return syscall(SYS_move_mount, mount, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) == 0
             ? nullptr
             : "move_mount";
}

const char* action_is_there(uint32_t action) {
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 ? nullptr : "seccomp";
}

const char* try_seccomp() { return action_is_there(SECCOMP_RET_KILL_PROCESS); }

const char* try_seccomp_notify() { return action_is_there(SECCOMP_RET_USER_NOTIF); }

// As a launch makes it. One that goes with this process.
const char* try_keyring() {
  return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) >= 0 ? nullptr : "keyctl";
}

// A device filter that allows everything, attached nowhere.
const char* try_device_filter() {
  const bpf_insn program[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
      {.code = BPF_JMP | BPF_EXIT},
  };
  const char license[] = "Apache-2.0";
  bpf_attr attributes = {};
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = reinterpret_cast<uint64_t>(program);
  attributes.insn_cnt = sizeof program / sizeof program[0];
  attributes.license = reinterpret_cast<uint64_t>(license);
  return syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes) < 0 ? "bpf" : nullptr;
}

// Those without namespaces are the caller's own.
const Try kCalls[] = {
    {"openat2", 0, try_openat2},
    {"clone3", 0, try_clone3},
    {"close_range", 0, try_close_range},
    {"pidfd", 0, try_pidfd},
    {"seccomp", 0, try_seccomp},
    {"seccomp-notify", 0, try_seccomp_notify},
    {"keyring", 0, try_keyring},
    {"device-filter", 0, try_device_filter},
    {"setns", CLONE_NEWUTS | CLONE_NEWIPC, try_setns},
    {"mount-api", CLONE_NEWNS, try_mount_by_descriptor},
    {},
};

}  // namespace

const Try* calls() { return kCalls; }

}  // namespace sampan::probe
