// Mounts that are changed, and what only mount(2) can do. That takes names, so it is given `.` in
// the directory that was opened: no path is resolved here either.

#include <string.h>
#include <sys/mount.h>

#include "init/kernel.h"
#include "init/mounts.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

// The directory to mount on; for a change what is there, else made where missing.
Status open_place(Context& c, const wire::MountAtOnce& s, Descriptor* out) {
  Root::Links links = links_of(s.real_target);
  if ((s.flags & MS_REMOUNT) != 0) {
    return c.root.open(s.target.data, O_PATH | O_DIRECTORY, out, links);
  }
  return c.root.make_directory(s.target.data, kDirectoryMode, out, links);
}

// mount(2) cannot give a new mount its propagation in the same call.
Status set_propagation_at(Context& c, const wire::MountAtOnce& s) {
  if (s.propagation == 0) return kOk;
  Descriptor mount;
  Status status = c.root.open(s.target.data, O_PATH, &mount, links_of(s.real_target));
  return status.ok() ? set_mount_propagation(mount.get(), s.propagation, s.target.data) : status;
}

}  // namespace

Status run(Context& c, const wire::MountAtOnce& s) {
  const char* path = s.target.data;
  Descriptor place;
  Status status = open_place(c, s, &place);
  if (status.ok()) status = keep_off_proc(strcmp(s.type.data, "proc") == 0, place.get(), path);
  if (!status.ok()) return status;
  if (fchdir(place.get()) != 0) return failed("fchdir", path);
  int result = kernel::mount(s.source.data, ".", s.type.data, s.flags, s.data.data);
  if (result != 0) status = failed("mount", path);
  if (chdir("/") != 0) return failed("chdir", "/");
  if (status.ok() && (s.flags & MS_REMOUNT) == 0) status = c.kept_mounts.mounted(path, -1);
  return status.ok() ? set_propagation_at(c, s) : status;
}

Status run(Context& c, const wire::ChangeMount& s) {
  const char* path = s.target.data;
  Descriptor mount;
  Status status = c.kept_mounts.open(c.root, path, &mount);
  if (!status.ok()) return status;
  status = change_attributes_as(s, mount.get());
  return status.ok() ? set_mount_propagation(mount.get(), s.propagation, path) : status;
}

}  // namespace sampan::init
