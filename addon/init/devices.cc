// Device nodes and links. /dev belongs to the image as far as init is concerned: every name in it
// is resolved in the root, every node is checked by descriptor.

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "init/kernel.h"
#include "init/mounts.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

bool is_device(const struct stat& info, uint32_t mode, uint32_t major, uint32_t minor) {
  if ((info.st_mode & S_IFMT) != (mode & S_IFMT)) return false;
  return (mode & S_IFMT) == S_IFIFO || info.st_rdev == makedev(major, minor);
}

// A /dev that is a link, or has one on the way, would have devices made in a volume or put over
// another file (CVE-2026-41579).
Root::Links links_to(const char* path) {
  return strncmp(path, "/dev/", 5) == 0 ? Root::Links::kRefuse : Root::Links::kFollow;
}

// What is there already is fine when it is the same node.
Status keep_existing(const Root::Place& place, const wire::MakeDevice& s) {
  struct stat info;
  if (fstatat(place.directory.get(), place.name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return failed("fstatat", s.target.data);
  if (is_device(info, s.mode, s.major, s.minor)) return kOk;
  return refused(EEXIST, "mknodat", s.target.data, "another file is there");
}

}  // namespace

Status run(Context& c, const wire::MakeDevice& s) {
  const char* path = s.target.data;
  Root::Place place;
  Status status = c.root.parent(path, &place, links_to(path));
  if (!status.ok()) return status;
  if (mknodat(place.directory.get(), place.name, s.mode, makedev(s.major, s.minor)) != 0) {
    return errno == EEXIST ? keep_existing(place, s) : failed("mknodat", path);
  }
  if (s.uid == 0 && s.gid == 0) return kOk;
  // Only a node made here is ever given away (CVE-2026-88265).
  return fchownat(place.directory.get(), place.name, s.uid, s.gid, AT_SYMLINK_NOFOLLOW) == 0
             ? kOk
             : failed("fchownat", path);
}

Status run(Context& c, const wire::BindDevice& s) {
  Descriptor tree(kernel::open_tree(AT_FDCWD, s.source.data, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
  if (!tree.ok()) return failed("open_tree", s.source.data);
  struct stat info;
  if (fstat(tree.get(), &info) != 0) return failed("fstat", s.source.data);
  if (!is_device(info, s.mode, s.major, s.minor)) {
    return refused(ENODEV, "open_tree", s.source.data, "not the device of this name");
  }
  Status status = keep_host_node(tree.get(), s.source.data);
  if (!status.ok()) return status;
  Descriptor target;
  status = c.root.make_file(s.target.data, &target, links_to(s.target.data));
  if (!status.ok()) return status;
  return kernel::move_mount(tree.get(), target.get()) == 0 ? kOk
                                                           : failed("move_mount", s.target.data);
}

Status run(Context& c, const wire::MakeSymlink& s) {
  const char* path = s.target.data;
  Root::Place place;
  Status status = c.root.parent(path, &place, links_to(path));
  if (!status.ok()) return status;
  if (symlinkat(s.content.data, place.directory.get(), place.name) == 0) return kOk;
  if (errno != EEXIST) return failed("symlinkat", path);
  char content[256];
  ssize_t n = readlinkat(place.directory.get(), place.name, content, sizeof content);
  bool same = n == static_cast<ssize_t>(s.content.size) &&
              memcmp(content, s.content.data, s.content.size) == 0;
  return same ? kOk : refused(EEXIST, "symlinkat", path, "another file is there");
}

}  // namespace sampan::init
