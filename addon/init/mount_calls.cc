// The calls that mount by descriptor, or what stands for them.

#include <linux/mount.h>

#include "init/kernel.h"
#include "init/stage.h"

namespace sampan::init::kernel {
namespace {

// All refuse arguments like these.
bool has(long call) { return syscall(call, -1, nullptr, -1, nullptr, 0) >= 0 || errno != ENOSYS; }

}  // namespace

bool mounts_by_descriptor() {
  static const bool all =
      has(SYS_mount_setattr) && has(SYS_open_tree) && has(SYS_move_mount) && has(SYS_fsopen);
  return all;
}

int open_tree(int dir, const char* path, unsigned flags) {
  if (!mounts_by_descriptor()) return stage::open_tree(dir, path, flags);
  return static_cast<int>(syscall(SYS_open_tree, dir, path, flags));
}

int move_mount(int from, int to) {
  if (!mounts_by_descriptor()) return stage::move_mount(from, to);
  return static_cast<int>(
      syscall(SYS_move_mount, from, "", to, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
}

int mount_setattr(int mount, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation) {
  if (!mounts_by_descriptor()) {
    return stage::mount_setattr(mount, flags, set, clear, propagation);
  }
  struct mount_attr attr = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
  return static_cast<int>(
      syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | flags, &attr, sizeof attr));
}

}  // namespace sampan::init::kernel
