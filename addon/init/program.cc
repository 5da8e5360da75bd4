// The last steps: working directory, the program found and executed.

#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <string_view>

#include "init/asks_for.h"
#include "init/kernel.h"
#include "init/steps.h"
#include "program/text.h"
#include "wire/strings.h"

namespace sampan::init {
namespace {

// Why a file cannot be executed that access(2) refuses.
const char* why_denied(const char* path, const struct stat& info) {
  if (S_ISDIR(info.st_mode)) return "it is a directory";
  if (!S_ISREG(info.st_mode)) return "it is not a regular file";
  struct statvfs mount;
  bool noexec = statvfs(path, &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0;
  return noexec ? "it is on a mount with the option noexec" : "it has no execute bit for this user";
}

// Fails as execve(2) would: ENOENT, EACCES for what is no executable regular file.
int check_program(const char* path, const char** why) {
  struct stat info;
  if (stat(path, &info) != 0) return errno;
  // Real and effective ids are equal by now, so plain access(2) tells what execve(2) will.
  if (S_ISREG(info.st_mode) && access(path, X_OK) == 0) return 0;
  *why = why_denied(path, info);
  return EACCES;
}

bool join(char* out, size_t size, std::string_view directory, std::string_view name) {
  if (directory.empty()) directory = ".";
  if (directory.size() + name.size() + 2 > size) return false;
  memcpy(out, directory.data(), directory.size());
  out[directory.size()] = '/';
  memcpy(out + directory.size() + 1, name.data(), name.size() + 1);
  return true;
}

// execvp(3): the first executable one wins; EACCES is remembered while the search goes on.
int search(const char* name, const char* path, char* out, size_t size, const char** why) {
  int error = ENOENT;
  for (const char* rest = path; *rest != '\0';) {
    size_t length = strcspn(rest, ":");
    if (join(out, size, {rest, length}, name)) {
      int found = check_program(out, why);
      if (found == 0) return 0;
      if (found == EACCES) error = EACCES;
    }
    rest += length;
    if (*rest == ':') rest++;
  }
  return error;
}

}  // namespace

Status run(Context& c, const wire::SetCwd& s) {
  if (c.in_directory) return kOk;
  if (chdir(s.path.data) != 0) {
    bool denied = errno == EACCES || errno == EPERM;
    return s.early && denied ? kOk : failed("chdir", s.path.data);
  }
  c.in_directory = true;
  // A working directory outside the root reads "(unreachable)…" (CVE-2024-21626).
  char where[PATH_MAX];
  if (syscall(SYS_getcwd, where, sizeof where) < 0) return failed("getcwd", s.path.data);
  if (where[0] == '/') return kOk;
  return refused(EXDEV, "chdir", s.path.data, "the directory is outside the container's root");
}

Status run(Context& c, const wire::FindProgram& s) {
  const char* name = s.program.data;
  c.pid = getpid();
  if (s.program.size >= sizeof c.program) return refused(ENAMETOOLONG, "execve", name);
  int error = ENOENT;
  const char* why = nullptr;
  if (strchr(name, '/') != nullptr) {
    memcpy(c.program, name, s.program.size + 1);
    error = check_program(name, &why);
  } else if (s.program.size > 0) {
    error = search(name, s.search_path.data, c.program, sizeof c.program, &why);
  }
  return error == 0 ? kOk : refused(error, "execve", name, why);
}

Status run(Context& c, const wire::Execute& s) {
  char** arguments = c.lists;
  char** environment = arguments + s.arguments.count + 1;
  if (!collect(s.arguments, arguments) || !collect(s.environment, environment)) {
    return refused(EBADMSG, "decode");
  }
  char** end = environment + s.environment.count;
  if (c.home[0] != '\0') *end++ = c.home;
  Text<32> listen_pid;
  if (s.listen_fds > 0) {
    listen_pid << "LISTEN_PID=" << static_cast<uint32_t>(c.pid);
    *end++ = const_cast<char*>(listen_pid.c_str());
  }
  *end = nullptr;
  execve(c.program, arguments, environment);
  int error = errno;
  return refused(error, "execve", c.program, asks_for(c.program, error));
}

}  // namespace sampan::init
