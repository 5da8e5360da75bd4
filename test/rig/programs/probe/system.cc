// The world around the process: names, namespaces, clocks, execution domain, cgroup.

#include <dirent.h>
#include <linux/keyctl.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "probe.h"

namespace probe {
namespace {

void print_names(Json& json, Argument) {
  utsname names{};
  uname(&names);
  json.open('{').field("hostname", names.nodename).field("domainname", names.domainname);
  json.field("machine", names.machine).close('}');
}

// By the names below /proc/self/ns: `mnt` → `mnt:[4026531841]`.
void print_namespaces(Json& json, Argument) {
  DIR* folder = opendir("/proc/self/ns");
  if (folder == nullptr) return void(json.error(errno));
  json.open('{');
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_name[0] == '.') continue;
    char target[64];
    const ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof target);
    if (length > 0) json.field(entry->d_name, {target, static_cast<size_t>(length)});
  }
  closedir(folder);
  json.close('}');
}

void print_clocks(Json& json, Argument) {
  json.open('{');
  for (const auto& [clock, name] :
       {std::pair{CLOCK_MONOTONIC, "monotonic"}, std::pair{CLOCK_BOOTTIME, "boottime"}}) {
    timespec now{};
    clock_gettime(clock, &now);
    json.key(name).open('{').field("secs", now.tv_sec).field("nanosecs", now.tv_nsec).close('}');
  }
  json.close('}');
}

// personality(2); 0xffffffff asks only.
void print_personality(Json& json, Argument) { json.number(personality(0xffffffff)); }

// Lines of /proc/self/cgroup.
void print_cgroup(Json& json, Argument) {
  auto text = read_file("/proc/self/cgroup");
  if (!text) return void(json.error(errno));
  if (text->ends_with('\n')) text->pop_back();
  json.texts(split(*text, '\n'));
}

// `type;uid;gid;perm;description` of the session keyring, keyctl(2).
void print_keyring(Json& json, Argument) {
  char text[512];
  const long size =
      syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, text, sizeof text);
  if (size < 0) return void(json.error(errno));
  json.text(text);
}

}  // namespace

const Section kSystemSections[] = {
    {"names", print_names},
    {"namespaces", print_namespaces},
    {"clocks", print_clocks},
    {"personality", print_personality},
    {"cgroup", print_cgroup},
    {"keyring", print_keyring},
    {"", nullptr},
};

}  // namespace probe
