// Masked and read-only paths. The covers come from the host or from a fresh tmpfs, never from the
// container (CVE-2025-31133), and what was covered is checked afterwards.

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "init/kernel.h"
#include "init/mounts.h"
#include "init/stage.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

Status open_null_device(Descriptor* out) {
  static constexpr const char* kNull = "/dev/null";
  out->reset(kernel::open_tree(AT_FDCWD, kNull, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
  if (!out->ok()) return failed("open_tree", kNull);
  struct stat info;
  if (fstat(out->get(), &info) != 0) return failed("fstat", kNull);
  if (!S_ISCHR(info.st_mode) || info.st_rdev != makedev(1, 3)) {
    return refused(ENODEV, "open_tree", kNull, "not character device 1:3");
  }
  return keep_host_node(out->get(), kNull);
}

inline constexpr uint64_t kEmptyAttributes =
    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

Status make_empty_directory(Descriptor* out) {
  if (!kernel::mounts_by_descriptor()) {
    static constexpr const char* kData = "nr_blocks=1,nr_inodes=1,mode=755";
    out->reset(stage::new_mount("tmpfs", "none", 0, kData, kEmptyAttributes));
    return out->ok() ? kOk : failed("mount", "tmpfs");
  }
  Descriptor fs(kernel::fsopen("tmpfs"));
  if (!fs.ok()) return failed("fsopen", "tmpfs");
  bool configured = kernel::fsconfig(fs.get(), FSCONFIG_SET_STRING, "nr_blocks", "1") == 0 &&
                    kernel::fsconfig(fs.get(), FSCONFIG_SET_STRING, "nr_inodes", "1") == 0 &&
                    kernel::fsconfig(fs.get(), FSCONFIG_SET_STRING, "mode", "755") == 0 &&
                    kernel::fsconfig(fs.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr) == 0;
  if (!configured) return failed("fsconfig", "tmpfs");
  out->reset(kernel::fsmount(fs.get(), kEmptyAttributes));
  return out->ok() ? kOk : failed("fsmount", "tmpfs");
}

// The first cover is attached as made; the following are clones of it (a mount that is attached
// nowhere can be cloned only since Linux 6.15).
Status next_cover(Descriptor* first, Status (*make)(Descriptor*), Descriptor* out) {
  if (!first->ok()) return make(out);
  out->reset(
      kernel::open_tree(first->get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH));
  return out->ok() ? kOk : failed("open_tree", "cover");
}

// The path now leads to the cover: nobody exchanged a directory on the way to it.
Status verify_covered(const Context& c, const char* path, int cover) {
  Descriptor now;
  bool itself = false;
  Status status = c.kept_mounts.open(c.root, path, &now, &itself);
  if (!status.ok() || itself) return status;
  struct stat is;
  struct stat should;
  if (fstat(now.get(), &is) != 0 || fstat(cover, &should) != 0) return failed("fstat", path);
  if (is.st_dev == should.st_dev && is.st_ino == should.st_ino) return kOk;
  return refused(ESTALE, "move_mount", path, "the path changed while it was being masked");
}

Status cover(Context& c, const char* path, int place, Descriptor* first,
             Status (*make)(Descriptor*)) {
  Descriptor mount;
  Status status = next_cover(first, make, &mount);
  if (!status.ok()) return status;
  if (kernel::move_mount(mount.get(), place) != 0) return failed("move_mount", path);
  status = verify_covered(c, path, mount.get());
  if (!first->ok()) *first = static_cast<Descriptor&&>(mount);
  return status;
}

bool is_missing(const Status& status) { return status.error == ENOENT || status.error == ENOTDIR; }

}  // namespace

Status run(Context& c, const wire::MaskPath& s) {
  Descriptor place;
  Status status = c.kept_mounts.open(c.root, s.target.data, &place);
  if (!status.ok()) return is_missing(status) ? kOk : status;
  struct stat info;
  if (fstat(place.get(), &info) != 0) return failed("fstat", s.target.data);
  if (S_ISDIR(info.st_mode)) {
    return cover(c, s.target.data, place.get(), &c.empty_cover, make_empty_directory);
  }
  return cover(c, s.target.data, place.get(), &c.null_cover, open_null_device);
}

Status run(Context& c, const wire::MakeReadOnly& s) {
  const char* path = s.target.data;
  Descriptor place;
  Status status = c.kept_mounts.open(c.root, path, &place);
  if (!status.ok()) return is_missing(status) ? kOk : status;
  Descriptor tree(kernel::open_tree(
      place.get(), "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE | AT_EMPTY_PATH));
  if (!tree.ok()) return failed("open_tree", path);
  if (kernel::mount_setattr(tree.get(), AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0, 0) != 0) {
    return failed("mount_setattr", path);
  }
  if (kernel::move_mount(tree.get(), place.get()) != 0) return failed("move_mount", path);
  // Where it lies over a whole mount, what is masked below is masked in it.
  return c.kept_mounts.mounted(path, tree.get());
}

}  // namespace sampan::init
