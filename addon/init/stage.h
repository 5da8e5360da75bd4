// Mounts of kernels before Linux 5.12, which cannot mount by descriptor: what is to be attached is
// made ready on a stage, out of everybody's sight, and then moved to its place. The stage is a
// tmpfs over / : no path leads there, and it goes away with the old root. mount(2) takes names; it
// is given those of descriptors in the procfs of the runtime, never one of the container's.
//
// All return -1 with errno as the calls they stand for.
#pragma once

#include <stdint.h>

namespace sampan::init::stage {

// Whether there is a mount over the / that init began with.
bool is_open();

// open_tree(2) with OPEN_TREE_CLONE: a bind mount on the stage.
int open_tree(int dir, const char* path, unsigned flags);
// fsopen(2) to fsmount(2): `flags` are MS_* of the file system, `attributes` MOUNT_ATTR_*.
int new_mount(const char* type, const char* source, unsigned long flags, const char* data,
              uint64_t attributes);
int move_mount(int from, int to);
// mount_setattr(2). AT_RECURSIVE only while the mount is on the stage, or for the propagation.
int mount_setattr(int mount, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation);

}  // namespace sampan::init::stage
