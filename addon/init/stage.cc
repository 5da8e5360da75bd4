#include "init/stage.h"

#include <linux/openat2.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>

#include "init/descriptor.h"
#include "init/kernel.h"
#include "init/mount_points.h"
#include "init/walk.h"
#include "program/text.h"

namespace sampan::init::stage {
namespace {

inline constexpr long kProcMagic = 0x9fa0;          // PROC_SUPER_MAGIC
inline constexpr long kTmpfsMagic = 0x01021994;     // TMPFS_MAGIC
inline constexpr ino_t kProcRoot = 1;               // PROC_ROOT_INO
inline constexpr unsigned long kNoSymFollow = 256;  // MS_NOSYMFOLLOW, Linux 5.10
inline constexpr unsigned kMostDescriptors = 2048;

// The runtime's procfs and the root of the stage; -1 until they are needed.
int procfs = -1;
int directory = -1;
// How many places there are, and the place where the mount behind a descriptor was made.
unsigned places = 0;
uint16_t place_of[kMostDescriptors];

using Name = Text<32>;

Name name_of(unsigned place) {
  Name name;
  name << '.' << place;
  return name;
}

Name link_to(int fd) {
  Name name;
  name << "self/fd/" << static_cast<uint32_t>(fd);
  return name;
}

bool is_on(int fd, long magic) {
  struct statfs fs;
  return fstatfs(fd, &fs) == 0 && static_cast<long>(fs.f_type) == magic;
}

bool refuse(int error) {
  errno = error;
  return false;
}

bool open_procfs() {
  struct stat info;
  Descriptor found(open("/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!found.ok() || fstat(found.get(), &info) != 0) return false;
  if (!is_on(found.get(), kProcMagic) || info.st_ino != kProcRoot) return refuse(EXDEV);
  procfs = found.release();
  return true;
}

// Of a shared / the host would see what is mounted over it.
bool open_stage() {
  if (directory >= 0) return true;
  if (procfs < 0 && !open_procfs()) return false;
  if (kernel::set_propagation("/", MS_SLAVE) != 0) return false;
  const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  // The user may have no id in this user namespace yet, its root may have none at all. All may
  // enter, since nobody else finds the way: the right to do so in spite asks for an id.
  if (kernel::mount("stage", "/", "tmpfs", flags, "mode=0711,uid=0,gid=0") != 0 &&
      kernel::mount("stage", "/", "tmpfs", flags, "mode=0711") != 0) {
    return false;
  }
  // The parent of / is /, but for what is mounted over it.
  Descriptor found(open("/..", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!found.ok()) return false;
  if (!is_on(found.get(), kTmpfsMagic)) return refuse(EXDEV);
  directory = found.release();
  return true;
}

// mount(2) with the root of the procfs as working directory.
int mount_here(const char* source, const char* target, const char* type, unsigned long flags,
               const char* data) {
  if (fchdir(procfs) != 0) return -1;
  const int result = kernel::mount(source, target, type, flags, data);
  const int error = errno;
  (void)chdir("/");
  errno = error;
  return result;
}

bool make(const char* name, bool is_directory) {
  if (is_directory) return mkdirat(directory, name, 0700) == 0;
  Descriptor file(openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  return file.ok();
}

// By another process: one that has taken another id never gets back to one that has no number here.
bool make_as_root(const char* name, bool is_directory) {
  const pid_t pid = fork();
  if (pid < 0) return false;
  if (pid == 0) {
    (void)setfsgid(0);
    (void)setfsuid(0);
    _exit(make(name, is_directory) ? 0 : errno);
  }
  int status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return status == 0 || refuse(WIFEXITED(status) ? WEXITSTATUS(status) : EIO);
}

// A new place on the stage. Who has no id in this user namespace yet can make nothing (EOVERFLOW).
bool make_place(bool is_directory, Descriptor* out) {
  if (!open_stage()) return false;
  if (places == UINT16_MAX) return refuse(ENOSPC);
  Name name = name_of(++places);
  if (!make(name.c_str(), is_directory) &&
      !((errno == EOVERFLOW || errno == EACCES) && make_as_root(name.c_str(), is_directory))) {
    return false;
  }
  out->reset(openat(directory, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  return out->ok();
}

// The mount that has just been put on the last place.
int take_last() {
  const int fd = openat(directory, name_of(places).c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0 && static_cast<unsigned>(fd) < kMostDescriptors) {
    place_of[fd] = static_cast<uint16_t>(places);
  }
  return fd;
}

struct Pair {
  uint64_t attribute;
  unsigned long mount;  // MS_*
  unsigned long flag;   // ST_* of statfs(2)
};

// The atime modes are a field of their own.
constexpr Pair kPairs[] = {
    {MOUNT_ATTR_RDONLY, MS_RDONLY, 1},
    {MOUNT_ATTR_NOSUID, MS_NOSUID, 2},
    {MOUNT_ATTR_NODEV, MS_NODEV, 4},
    {MOUNT_ATTR_NOEXEC, MS_NOEXEC, 8},
    {MOUNT_ATTR_NODIRATIME, MS_NODIRATIME, 2048},
    {0x00200000, kNoSymFollow, 0x2000},
};

unsigned long atime_of(uint64_t attributes) {
  if ((attributes & MOUNT_ATTR__ATIME) == MOUNT_ATTR_NOATIME) return MS_NOATIME;
  if ((attributes & MOUNT_ATTR__ATIME) == MOUNT_ATTR_STRICTATIME) return MS_STRICTATIME;
  return MS_RELATIME;
}

unsigned long flags_of(uint64_t attributes) {
  unsigned long flags = atime_of(attributes);
  for (const Pair& pair : kPairs) {
    if ((attributes & pair.attribute) != 0) flags |= pair.mount;
  }
  return flags;
}

uint64_t attributes_of(unsigned long flags) {
  uint64_t attributes = MOUNT_ATTR_STRICTATIME;
  if ((flags & 0x1000) != 0) attributes = MOUNT_ATTR_RELATIME;  // ST_RELATIME
  if ((flags & 0x400) != 0) attributes = MOUNT_ATTR_NOATIME;    // ST_NOATIME
  for (const Pair& pair : kPairs) {
    if ((flags & pair.flag) != 0) attributes |= pair.attribute;
  }
  return attributes;
}

// mount(2) sets all flags at once: what is not named is as it was, or the kernel would refuse to
// take away what a user namespace may not (mount_namespaces(7)).
int change_one(int mount, uint64_t set, uint64_t clear) {
  struct statfs fs;
  if (fstatfs(mount, &fs) != 0) return -1;
  const auto now = static_cast<unsigned long>(fs.f_flags);
  const uint64_t wanted = (attributes_of(now) & ~clear) | set;
  Name name = link_to(mount);
  const unsigned long flags = MS_REMOUNT | MS_BIND | flags_of(wanted);
  if (mount_here(nullptr, name.c_str(), nullptr, flags, nullptr) != 0) return -1;
  // A kernel ignores flags that it does not know.
  if ((flags & kNoSymFollow) == 0 || fstatfs(mount, &fs) != 0) return 0;
  if ((static_cast<unsigned long>(fs.f_flags) & 0x2000) != 0) return 0;
  errno = ENOSYS;
  return -1;
}

// The name of the place, on which the mount behind `fd` must still be.
bool find_place(int fd, Name* name) {
  struct stat given;
  struct stat found;
  const bool known = static_cast<unsigned>(fd) < kMostDescriptors && place_of[fd] != 0;
  if (!known) return refuse(ENOSYS);
  *name = name_of(place_of[fd]);
  if (fstat(fd, &given) != 0) return false;
  if (fstatat(directory, name->c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return false;
  return (given.st_ino == found.st_ino && given.st_dev == found.st_dev) || refuse(ENOSYS);
}

// All mounts of a tree on the stage. What somebody has moved meanwhile is not found, or is not the
// root of a mount, which is EINVAL.
int change_tree(int mount, uint64_t set, uint64_t clear) {
  Name name;
  if (!find_place(mount, &name)) return -1;
  Name top;
  top << '/' << name.view();
  Descriptor list(openat(procfs, "self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (!list.ok()) return -1;
  MountPoints points(list.get());
  while (const char* path = points.next(top.c_str())) {
    Descriptor one(walk(directory, path + 1, O_PATH, RESOLVE_NO_SYMLINKS));
    if (!one.ok() || change_one(one.get(), set, clear) != 0) return -1;
  }
  return errno == 0 ? 0 : -1;
}

}  // namespace

bool is_open() { return directory >= 0; }

int open_tree(int dir, const char* path, unsigned flags) {
  const bool follow = (flags & AT_SYMLINK_NOFOLLOW) == 0;
  Descriptor opened;
  if (*path != '\0') {
    dir = openat(dir, path, O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    if (dir < 0) return -1;
    opened.reset(dir);
  }
  struct stat info;
  Descriptor place;
  if (fstat(dir, &info) != 0 || !make_place(S_ISDIR(info.st_mode), &place)) return -1;
  const unsigned long how = MS_BIND | ((flags & AT_RECURSIVE) != 0 ? MS_REC : 0);
  Name source = link_to(dir);
  Name target = link_to(place.get());
  if (mount_here(source.c_str(), target.c_str(), nullptr, how, nullptr) != 0) return -1;
  return take_last();
}

int new_mount(const char* type, const char* source, unsigned long flags, const char* data,
              uint64_t attributes) {
  Descriptor place;
  if (!make_place(true, &place)) return -1;
  // MS_RDONLY would be for the file system too, which may be in use elsewhere: the mount alone is
  // made read-only. Unless only that is allowed (mount_namespaces(7), on what is not to be
  // revealed).
  const uint64_t read_only = attributes & MOUNT_ATTR_RDONLY;
  flags |= flags_of(attributes & ~read_only);
  Name target = link_to(place.get());
  if (mount_here(source, target.c_str(), type, flags, data) != 0) {
    if (errno != EPERM || read_only == 0) return -1;
    if (mount_here(source, target.c_str(), type, flags | MS_RDONLY, data) != 0) return -1;
  }
  Descriptor mount(take_last());
  if (!mount.ok()) return -1;
  if (read_only != 0 && change_one(mount.get(), read_only, 0) != 0) return -1;
  return mount.release();
}

int move_mount(int from, int to) {
  if (!open_stage()) return -1;
  Name source = link_to(from);
  Name target = link_to(to);
  return mount_here(source.c_str(), target.c_str(), nullptr, MS_MOVE, nullptr);
}

int mount_setattr(int mount, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation) {
  if (!open_stage()) return -1;
  if (set != 0 || clear != 0) {
    const bool tree = (flags & AT_RECURSIVE) != 0;
    const int result = tree ? change_tree(mount, set, clear) : change_one(mount, set, clear);
    if (result != 0) return -1;
  }
  if (propagation == 0) return 0;
  const unsigned long how = propagation | ((flags & AT_RECURSIVE) != 0 ? MS_REC : 0);
  return mount_here(nullptr, link_to(mount).c_str(), nullptr, how, nullptr);
}

}  // namespace sampan::init::stage
