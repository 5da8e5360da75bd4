// New file systems and bind mounts, by descriptors throughout: fsopen, open_tree, mount_setattr,
// move_mount. No path is resolved twice.

#include "init/mounts.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

inline constexpr uint32_t kRecursive = 1u << 14;  // MS_REC
inline constexpr long kProcMagic = 0x9fa0;        // PROC_SUPER_MAGIC

// What the file system itself said in the log of its context (fsopen(2)): "e tmpfs: Bad value …".
const char* explanation(int fs) {
  static char text[500];
  ssize_t n = read(fs, text, sizeof text - 1);
  if (n <= 0) return nullptr;
  text[n] = '\0';
  return text;
}

Status failed_with_log(int fs, const char* syscall, const char* what) {
  Status status = failed(syscall, what);
  status.detail = explanation(fs);
  return status;
}

// One "key=value" or "flag".
Status configure(int fs, const wire::Str& option) {
  const char* equals = strchr(option.data, '=');
  if (equals == nullptr) {
    if (kernel::fsconfig(fs, FSCONFIG_SET_FLAG, option.data, nullptr) == 0) return kOk;
    return failed_with_log(fs, "fsconfig", option.data);
  }
  char key[256];
  auto length = static_cast<size_t>(equals - option.data);
  if (length >= sizeof key) return refused(EINVAL, "fsconfig", option.data);
  memcpy(key, option.data, length);
  key[length] = '\0';
  if (kernel::fsconfig(fs, FSCONFIG_SET_STRING, key, equals + 1) == 0) return kOk;
  return failed_with_log(fs, "fsconfig", option.data);
}

// A tmpfs looks like the directory that it covers; without one it has the mode of every tmpfs.
Status take_mode(const Root& root, const char* target, int fs) {
  Mode mode;
  if (!mode_of(root, target, &mode)) return kOk;
  if (kernel::fsconfig(fs, FSCONFIG_SET_STRING, "mode", mode.digits) == 0) return kOk;
  return failed_with_log(fs, "fsconfig", "mode");
}

Status open_bind_source(Context& c, const wire::BindMount& s, Descriptor* out) {
  unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (s.recursive ? AT_RECURSIVE : 0u);
  if (s.opened) {
    if (s.index >= kMaxSources) return refused(E2BIG, "open_tree", s.source.data);
    *out = static_cast<Descriptor&&>(c.sources[s.index]);
    return out->ok() ? kOk : refused(EBADF, "open_tree", s.source.data);
  }
  if (!s.source_in_root) {
    out->reset(kernel::open_tree(AT_FDCWD, s.source.data, flags));
    return out->ok() ? kOk : failed("open_tree", s.source.data);
  }
  Descriptor inside;
  Status status = c.root.open(s.source.data, O_PATH, &inside);
  if (!status.ok()) return status;
  out->reset(kernel::open_tree(inside.get(), "", flags | AT_EMPTY_PATH));
  return out->ok() ? kOk : failed("open_tree", s.source.data);
}

// Only a procfs may stand for /proc.
Status check_kind(const wire::BindMount& s, int source) {
  if (!s.only_proc || on_proc(source)) return kOk;
  return refused(EPERM, "open_tree", s.source.data, "only a procfs may be mounted on /proc");
}

// The place to mount on, of the same kind as what is mounted there.
Status open_bind_target(Context& c, const wire::BindMount& s, int source, Descriptor* out) {
  struct stat info;
  if (fstat(source, &info) != 0) return failed("fstat", s.target.data);
  if (!S_ISDIR(info.st_mode)) return c.root.make_file(s.target.data, out);
  return c.root.make_directory(s.target.data, kDirectoryMode, out, links_of(s.real_target));
}

}  // namespace

bool on_proc(int fd) {
  struct statfs fs;
  return fstatfs(fd, &fs) == 0 && static_cast<long>(fs.f_type) == kProcMagic;
}

bool mode_of(const Root& root, const char* target, Mode* out) {
  Descriptor there;
  struct stat info;
  if (!root.open(target, O_PATH, &there).ok() || fstat(there.get(), &info) != 0) return false;
  for (int i = 0; i < 4; i++) {
    out->digits[i] = static_cast<char>('0' + ((info.st_mode >> (9 - 3 * i)) & 7));
  }
  return true;
}

