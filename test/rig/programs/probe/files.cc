// Mounts and files as they are.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "probe.h"

namespace probe {
namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// Undoes the `\040` of mountinfo.
std::string plain(const std::string& field) {
  std::string text;
  for (size_t i = 0; i < field.size(); i++) {
    const bool escaped = field[i] == '\\' && i + 3 < field.size() && is_octal(field[i + 1]) &&
                         is_octal(field[i + 2]) && is_octal(field[i + 3]);
    if (escaped) {
      const int code = (field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + (field[i + 3] - '0');
      text += static_cast<char>(code);
      i += 3;
    } else {
      text += field[i];
    }
  }
  return text;
}

// One line of mountinfo, proc_pid_mountinfo(5).
void print_mount(Json& json, const std::string& line) {
  const std::vector<std::string> words = split(line, ' ');
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (words.size() < 6 || words.end() - dash < 4) return;
  json.open('{').field("id", words[0]).field("parent", words[1]).field("device", words[2]);
  json.field("root", plain(words[3])).field("target", plain(words[4]));
  json.key("options").texts(split(words[5], ','));
  json.key("propagation").texts({words.begin() + 6, dash});
  json.field("type", dash[1]).field("source", plain(dash[2]));
  json.key("data").texts(split(plain(dash[3]), ',')).close('}');
}

void print_mounts(Json& json, Argument) {
  const auto text = read_file("/proc/self/mountinfo");
  if (!text) return void(json.error(errno));
  json.open('[');
  for (const std::string& line : split(*text, '\n')) print_mount(json, line);
  json.close(']');
}

const char* type_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "directory";
    case S_IFLNK:
      return "link";
    case S_IFCHR:
      return "character";
    case S_IFBLK:
      return "block";
    case S_IFIFO:
      return "fifo";
    case S_IFSOCK:
      return "socket";
    default:
      return "unknown";
  }
}

// `ok`, or the name of the error that open(2) gave.
std::string opens(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return errno_name(errno);
  close(fd);
  return "ok";
}

// Whether something can be made below a directory.
std::string takes_entries(const std::string& path) {
  const std::string name = path + "/.probe-" + std::to_string(getpid());
  if (mkdir(name.c_str(), 0700) != 0) return errno_name(errno);
  rmdir(name.c_str());
  return "ok";
}

std::vector<std::string> entries(const std::string& path) {
  std::vector<std::string> names;
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) return names;
  while (const dirent* entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

// A path: what is there, and whether it opens for reading and for writing (nothing is written).
void print_path(Json& json, Argument argument) {
  const std::string path(argument);
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) return void(json.error(errno));
  json.open('{').field("type", type_of(found.st_mode)).field("mode", found.st_mode & 07777);
  json.field("uid", found.st_uid).field("gid", found.st_gid).field("size", found.st_size);
  if (S_ISCHR(found.st_mode) || S_ISBLK(found.st_mode)) {
    json.field("major", major(found.st_rdev)).field("minor", minor(found.st_rdev));
  }
  if (S_ISLNK(found.st_mode)) {
    char target[4096];
    const ssize_t length = readlink(path.c_str(), target, sizeof target);
    json.field("target", {target, length < 0 ? 0 : static_cast<size_t>(length)});
  } else if (S_ISDIR(found.st_mode)) {
    json.field("read", opens(path, O_RDONLY | O_DIRECTORY));
    json.field("write", takes_entries(path)).key("entries").texts(entries(path));
  } else {
    json.field("read", opens(path, O_RDONLY)).field("write", opens(path, O_WRONLY));
  }
  json.close('}');
}

// What a file holds.
void print_file(Json& json, Argument path) {
  const auto text = read_file(std::string(path));
  if (text) {
    json.text(*text);
  } else {
    json.error(errno);
  }
}

// PATH:NAME: an extended attribute.
void print_attribute(Json& json, Argument argument) {
  const size_t colon = argument.rfind(':');
  const std::string path(argument.substr(0, colon));
  const std::string name(colon == argument.npos ? "" : argument.substr(colon + 1));
  char value[4096];
  const ssize_t size = lgetxattr(path.c_str(), name.c_str(), value, sizeof value);
  if (size < 0) return void(json.error(errno));
  json.text({value, static_cast<size_t>(size)});
}

}  // namespace

const Section kFileSections[] = {
    {"mounts", print_mounts},       {"path", print_path}, {"file", print_file},
    {"attribute", print_attribute}, {"", nullptr},
};

}  // namespace probe
