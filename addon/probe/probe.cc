// Tries what containers need of this kernel, and says how each went in a line on standard error:
// `NAME ERRNO CALL`, ERRNO being 0 where all went well.

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <initializer_list>

#include "probe/tries.h"
#include "program/end.h"
#include "program/roles.h"
#include "program/text.h"

namespace sampan::probe {
namespace {

void tell(const Try& attempt, const char* failed) {
  Text<96> line;
  line << attempt.name << ' ' << static_cast<uint32_t>(failed == nullptr ? 0 : errno) << ' '
       << (failed == nullptr ? "" : failed) << '\n';
  (void)write_fully(2, line.view());
}

// The kernel takes a map in one write(2) only.
const char* write_once(const char* path, std::string_view text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  const bool written = file >= 0 && write(file, text.data(), text.size()) >= 0;
  return written ? nullptr : path;
}

// Only the own ids, which the kernel lets everybody do (user_namespaces(7)).
const char* map_self(uid_t uid, gid_t gid) {
  Text<32> users;
  Text<32> groups;
  users << "0 " << uint32_t{uid} << " 1\n";
  groups << "0 " << uint32_t{gid} << " 1\n";
  const char* failed = write_once("/proc/self/setgroups", "deny");
  if (failed == nullptr) failed = write_once("/proc/self/uid_map", users.view());
  if (failed == nullptr) failed = write_once("/proc/self/gid_map", groups.view());
  return failed;
}

const char* make_namespaces(unsigned long kinds) {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  if (kinds != 0 && unshare(static_cast<int>(kinds)) != 0) return "unshare";
  if ((kinds & CLONE_NEWUSER) != 0) {
    if (const char* failed = map_self(uid, gid)) return failed;
  }
  if ((kinds & CLONE_NEWNS) == 0) return nullptr;
  return mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 ? nullptr : "mount";
}

// Only children are in a new pid namespace.
const char* enter_pid_namespace() {
  const pid_t child = fork();
  if (child < 0) return "fork";
  if (child == 0) return nullptr;
  int status = 0;
  (void)waitpid(child, &status, 0);
  end_process(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

[[noreturn]] void carry_out(const Try& attempt, unsigned long added) {
  const unsigned long kinds = attempt.namespaces == 0 ? 0 : attempt.namespaces | added;
  const char* failed = make_namespaces(kinds);
  if (failed == nullptr && (kinds & CLONE_NEWPID) != 0) failed = enter_pid_namespace();
  if (failed == nullptr && attempt.act != nullptr) failed = attempt.act();
  tell(attempt, failed);
  end_process(0);
}

// What is tried may end the process that tries it: a filter's answer to a call.
void try_one(const Try& attempt, unsigned long added) {
  const pid_t child = fork();
  if (child < 0) return tell(attempt, "fork");
  if (child == 0) carry_out(attempt, added);
  int status = 0;
  (void)waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  errno = ENOSYS;
  tell(attempt, "killed");
}

}  // namespace
}  // namespace sampan::probe

int probe_main(int argc, char** argv) {
  using namespace sampan::probe;
  if (argc < 3) return 0;
  const unsigned long added = strcmp(argv[2], "user") == 0 ? CLONE_NEWUSER : 0;
  for (const Try* list : {mounts(), calls()}) {
    for (const Try* next = list; next->name != nullptr; next++) try_one(*next, added);
  }
  return 0;
}
