// The root filesystem: made a mount of its own, later made /.

#include <string.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

inline constexpr unsigned long kShared = 1ul << 20;                    // MS_SHARED
inline constexpr unsigned long kSlaveAll = (1ul << 19) | (1ul << 14);  // MS_SLAVE|MS_REC
inline constexpr int kDetach = 2;                                      // MNT_DETACH

Status clone_tree(int dir, const char* path, unsigned flags, Descriptor* out) {
  out->reset(kernel::open_tree(dir, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags));
  return out->ok() ? kOk : failed("open_tree", path);
}

// Attaches a clone of the tree behind `place` on top of it; `out` is the new mount.
Status attach_over(const char* source, int place, Descriptor tree, Descriptor* out) {
  if (kernel::move_mount(tree.get(), place) != 0) return failed("move_mount", source);
  *out = static_cast<Descriptor&&>(tree);
  return kOk;
}

// pivot_root(2) refuses a new root whose parent mount is shared. A private mount of our own
// between the two makes that true without touching the host's mount.
Status make_parent_private(const char* source, Descriptor* root) {
  if (kernel::mount_setattr(root->get(), 0, 0, 0, 1ul << 18 /* MS_PRIVATE */) != 0) {
    return failed("mount_setattr", source);
  }
  Descriptor tree;
  Status status = clone_tree(root->get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &tree);
  if (!status.ok()) return status;
  int place = root->get();
  Descriptor upper;
  status = attach_over(source, place, static_cast<Descriptor&&>(tree), &upper);
  if (status.ok()) *root = static_cast<Descriptor&&>(upper);
  return status;
}

}  // namespace

Status run(Context& c, const wire::SetPropagation& s) {
  c.propagation = s.flags;
  return kernel::set_propagation("/", s.flags) == 0 ? kOk : failed("mount", "/");
}

Status run(Context& c, const wire::OpenSource& s) {
  if (s.index >= kMaxSources) return refused(E2BIG, "open_tree", s.source.data);
  return clone_tree(AT_FDCWD, s.source.data, s.recursive ? AT_RECURSIVE : 0, &c.sources[s.index]);
}

Status run(Context& c, const wire::OpenRoot& s) {
  const char* source = s.source.data;
  Descriptor place(open(source, O_PATH | O_DIRECTORY | O_CLOEXEC));
  // With the tree opened before, container root may be unable to reach the path: the tree is then
  // attached over / itself, which pivot_root(2) turns into the root all the same.
  if (!place.ok() && s.opened && errno == EACCES) {
    place.reset(open("/", O_PATH | O_CLOEXEC));
    c.root_over_top = true;
  }
  if (!place.ok()) return failed("open", source);
  if (!s.attach) {
    c.root.set(place.release());
    return kOk;
  }
  Descriptor tree;
  if (s.opened) {
    if (s.index >= kMaxSources) return refused(E2BIG, "open_tree", source);
    tree = static_cast<Descriptor&&>(c.sources[s.index]);
  } else {
    Status status = clone_tree(place.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &tree);
    if (!status.ok()) return status;
  }
  Descriptor root;
  Status status = attach_over(source, place.get(), static_cast<Descriptor&&>(tree), &root);
  if (status.ok() && (c.propagation & kShared) != 0) status = make_parent_private(source, &root);
  if (status.ok()) c.root.set(root.release());
  return status;
}

Status run(Context& c, const wire::PivotRoot&) {
  Descriptor old(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!old.ok()) return failed("open", "/");
  if (fchdir(c.root.fd()) != 0) return failed("fchdir", "root");
  // Both names are ".": the old root ends up stacked on the new one, no directory is needed for it
  // (pivot_root(2), NOTES).
  if (kernel::pivot_root(".", ".") != 0) return failed("pivot_root", "root");
  if (fchdir(old.get()) != 0) return failed("fchdir", "old root");
  // Slave, so that unmounting here never reaches the host.
  if (kernel::set_propagation(".", kSlaveAll) != 0) return failed("mount", "old root");
  if (kernel::umount2(".", kDetach) != 0) return failed("umount2", "old root");
  return chdir("/") == 0 ? kOk : failed("chdir", "/");
}

Status run(Context& c, const wire::MoveRoot&) {
  if (!c.root_over_top) {
    Descriptor top(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!top.ok()) return failed("open", "/");
    if (kernel::move_mount(c.root.fd(), top.get()) != 0) return failed("move_mount", "root");
  }
  if (fchdir(c.root.fd()) != 0) return failed("fchdir", "root");
  if (chroot(".") != 0) return failed("chroot", "root");
  return chdir("/") == 0 ? kOk : failed("chdir", "/");
}

Status run(Context& c, const wire::ChangeRoot&) {
  if (fchdir(c.root.fd()) != 0) return failed("fchdir", "root");
  if (chroot(".") != 0) return failed("chroot", "root");
  return chdir("/") == 0 ? kOk : failed("chdir", "/");
}

Status run(Context& c, const wire::MakeRootReadOnly&) {
  if (kernel::mount_setattr(c.root.fd(), 0, MOUNT_ATTR_RDONLY, 0, 0) == 0) return kOk;
  return failed("mount_setattr", "root");
}

Status run(Context&, const wire::SetRootPropagation& s) {
  return kernel::set_propagation("/", s.flags) == 0 ? kOk : failed("mount", "/");
}

}  // namespace sampan::init
