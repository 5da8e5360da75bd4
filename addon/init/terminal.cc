// The container's pseudo-terminal, taken from its own devpts by descriptor: the slave is asked of
// the master (TIOCGPTPEER), never looked up as /dev/pts/N (CVE-2025-52565).

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <initializer_list>

#include "init/kernel.h"
#include "init/steps.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

namespace sampan::init {
namespace {

inline constexpr const char* kMultiplexer = "/dev/pts/ptmx";
inline constexpr long kDevptsMagic = 0x1cd1;  // DEVPTS_SUPER_MAGIC

Status check_master(int fd) {
  struct statfs fs;
  struct stat info;
  if (fstatfs(fd, &fs) != 0) return failed("fstatfs", kMultiplexer);
  if (fstat(fd, &info) != 0) return failed("fstat", kMultiplexer);
  bool genuine = static_cast<long>(fs.f_type) == kDevptsMagic && S_ISCHR(info.st_mode) &&
                 info.st_rdev == makedev(5, 2);
  return genuine ? kOk
                 : refused(ENODEV, "openat2", kMultiplexer, "not the multiplexer of a devpts");
}

// Looked at before it is opened: a running container may have put another device there, and opening
// that can have effects of its own.
Status open_master(const Root& root, Descriptor* out) {
  for (int flags : {O_PATH, O_RDWR | O_NOCTTY}) {
    Status status = root.open(kMultiplexer, flags, out, Root::Links::kRefuse);
    if (status.ok()) status = check_master(out->get());
    if (!status.ok()) return status;
  }
  return kOk;
}

Status open_slave(int master, Descriptor* out) {
  int locked = 0;
  if (ioctl(master, TIOCSPTLCK, &locked) != 0) return failed("ioctl", "TIOCSPTLCK");
  out->reset(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  return out->ok() ? kOk : failed("ioctl", "TIOCGPTPEER");
}

Status bind_console(const Root& root, int slave) {
  Descriptor tree(
      kernel::open_tree(slave, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH));
  if (!tree.ok()) return failed("open_tree", "pseudo-terminal");
  Descriptor target;
  // Through a link the terminal would cover any file (CVE-2025-52565).
  Status status = root.make_file("/dev/console", &target, Root::Links::kRefuse);
  if (!status.ok()) return status;
  return kernel::move_mount(tree.get(), target.get()) == 0 ? kOk
                                                           : failed("move_mount", "/dev/console");
}

winsize size_of(const wire::OpenTerminal& s) {
  winsize size = {};
  size.ws_row = static_cast<unsigned short>(s.rows);
  size.ws_col = static_cast<unsigned short>(s.columns);
  return size;
}

// The program sees the size of the window it is shown in from its first instruction on.
winsize size_of_caller() {
  winsize size = {};
  for (int fd = 0; fd < 3; fd++) {
    if (ioctl(fd, TIOCGWINSZ, &size) == 0) return size;
  }
  return {};
}

Status make_controlling(int slave) {
  if (ioctl(slave, TIOCSCTTY, 0) != 0) return failed("ioctl", "TIOCSCTTY");
  for (int fd = 0; fd < 3; fd++) {
    if (dup2(slave, fd) < 0) return failed("dup2");
  }
  return kOk;
}

}  // namespace

Status run(Context& c, const wire::OpenTerminal& s) {
  Descriptor master;
  Descriptor slave;
  Status status = open_master(c.root, &master);
  if (status.ok()) status = open_slave(master.get(), &slave);
  if (!status.ok()) return status;
  const winsize size = s.rows != 0 ? size_of(s) : size_of_caller();
  if (size.ws_row != 0 && ioctl(master.get(), TIOCSWINSZ, &size) != 0)
    return failed("ioctl", "TIOCSWINSZ");
  // The user must be able to open its own terminal again; an id that is not mapped cannot own it.
  if (fchown(slave.get(), s.uid, static_cast<gid_t>(-1)) != 0 && errno != EINVAL &&
      errno != EPERM) {
    return failed("fchown", "pseudo-terminal");
  }
  if (s.bind_console) status = bind_console(c.root, slave.get());
  if (status.ok()) status = make_controlling(slave.get());
  if (status.ok()) status = c.runtime.send(Report::kTerminal, 0, master.get());
  return status;
}

}  // namespace sampan::init
