// The report's mounts, told apart by what they are for.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "core/directory.h"
#include "report/table.h"

namespace sampan {
namespace {

// One line of /proc/self/mountinfo (proc_pid_mountinfo(5)).
struct Mount {
  std::string_view id, parent, root, target, options, type, super_options;

  explicit Mount(std::string_view line) {
    id = next_word(line);
    parent = next_word(line);
    next_word(line);
    root = next_word(line);
    target = next_word(line);
    options = next_word(line);
    // Optional fields end with a single hyphen.
    while (!line.empty() && next_word(line) != "-") {
    }
    type = next_word(line);
    next_word(line);
    super_options = next_word(line);
  }

  bool below(std::string_view directory) const {
    return target.size() > directory.size() && target.starts_with(directory) &&
           target[directory.size()] == '/';
  }
};

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    if (next_word(options, ',') == wanted) return true;
  }
  return false;
}

bool read_only(const Mount& mount) {
  return has_option(mount.options, "ro") || has_option(mount.super_options, "ro");
}

bool is_empty_directory(const char* path) {
  const int fd = open_directory_at(AT_FDCWD, path);
  if (fd < 0) return false;
  Directory entries(fd);
  const bool empty = entries.next() == nullptr;
  close(fd);
  return empty;
}

enum class Kind { mount, device, masked, read_only_path };

// Judged by what is there now, not by what was asked for.
Kind kind_of(const Mount& mount) {
  Text<4096> path;
  path << mount.target;
  struct stat about;
  const bool known = stat(path.c_str(), &about) == 0;
  const bool kernel_files = mount.below("/proc") || mount.below("/sys");
  if (known && S_ISCHR(about.st_mode)) {
    return kernel_files && about.st_rdev == makedev(1, 3) ? Kind::masked : Kind::device;
  }
  if (!kernel_files) return Kind::mount;
  if (mount.type == "tmpfs" && read_only(mount) && is_empty_directory(path.c_str())) {
    return Kind::masked;
  }
  const bool part = mount.root != "/" && (mount.type == "proc" || mount.type == "sysfs");
  return part && read_only(mount) ? Kind::read_only_path : Kind::mount;
}

void report_flags(Table& table, const Mount& mount) {
  table.cell(read_only(mount) ? "ro" : "rw", 2);
  static constexpr std::string_view kFlags[] = {"nosuid", "nodev", "noexec"};
  for (const std::string_view flag : kFlags) {
    if (has_option(mount.options, flag)) table.word(flag);
  }
}

template <class Test>
bool any_mount(std::string_view all, Test&& test) {
  std::string_view line;
  while (next_line(all, line)) {
    if (test(Mount(line))) return true;
  }
  return false;
}

// Whether another mount lies over it, so that no path leads there: on top of it, or on a directory
// above it in the same parent; or the same befell its parent. Order and target alone do not tell,
// since a tree can be attached long after it was made.
bool is_covered(const Mount& mount, std::string_view all) {
  Mount at = mount;
  std::string_view from;
  for (;;) {
    const bool covered = any_mount(all, [&](const Mount& other) {
      if (other.id == at.id || other.id == from) return false;
      if (other.parent == at.id) return other.target == at.target;
      return other.parent == at.parent && at.below(other.target);
    });
    if (covered) return true;
    from = at.id;
    const std::string_view parent = at.parent;
    const bool known = any_mount(all, [&](const Mount& other) {
      if (other.id != parent) return false;
      at = other;
      return true;
    });
    // A mount can be its own parent (the initial root).
    if (!known || at.id == from) return false;
  }
}

template <class Each>
void each_mount(Kind wanted, Each&& each) {
  const std::string_view all = read_text("/proc/self/mountinfo");
  std::string_view rest = all;
  std::string_view line;
  while (next_line(rest, line)) {
    const Mount mount(line);
    if (!is_covered(mount, all) && kind_of(mount) == wanted) each(mount);
  }
}

void report_targets(Table& table, const char* label, Kind kind) {
  bool any = false;
  table.row(label);
  each_mount(kind, [&](const Mount& mount) {
    table.word(mount.target);
    any = true;
  });
  if (!any) table.word("none");
}

}  // namespace

void report_mounts(Table& table) {
  table.heading("mounts");
  each_mount(Kind::mount, [&](const Mount& mount) {
    table.row(mount.target);
    table.cell(mount.type, 10);
    report_flags(table, mount);
  });
  report_targets(table, "bound devices", Kind::device);
  report_targets(table, "masked", Kind::masked);
  report_targets(table, "read-only", Kind::read_only_path);
}

}  // namespace sampan
