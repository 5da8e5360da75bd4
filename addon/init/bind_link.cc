// Bind mounts for which a symbolic link is what it is: at the source, at the target, or to be
// copied.

#include <sys/stat.h>

#include "init/kernel.h"
#include "init/mounts.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

// Whether the source is a link; its text is `content`.
bool read_link(const char* source, char (&content)[PATH_MAX], uint32_t* size) {
  ssize_t n = readlink(source, content, sizeof content - 1);
  if (n < 0) return false;
  content[n] = '\0';
  *size = static_cast<uint32_t>(n);
  return true;
}

Status open_source(const wire::BindLink& s, Descriptor* out) {
  unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
  if (s.recursive) flags |= AT_RECURSIVE;
  if (s.source_no_follow) flags |= AT_SYMLINK_NOFOLLOW;
  out->reset(kernel::open_tree(AT_FDCWD, s.source.data, flags));
  if (!out->ok()) return failed("open_tree", s.source.data);
  if (!s.only_proc || on_proc(out->get())) return kOk;
  return refused(EPERM, "open_tree", s.source.data, "only a procfs may be mounted on /proc");
}

Status open_target(Context& c, const wire::BindLink& s, int source, Descriptor* out) {
  const char* path = s.target.data;
  if (s.target_no_follow) {
    Status status = c.root.open(path, O_PATH | O_NOFOLLOW, out);
    if (status.error != ENOENT) return status;
  }
  struct stat info;
  if (fstat(source, &info) != 0) return failed("fstat", path);
  if (!S_ISDIR(info.st_mode)) return c.root.make_file(path, out);
  return c.root.make_directory(path, kDirectoryMode, out, links_of(s.real_target));
}

}  // namespace

Status run(Context& c, const wire::BindLink& s) {
  const char* path = s.target.data;
  char content[PATH_MAX];
  wire::MakeSymlink link = {s.target, {content, 0}};
  if (s.copy_link && read_link(s.source.data, content, &link.content.size)) return run(c, link);
  Descriptor tree;
  Status status = open_source(s, &tree);
  if (!status.ok()) return status;
  status = change_attributes_as(s, tree.get());
  if (!status.ok()) return status;
  Descriptor target;
  status = open_target(c, s, tree.get(), &target);
  return status.ok() ? attach(c, tree.get(), target.get(), s.propagation, path) : status;
}

}  // namespace sampan::init