Status make_filesystem(const Root& root, const wire::MountFilesystem& s, Descriptor* out) {
  if (!kernel::mounts_by_descriptor()) return make_filesystem_at_once(root, s, out);
  Descriptor fs(kernel::fsopen(s.type.data));
  if (!fs.ok()) return failed("fsopen", s.type.data);
  if (s.source.size > 0 &&
      kernel::fsconfig(fs.get(), FSCONFIG_SET_STRING, "source", s.source.data) != 0) {
    return failed_with_log(fs.get(), "fsconfig", s.source.data);
  }
  wire::Reader options(s.options);
  for (uint32_t i = 0; i < s.options.count; i++) {
    wire::Str option;
    if (!options.get(&option)) return refused(EBADMSG, "decode");
    bool mode = strcmp(option.data, "mode") == 0;
    Status status = mode ? take_mode(root, s.target.data, fs.get()) : configure(fs.get(), option);
    if (!status.ok()) return status;
  }
  if (kernel::fsconfig(fs.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr) != 0) {
    return failed_with_log(fs.get(), "fsconfig", s.type.data);
  }
  out->reset(kernel::fsmount(fs.get(), s.attributes));
  return out->ok() ? kOk : failed_with_log(fs.get(), "fsmount", s.type.data);
}

Status set_mount_propagation(int mount, uint32_t flags, const char* path) {
  if (flags == 0) return kOk;
  unsigned scope = (flags & kRecursive) != 0 ? AT_RECURSIVE : 0;
  if (kernel::mount_setattr(mount, scope, 0, 0, flags & ~kRecursive) == 0) return kOk;
  return failed("mount_setattr", path);
}

Status change_attributes(int mount, unsigned scope, uint64_t set, uint64_t clear,
                         const char* path) {
  if (set == 0 && clear == 0) return kOk;
  if (kernel::mount_setattr(mount, scope, set, clear, 0) == 0) return kOk;
  return failed("mount_setattr", path);
}

Status keep_host_node(int mount, const char* path) {
  const uint64_t kept = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
  return change_attributes(mount, 0, kept, 0, path);
}

Status keep_off_proc(bool is_proc, int target, const char* path) {
  bool named = strncmp(path, "/proc/", 6) == 0;
  if (named || is_proc || !on_proc(target)) return kOk;
  return refused(EPERM, "move_mount", path, "this place is in /proc, where nothing may be mounted");
}

Status attach(Context& c, int mount, int target, uint32_t propagation, const char* path) {
  Status status = keep_off_proc(on_proc(mount), target, path);
  if (!status.ok()) return status;
  if (kernel::move_mount(mount, target) != 0) return failed("move_mount", path);
  status = c.kept_mounts.mounted(path, mount);
  if (!status.ok()) return status;
  return set_mount_propagation(mount, propagation, path);
}

Status run(Context& c, const wire::MakeDirectory& s) {
  Descriptor directory;
  return c.root.make_directory(s.target.data, s.mode, &directory);
}

Status run(Context& c, const wire::MountFilesystem& s) {
  Descriptor mount;
  Status status = make_filesystem(c.root, s, &mount);
  if (!status.ok()) return status;
  Descriptor target;
  status = c.root.make_directory(s.target.data, kDirectoryMode, &target, links_of(s.real_target));
  if (!status.ok()) return status;
  return attach(c, mount.get(), target.get(), s.propagation, s.target.data);
}

Status run(Context& c, const wire::BindMount& s) {
  const char* path = s.target.data;
  Descriptor tree;
  Status status = open_bind_source(c, s, &tree);
  if (status.ok()) status = check_kind(s, tree.get());
  if (!status.ok()) return status;
  status = change_attributes_as(s, tree.get());
  if (!status.ok()) return status;
  Descriptor target;
  status = open_bind_target(c, s, tree.get(), &target);
  if (!status.ok()) return status;
  return attach(c, tree.get(), target.get(), s.propagation, path);
}

}  // namespace sampan::init
