// Joining and making namespaces, on the general path where one clone3(2) by the runtime is not
// enough.

#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "core/clone_call.h"
#include "init/enter_each.h"
#include "init/kernel.h"
#include "init/steps.h"
#include "program/text.h"

namespace sampan::init {
namespace {

// linux/nsfs.h
#ifndef NS_GET_NSTYPE
#define NS_GET_NSTYPE _IO(0xb7, 0x3)
#endif

// The file of this process's own namespace of a type in which something can be set.
const char* own_file(uint32_t type) {
  switch (type) {
    case CLONE_NEWNET:
      return "/proc/self/ns/net";
    case CLONE_NEWIPC:
      return "/proc/self/ns/ipc";
    case CLONE_NEWUTS:
      return "/proc/self/ns/uts";
    default:
      return "/proc/self/ns/user";
  }
}

// Nothing of the container is visible yet, so /proc is the runtime's.
Status check_foreign(int fd, const wire::OpenNamespace& s) {
  struct stat joined;
  struct stat own;
  if (fstat(fd, &joined) != 0) return failed("fstat", s.path.data);
  if (stat(own_file(s.type), &own) != 0) return failed("stat", own_file(s.type));
  if (joined.st_ino != own.st_ino || joined.st_dev != own.st_dev) return kOk;
  return refused(EINVAL, "ioctl_ns", s.path.data,
                 "it is the runtime's own: what config.json sets in it would change the host");
}

int set_namespace(int fd, uint32_t type) {
  // A user namespace may deny setgroups(2) for ever: root's groups are left behind while they can
  // be. Who may not do that keeps them, as in a user namespace with a single id.
  if ((type & CLONE_NEWUSER) != 0) (void)syscall(SYS_setgroups, 0, nullptr);
  return static_cast<int>(syscall(SYS_setns, fd, type));
}

void add_offset(Text<160>* text, const char* clock, int64_t seconds, uint32_t nanoseconds) {
  *text << clock;
  if (seconds < 0) *text << '-';
  uint64_t magnitude = static_cast<uint64_t>(seconds);
  *text << (seconds < 0 ? 0 - magnitude : magnitude) << ' ' << nanoseconds << '\n';
}

// fork(2) by clone3(2), or clone(2). CLONE_PARENT: the container is the runtime's own child,
// whoever forked it. `move`: it could not be born in the cgroup.
long fork_into(uint64_t flags, int cgroup, int* pidfd, bool* move) {
  clone_args args = {};
  args.flags = flags | CLONE_PARENT | CLONE_PIDFD;
  args.pidfd = reinterpret_cast<uint64_t>(pidfd);
  clone_args born = args;
  if (cgroup >= 0) {
    born.flags |= CLONE_INTO_CGROUP;
    born.cgroup = static_cast<uint64_t>(cgroup);
  }
  const long pid = syscall(SYS_clone3, &born, sizeof born);
  if (pid >= 0) return pid;
  const int error = errno;
  if (!may_clone_without_3(args, -error)) return -error;
  const long other = syscall(SYS_clone, args.flags, nullptr, pidfd, nullptr, nullptr);
  *move = cgroup >= 0;
  return other < 0 ? -errno : other;
}

// In the child, which does nothing before.
Status move_into(int cgroup) {
  Descriptor list(openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC));
  if (!list.ok()) return failed("open", "cgroup.procs");
  return write(list.get(), "0", 1) == 1 ? kOk : failed("write", "cgroup.procs");
}

}  // namespace

Status run(Context& c, const wire::OpenNamespace& s) {
  if (s.index >= kMaxNamespaces) return refused(E2BIG, "open", s.path.data);
  int fd = open(s.path.data, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed("open", s.path.data);
  c.namespaces[s.index].reset(fd);
  // Fails with ENOTTY on anything but nsfs, so that a fifo or a device is never joined.
  int type = ioctl(fd, NS_GET_NSTYPE);
  if (type < 0) return refused(EINVAL, "ioctl_ns", s.path.data, "not a namespace");
  if (static_cast<uint32_t>(type) != s.type) {
    return refused(EINVAL, "ioctl_ns", s.path.data, "a namespace of another type");
  }
  return s.foreign ? check_foreign(fd, s) : kOk;
}

Status run(Context& c, const wire::EnterNamespace& s) {
  if (s.index >= kMaxNamespaces) return refused(E2BIG, "setns");
  if (set_namespace(c.namespaces[s.index].get(), s.type) != 0) return failed("setns");
  c.namespaces[s.index].reset();
  return kOk;
}

Status run(Context& c, const wire::EnterContainer& s) {
  // EINVAL: no pidfd is taken yet.
  if (set_namespace(c.slot(s.container), s.flags) != 0 &&
      (errno != EINVAL || enter_each(c.slot(s.container), s.pid, s.flags) != 0)) {
    return failed("setns");
  }
  // setns(2) to a mount namespace made its root ours.
  int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return failed("open", "/");
  c.root.set(root);
  return kOk;
}

Status run(Context&, const wire::Unshare& s) {
  return syscall(SYS_unshare, s.flags) == 0 ? kOk : failed("unshare");
}

Status run(Context& c, const wire::SetTimeOffsets& s) {
  Text<160> text;
  add_offset(&text, "monotonic ", s.monotonic_secs, s.monotonic_nanosecs);
  add_offset(&text, "boottime ", s.boottime_secs, s.boottime_nanosecs);
  // One write(2): the kernel takes both clocks at once.
  return c.proc.write_own("timens_offsets", text.view());
}

namespace {

// The runtime hears of a child before that child forks again: it takes the last one it hears of for
// the container. A child that it has not heard of ends with its parent.
Status await_parent(const int (&ends)[2]) {
  close(ends[1]);
  char word;
  ssize_t n;
  do {
    n = read(ends[0], &word, 1);
  } while (n < 0 && errno == EINTR);
  close(ends[0]);
  if (n != 1) _exit(1);
  return kOk;
}

}  // namespace

Status run(Context& c, const wire::Fork& s) {
  int pidfd = -1;
  bool move = false;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return failed("pipe2");
  const long pid = fork_into(s.flags, s.into_cgroup ? c.slot(s.cgroup) : -1, &pidfd, &move);
  if (pid < 0) return refused(static_cast<int>(-pid), "clone3");
  if (pid == 0) {
    Status status = await_parent(ends);
    return move ? move_into(c.slot(s.cgroup)) : status;
  }
  Status told = c.runtime.send(Report::kForked, static_cast<uint32_t>(pid), pidfd);
  if (told.ok() && write(ends[1], "", 1) != 1) told = failed("write");
  // A child that the runtime does not know of must not live on.
  if (!told.ok()) (void)kill(static_cast<pid_t>(pid), SIGKILL);
  _exit(told.ok() ? 0 : 1);
}

Status run(Context&, const wire::BecomeRoot&) {
  if (syscall(SYS_setresgid, 0, 0, 0) != 0) return failed("setresgid");
  return syscall(SYS_setresuid, 0, 0, 0) == 0 ? kOk : failed("setresuid");
}

}  // namespace sampan::init
