// begin, exit, ids, environment, cwd, release: this process.

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/system/call.h"
#include "engine/system/exports.h"

namespace sampan::system {
namespace {

// Before anything else is opened: where the caller has closed a standard stream, another file would
// get its number and be taken for it. And who no longer reads the output is told by EPIPE.
Napi::Value begin(const Napi::CallbackInfo& info) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) _exit(1);
  }
  signal(SIGPIPE, SIG_IGN);
  return info.Env().Undefined();
}

Napi::Value end(const Napi::CallbackInfo& info) {
  int status;
  if (!take(info, &status)) return throw_misuse(info.Env(), "exit(status)");
  _exit(status);
}

Napi::Value own_pid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), getpid());
}

Napi::Value parent_pid(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), getppid());
}

Napi::Value user(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), geteuid());
}

Napi::Value group(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), getegid());
}

// An object of all variables. Of one that is there twice the first counts, as for getenv(3).
Napi::Value environment(const Napi::CallbackInfo& info) {
  Napi::Object all = Napi::Object::New(info.Env());
  size_t count = 0;
  while (environ != nullptr && environ[count] != nullptr) count++;
  while (count-- > 0) {
    Napi::HandleScope scope(info.Env());
    const char* equals = strchr(environ[count], '=');
    if (equals == nullptr) continue;
    const std::string name(environ[count], static_cast<size_t>(equals - environ[count]));
    all.Set(name, Napi::String::New(info.Env(), equals + 1));
  }
  return all;
}

Napi::Value working_folder(const Napi::CallbackInfo& info) {
  char path[PATH_MAX];
  if (getcwd(path, sizeof path) == nullptr) return refuse(info.Env(), "getcwd");
  return Napi::String::New(info.Env(), path);
}

// Of the kernel.
Napi::Value release(const Napi::CallbackInfo& info) {
  utsname name;
  if (uname(&name) != 0) return refuse(info.Env(), "uname");
  return Napi::String::New(info.Env(), name.release);
}

}  // namespace

void export_process(Napi::Env env, Napi::Object exports) {
  exports.Set("begin", Napi::Function::New(env, begin));
  exports.Set("exit", Napi::Function::New(env, end));
  exports.Set("pid", Napi::Function::New(env, own_pid));
  exports.Set("ppid", Napi::Function::New(env, parent_pid));
  exports.Set("euid", Napi::Function::New(env, user));
  exports.Set("egid", Napi::Function::New(env, group));
  exports.Set("environment", Napi::Function::New(env, environment));
  exports.Set("cwd", Napi::Function::New(env, working_folder));
  exports.Set("release", Napi::Function::New(env, release));
}

}  // namespace sampan::system
