// Limits and credentials, in the order the kernel demands: the bounding set while CAP_SETPCAP is
// there, then the user, then the capability sets exactly as configured.

#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

inline constexpr uint32_t kMaxGroups = 65536;  // NGROUPS_MAX

uint64_t bit(unsigned capability) { return uint64_t{1} << capability; }

bool is_null_device(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 && S_ISCHR(info.st_mode) && info.st_rdev == makedev(1, 3);
}

// Root of the container could take all rights from the host's /dev/null by a descriptor of it: it
// gets that of its own root, which is looked at before it is opened. Without one it stays.
void take_own_null_device(int fd) {
  static constexpr const char* kNull = "/dev/null";
  Descriptor found(open(kNull, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!found.ok() || !is_null_device(found.get())) return;
  const int mode = fcntl(fd, F_GETFL) & O_ACCMODE;
  Descriptor own(open(kNull, mode | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!own.ok() || !is_null_device(own.get())) return;
  if (fcntl(own.get(), F_SETFL, 0) == 0) (void)dup2(own.get(), fd);
}

// The program must be able to open /dev/stdout again when it is a pipe or file of the caller.
// Devices stay as they are: they are shared with everyone (CVE-2026-88265), and whoever owns the
// caller's terminal reads all that is typed there later. One of the container's own has its owner.
void give_stdio_to(uint32_t uid) {
  for (int fd = 0; fd < 3; fd++) {
    struct stat info;
    if (fstat(fd, &info) != 0 || info.st_uid == uid) continue;
    if (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode)) continue;
    (void)fchown(fd, uid, static_cast<gid_t>(-1));
  }
}

Status set_groups(const wire::U32List& groups) {
  static uint32_t list[1024];
  if (groups.count > sizeof list / sizeof *list || groups.count > kMaxGroups) {
    return refused(E2BIG, "setgroups");
  }
  for (uint32_t i = 0; i < groups.count; i++) list[i] = groups[i];
  if (syscall(SYS_setgroups, groups.count, list) == 0) return kOk;
  // In a joined user namespace whose maker had to deny it, the caller's groups are gone already.
  if (errno == EPERM && groups.count == 0 && getgroups(0, nullptr) == 0) return kOk;
  return failed("setgroups");
}

}  // namespace

Status run(Context&, const wire::SetRlimit& s) {
  struct {
    uint64_t soft, hard;
  } limit = {s.soft, s.hard};
  return syscall(SYS_prlimit64, 0, s.resource, &limit, nullptr) == 0 ? kOk : failed("prlimit");
}

Status run(Context&, const wire::SetUmask& s) {
  umask(s.mask);
  return kOk;
}

Status run(Context&, const wire::ForbidNewPrivileges&) {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? kOk : failed("prctl", "PR_SET_NO_NEW_PRIVS");
}

Status run(Context&, const wire::SetBounding& s) {
  for (unsigned capability = 0; capability < 64; capability++) {
    int held = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (held < 0) break;  // EINVAL: beyond the last one
    if (held == 0 || (s.keep & bit(capability)) != 0) continue;
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return failed("prctl", "PR_CAPBSET_DROP");
  }
  return kOk;
}

Status run(Context&, const wire::SetUser& s) {
  for (int fd = 0; fd < 3; fd++) {
    if (is_null_device(fd)) take_own_null_device(fd);
  }
  give_stdio_to(s.uid);
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return failed("prctl", "PR_SET_KEEPCAPS");
  if (s.set_groups) {
    Status status = set_groups(s.groups);
    if (!status.ok()) return status;
  }
  if (syscall(SYS_setresgid, s.gid, s.gid, s.gid) != 0) return failed("setresgid");
  if (syscall(SYS_setresuid, s.uid, s.uid, s.uid) != 0) return failed("setresuid");
  return prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0 ? kOk : failed("prctl", "PR_SET_KEEPCAPS");
}

Status run(Context&, const wire::SetCapabilities& s) {
  // The ambient set that carried the capabilities into init must not carry them on.
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) {
    return failed("prctl", "PR_CAP_AMBIENT_CLEAR_ALL");
  }
  __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2];
  for (int half = 0; half < 2; half++) {
    int shift = 32 * half;
    data[half].effective = static_cast<uint32_t>(s.effective >> shift);
    data[half].permitted = static_cast<uint32_t>(s.permitted >> shift);
    data[half].inheritable = static_cast<uint32_t>(s.inheritable >> shift);
  }
  if (syscall(SYS_capset, &head, data) != 0) return failed("capset");
  for (unsigned capability = 0; capability < 64; capability++) {
    if ((s.ambient & bit(capability)) == 0) continue;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0) {
      return failed("prctl", "PR_CAP_AMBIENT_RAISE");
    }
  }
  return kOk;
}

}  // namespace sampan::init
