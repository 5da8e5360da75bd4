// What a process can tell about its own isolation, for the built-in container of `sampan demo`.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/directory.h"
#include "program/roles.h"
#include "report/table.h"

namespace sampan {

std::string_view read_text(const char* path) {
  static char buffer[32768];
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  size_t used = 0;
  while (used < sizeof buffer) {
    const ssize_t n = read(fd, buffer + used, sizeof buffer - used);
    if (n <= 0) break;
    used += static_cast<size_t>(n);
  }
  close(fd);
  return {buffer, used};
}

namespace {

uint32_t visible_processes() {
  const int fd = open_directory_at(AT_FDCWD, "/proc");
  if (fd < 0) return 0;
  uint32_t count = 0;
  Directory entries(fd);
  while (const Entry* entry = entries.next()) {
    if (entry->name[0] >= '0' && entry->name[0] <= '9') count++;
  }
  close(fd);
  return count;
}

void report_process(Table& table) {
  Text<96> text;
  text << "pid " << static_cast<uint32_t>(getpid());
  if (const uint32_t count = visible_processes(); count > 0) {
    text << ", sees " << count << (count == 1 ? " process" : " processes");
  }
  table.row("process", text.view());
}

void report_user(Table& table) {
  Text<64> ids;
  ids << "uid " << static_cast<uint32_t>(getuid()) << ", gid " << static_cast<uint32_t>(getgid());
  table.row("user", ids.view());
  gid_t groups[64];
  const int count = getgroups(64, groups);
  table.row("groups");
  if (count <= 0) table.word("none");
  for (int i = 0; i < count; i++) {
    Text<16> group;
    group << static_cast<uint32_t>(groups[i]);
    table.word(group.view());
  }
}

// One row for each range of a user namespace's map (user_namespaces(7)).
void report_map(Table& table, const char* label, const char* path) {
  std::string_view rest = read_text(path);
  if (rest.empty()) table.row(label, "unknown");
  std::string_view line;
  for (bool first = true; next_line(rest, line); first = false) {
    const std::string_view inside = next_word(line);
    const std::string_view outside = next_word(line);
    const std::string_view size = next_word(line);
    Text<96> text;
    if (inside == "0" && outside == "0" && size == "4294967295") {
      text << "all ids as they are";
    } else {
      text << inside << " is " << outside << " outside, " << size;
      text << (size == "1" ? " id" : " ids");
    }
    table.row(first ? label : "", text.view());
  }
}

void report_names(Table& table) {
  utsname names;
  if (uname(&names) != 0) return;
  table.row("hostname", names.nodename);
  table.row("domainname", names.domainname);
}

// Whether the host has this very namespace, from SAMPAN_HOST_NS: `pid:[4026531836],mnt:[…]`.
const char* compared_with_host(std::string_view type, std::string_view own) {
  const char* variable = getenv("SAMPAN_HOST_NS");
  if (variable == nullptr) return "";
  for (std::string_view rest = variable; !rest.empty();) {
    std::string_view host = next_word(rest, ',');
    if (host == own) return "shared with the host";
    if (next_word(host, ':') == type) return "own";
  }
  return "";
}

void report_namespaces(Table& table) {
  table.heading("namespaces");
  static constexpr const char* kTypes[] = {"user", "pid", "net",    "mnt",
                                           "uts",  "ipc", "cgroup", "time"};
  for (const char* type : kTypes) {
    Text<32> path;
    path << "/proc/self/ns/" << type;
    char link[64];
    const ssize_t size = readlink(path.c_str(), link, sizeof link);
    if (size <= 0) continue;
    const std::string_view own(link, static_cast<size_t>(size));
    table.row(type);
    table.cell(own, 22);
    table.word(compared_with_host(type, own));
  }
}

void report_cgroup(Table& table) {
  std::string_view rest = read_text("/proc/self/cgroup");
  std::string_view line;
  bool first = true;
  while (next_line(rest, line)) {
    // Version 2 alone: what it holds is what sampan sets.
    if (!line.starts_with("0::")) continue;
    line.remove_prefix(3);
    table.row(first ? "cgroup" : "", line);
    first = false;
  }
}

}  // namespace
}  // namespace sampan

int report_main() {
  using namespace sampan;
  static Table table;
  table.heading("container");
  report_process(table);
  report_user(table);
  report_map(table, "uid map", "/proc/self/uid_map");
  report_map(table, "gid map", "/proc/self/gid_map");
  report_names(table);
  report_cgroup(table);
  report_namespaces(table);
  report_mounts(table);
  report_security(table);
  table.end_row();
  return 0;
}
