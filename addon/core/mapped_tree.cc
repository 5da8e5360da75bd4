#include "core/mapped_tree.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

namespace sampan {
namespace {

bool change(int tree, unsigned scope, const mount_attr& attributes) {
  return syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | scope, &attributes,
                 sizeof attributes) == 0;
}

}  // namespace

Result<UniqueFd> open_mapped_tree(const MappedTree& wanted) {
  unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (wanted.recursive ? AT_RECURSIVE : 0u);
  UniqueFd tree(static_cast<int>(syscall(SYS_open_tree, AT_FDCWD, wanted.source.c_str(), flags)));
  if (tree.get() < 0) return failed("open_tree", wanted.source);
  mount_attr attributes = {};
  attributes.propagation = wanted.propagation;
  // The clone is a peer of the host's mount: without this the container's mounts would show there.
  if (wanted.propagation != 0 && !change(tree.get(), AT_RECURSIVE, attributes)) {
    return failed("mount_setattr", wanted.source);
  }
  attributes = {};
  attributes.attr_set = MOUNT_ATTR_IDMAP;
  attributes.userns_fd = static_cast<uint64_t>(wanted.user_namespace);
  if (!change(tree.get(), wanted.map_recursive ? AT_RECURSIVE : 0u, attributes)) {
    return failed("mount_setattr", wanted.source);
  }
  return tree;
}

}  // namespace sampan
