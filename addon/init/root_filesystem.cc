// The root filesystem: made a mount of its own, later made /.

#include <string.h>

#include "init/kernel.h"
#include "init/stage.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

inline constexpr unsigned long kRecursive = 1ul << 14;              // MS_REC
inline constexpr unsigned long kPrivate = 1ul << 18;                // MS_PRIVATE
inline constexpr unsigned long kSlaveAll = 1ul << 19 | kRecursive;  // MS_SLAVE|MS_REC
inline constexpr unsigned long kShared = 1ul << 20;                 // MS_SHARED
inline constexpr int kDetach = 2;                                   // MNT_DETACH

Status clone_tree(int dir, const char* path, unsigned flags, Descriptor* out) {
  out->reset(kernel::open_tree(dir, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags));
  return out->ok() ? kOk : failed("open_tree", path);
}

bool is_same(int one, int other) {
  struct stat first;
  struct stat second;
  return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

// Attaches a clone of the tree behind `place` on top of it; `out` is the new mount.
Status attach_over(const char* source, int place, Descriptor tree, Descriptor* out) {
  if (kernel::move_mount(tree.get(), place) != 0) return failed("move_mount", source);
  *out = static_cast<Descriptor&&>(tree);
  return kOk;
}

// Of a shared tree, and of one whose top alone was changed, the mount that holds the root is still
// a peer of the host's: what is attached in it would appear there and stay, and pivot_root(2)
// refuses a new root whose parent mount is shared. So that mount alone is cut off, in this mount
// namespace.
Status cut_off_parent(const char* source, int place, unsigned long propagation) {
  const unsigned long type = (propagation & kShared) != 0 ? kPrivate : propagation & ~kRecursive;
  if (type == 0 || (propagation & (kShared | kRecursive)) == kRecursive) return kOk;
  Descriptor at(fcntl(place, F_DUPFD_CLOEXEC, 3));
  // EINVAL: not the root of a mount (mount_setattr(2)), so that is further up.
  for (int depth = 0; depth < PATH_MAX / 2; depth++) {
    if (kernel::mount_setattr(at.get(), 0, 0, 0, type) == 0) return kOk;
    if (errno != EINVAL) break;
    at.reset(openat(at.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!at.ok()) return failed("open", source);
  }
  return failed("mount_setattr", source);
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

Status run(Context& c, const wire::TakeSource& s) {
  if (s.index >= kMaxSources) return refused(E2BIG, "open_tree");
  c.sources[s.index].reset(c.slot(s.mount));
  return kOk;
}

Status run(Context& c, const wire::OpenRoot& s) {
  const char* source = s.source.data;
  // No link: it was a directory when the runtime looked.
  Descriptor place(open(source, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  const bool reached = place.ok();
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
  Status status = cut_off_parent(source, place.get(), c.propagation);
  if (!status.ok()) return status;
  Descriptor tree;
  if (s.opened) {
    if (s.index >= kMaxSources) return refused(E2BIG, "open_tree", source);
    tree = static_cast<Descriptor&&>(c.sources[s.index]);
    if (reached && !is_same(tree.get(), place.get())) {
      return refused(ESTALE, "open_tree", source, "another directory has taken its place");
    }
  } else {
    status = clone_tree(place.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &tree);
    if (!status.ok()) return status;
  }
  Descriptor root;
  status = attach_over(source, place.get(), static_cast<Descriptor&&>(tree), &root);
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
  // What lies over it goes first: the name stands for the topmost.
  if (stage::is_open() && kernel::umount2(".", kDetach) != 0) return failed("umount2", "stage");
  if (kernel::umount2(".", kDetach) != 0) return failed("umount2", "old root");
  return chdir("/") == 0 ? kOk : failed("chdir", "/");
}

Status run(Context& c, const wire::MoveRoot&) {
  if (!c.root_over_top) {
    Descriptor top(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!top.ok()) return failed("open", "/");
    // What is attached to a peer of the host's / would lie over that as well.
    if (kernel::set_propagation("/", kPrivate) != 0) return failed("mount", "/");
    if (kernel::move_mount(c.root.fd(), top.get()) != 0) return failed("move_mount", "root");
  }
  if (fchdir(c.root.fd()) != 0) return failed("fchdir", "root");
  if (chroot(".") != 0) return failed("chroot", "root");
  return chdir("/") == 0 ? kOk : failed("chdir", "/");
}

Status run(Context& c, const wire::TakeRoot& s) {
  int root = fcntl(c.slot(s.root), F_DUPFD_CLOEXEC, 3);
  if (root < 0) return failed("fcntl", "root of the container");
  c.root.set(root);
  return kOk;
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
