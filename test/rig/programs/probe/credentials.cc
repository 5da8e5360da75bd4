// Who the process is and what it may: ids, capabilities, no_new_privs, seccomp, security label.

#include <linux/capability.h>
#include <linux/prctl.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "probe.h"

namespace probe {
namespace {

// By number, capabilities(7).
constexpr const char* kCapabilities[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

template <class Has>
void print_set(Json& json, const char* name, Has has) {
  json.key(name).open('[');
  for (unsigned i = 0; i < sizeof kCapabilities / sizeof *kCapabilities; i++) {
    if (has(i)) json.text(kCapabilities[i]);
  }
  json.close(']');
}

void print_capabilities(Json& json, Argument) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  if (syscall(SYS_capget, &header, data) != 0) return void(json.error(errno));
  const auto of = [&](uint32_t __user_cap_data_struct::*set) {
    return [&data, set](unsigned i) { return (data[i / 32].*set >> i % 32 & 1) != 0; };
  };
  json.open('{');
  print_set(json, "effective", of(&__user_cap_data_struct::effective));
  print_set(json, "permitted", of(&__user_cap_data_struct::permitted));
  print_set(json, "inheritable", of(&__user_cap_data_struct::inheritable));
  print_set(json, "bounding", [](unsigned i) { return prctl(PR_CAPBSET_READ, i) == 1; });
  print_set(json, "ambient",
            [](unsigned i) { return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1; });
  json.close('}');
}

// Real, effective, saved and file system ids; supplementary groups in the kernel's order.
void print_user(Json& json, Argument) {
  uid_t uids[3];
  gid_t gids[3];
  if (getresuid(&uids[0], &uids[1], &uids[2]) != 0 ||
      getresgid(&gids[0], &gids[1], &gids[2]) != 0) {
    return void(json.error(errno));
  }
  // An invalid id changes nothing and gives the present one.
  const auto fsuid = static_cast<uid_t>(setfsuid(static_cast<uid_t>(-1)));
  const auto fsgid = static_cast<gid_t>(setfsgid(static_cast<gid_t>(-1)));
  std::vector<gid_t> groups(65536);
  const int count = getgroups(static_cast<int>(groups.size()), groups.data());
  groups.resize(count < 0 ? 0 : static_cast<size_t>(count));
  json.open('{');
  json.key("uid").numbers({uids[0], uids[1], uids[2], fsuid});
  json.key("gid").numbers({gids[0], gids[1], gids[2], fsgid});
  json.key("groups").numbers({groups.begin(), groups.end()}).close('}');
}

void print_no_new_privileges(Json& json, Argument) {
  json.flag(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

// 0 none, 1 strict, 2 filter, as in /proc/self/status.
void print_seccomp(Json& json, Argument) { json.number(prctl(PR_GET_SECCOMP, 0, 0, 0, 0)); }

void print_label(Json& json, Argument) {
  const auto label = read_file("/proc/self/attr/current");
  if (label) {
    json.text(*label);
  } else {
    json.error(errno);
  }
}

}  // namespace

const Section kCredentialSections[] = {
    {"capabilities", print_capabilities},
    {"user", print_user},
    {"noNewPrivileges", print_no_new_privileges},
    {"seccomp", print_seccomp},
    {"label", print_label},
    {"", nullptr},
};

}  // namespace probe
