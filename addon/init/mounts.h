// What the steps that mount something have in common: mounts.cc.
#pragma once

#include "init/context.h"
#include "init/kernel.h"
#include "init/status.h"
#include "wire/steps.gen.h"

namespace sampan::init {

inline constexpr unsigned kDirectoryMode = 0755;

// A new file system that is mounted nowhere yet.
Status make_filesystem(const Root& root, const wire::MountFilesystem& s, Descriptor* out);
// The same by mount(2), on the stage.
Status make_filesystem_at_once(const Root& root, const wire::MountFilesystem& s, Descriptor* out);

struct Mode {
  char digits[5] = "0000";
};
// That of what is at `target`, if anything is.
bool mode_of(const Root& root, const char* target, Mode* out);

inline Root::Links links_of(bool real_target) {
  return real_target ? Root::Links::kRefuse : Root::Links::kFollow;
}

// A device of the host in a container can be used there, but root of it changes neither its mode
// nor its owner.
Status keep_host_node(int mount, const char* path);

// Whether it is on a procfs.
bool on_proc(int fd);

// What is read and written in a proc is taken for the kernel's (CVE-2019-16884). Which names below
// /proc may be covered has been checked before; no link leads there, and nothing covers /proc.
Status keep_off_proc(bool is_proc, int target, const char* path);

// Moves a mount onto the place behind `target` and sets its propagation (MS_*, 0 for none).
Status attach(Context& c, int mount, int target, uint32_t propagation, const char* path);
Status set_mount_propagation(int mount, uint32_t flags, const char* path);
// mount_setattr(2); `scope` is 0 or AT_RECURSIVE.
Status change_attributes(int mount, unsigned scope, uint64_t set, uint64_t clear, const char* path);
// The attributes of a step: those of the mount itself, then those of all below it.
template <class Step>
Status change_attributes_as(const Step& s, int mount) {
  const char* path = s.target.data;
  Status status = change_attributes(mount, 0, s.set_attributes, s.clear_attributes, path);
  if (!status.ok()) return status;
  return change_attributes(mount, AT_RECURSIVE, s.recursive_set_attributes,
                           s.recursive_clear_attributes, path);
}

}  // namespace sampan::init
