#include "init/enter_each.h"

#include <linux/sched.h>

#include "init/descriptor.h"
#include "init/kernel.h"
#include "program/text.h"

namespace sampan::init {
namespace {

struct Kind {
  const char* file;
  uint32_t flag;
};

// A mount namespace brings another /proc along, and a user namespace other rights.
constexpr Kind kKinds[] = {
    {"cgroup", CLONE_NEWCGROUP}, {"ipc", CLONE_NEWIPC},   {"uts", CLONE_NEWUTS},
    {"net", CLONE_NEWNET},       {"pid", CLONE_NEWPID},   {"time", CLONE_NEWTIME},
    {"mnt", CLONE_NEWNS},        {"user", CLONE_NEWUSER},
};
constexpr unsigned kCount = sizeof kKinds / sizeof *kKinds;
constexpr unsigned kUser = kCount - 1;

using Files = Descriptor[kCount];

bool open_all(uint32_t pid, uint32_t flags, Files& files) {
  for (unsigned i = 0; i < kCount; i++) {
    if ((flags & kKinds[i].flag) == 0) continue;
    Text<48> path;
    path << "/proc/" << pid << "/ns/" << kKinds[i].file;
    files[i].reset(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!files[i].ok()) return false;
  }
  return true;
}

bool enter(Files& files, unsigned i) {
  if (!files[i].ok()) return true;
  if (syscall(SYS_setns, files[i].get(), kKinds[i].flag) != 0) return false;
  files[i].reset();
  return true;
}

// All but the user namespace; what it takes rights over that one for stays for later.
bool enter_others(Files& files, bool later) {
  for (unsigned i = 0; i < kUser; i++) {
    if (!enter(files, i) && !(later && errno == EPERM)) return false;
  }
  return true;
}

}  // namespace

int enter_each(int pidfd, uint32_t pid, uint32_t flags) {
  Files files;
  if (!open_all(pid, flags, files)) return -1;
  // It is there still, so that the number has meant it all the time.
  if (syscall(SYS_pidfd_send_signal, pidfd, 0, nullptr, 0) != 0 && errno != EPERM) return -1;
  const bool user = files[kUser].ok();
  const bool entered =
      enter_others(files, user) && enter(files, kUser) && enter_others(files, false);
  return entered ? 0 : -1;
}

}  // namespace sampan::init
