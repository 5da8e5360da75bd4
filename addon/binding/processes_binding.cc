// pidfdOpen, pidfdSignal, wait, waitEnded, lock, runHelper, descriptorFlags, errorText, errorName.

#include <fcntl.h>
#include <napi.h>
#include <string.h>
#include <sys/file.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/error_text.h"
#include "core/process.h"

namespace sampan::binding {
namespace {

Napi::Value pidfd_open(const Napi::CallbackInfo& info) {
  int pid;
  if (!arguments(info, &pid)) return throw_misuse(info.Env(), "pidfdOpen(pid)");
  return hand_over(info.Env(), open_pidfd(pid));
}

Napi::Value pidfd_signal(const Napi::CallbackInfo& info) {
  int pidfd;
  int signal;
  if (!arguments(info, &pidfd, &signal))
    return throw_misuse(info.Env(), "pidfdSignal(pidfd, signal)");
  return done(info.Env(), signal_pidfd(pidfd, signal));
}

Napi::Value wait(const Napi::CallbackInfo& info) {
  int pid;
  if (!arguments(info, &pid)) return throw_misuse(info.Env(), "wait(pid)");
  Result<int> result = wait_for(pid);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  return Napi::Number::New(info.Env(), result.value());
}

Napi::Value ended(const Napi::CallbackInfo& info) {
  int pidfd;
  int ms;
  if (!arguments(info, &pidfd, &ms)) return throw_misuse(info.Env(), "waitEnded(pidfd, ms)");
  Result<bool> result = wait_ended(pidfd, ms);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  return Napi::Boolean::New(info.Env(), result.value());
}

Napi::Value lock(const Napi::CallbackInfo& info) {
  int fd;
  if (!arguments(info, &fd)) return throw_misuse(info.Env(), "lock(fd)");
  while (flock(fd, LOCK_EX) != 0) {
    if (errno != EINTR) return throw_error(info.Env(), failed("flock"));
  }
  return info.Env().Undefined();
}

Napi::Value helper(const Napi::CallbackInfo& info) {
  std::string path;
  std::vector<std::string> list;
  if (!arguments(info, &path, &list)) return throw_misuse(info.Env(), "runHelper(path, args)");
  Result<HelperOutcome> result = run_helper(path, list);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("status", result.value().status);
  object.Set("output", result.value().output);
  return object;
}

Napi::Value descriptor_flags(const Napi::CallbackInfo& info) {
  int fd;
  if (!arguments(info, &fd)) return throw_misuse(info.Env(), "descriptorFlags(fd)");
  return Napi::Number::New(info.Env(), fcntl(fd, F_GETFD));
}

Napi::Value error_text(const Napi::CallbackInfo& info) {
  int number;
  if (!arguments(info, &number)) return throw_misuse(info.Env(), "errorText(errno)");
  return Napi::String::New(info.Env(), sampan::error_text(number));
}

Napi::Value error_name(const Napi::CallbackInfo& info) {
  int number;
  if (!arguments(info, &number)) return throw_misuse(info.Env(), "errorName(errno)");
  return Napi::String::New(info.Env(), sampan::error_name(number));
}

}  // namespace
}  // namespace sampan::binding

void export_processes(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("pidfdOpen", Napi::Function::New(env, pidfd_open));
  exports.Set("pidfdSignal", Napi::Function::New(env, pidfd_signal));
  exports.Set("wait", Napi::Function::New(env, wait));
  exports.Set("waitEnded", Napi::Function::New(env, ended));
  exports.Set("lock", Napi::Function::New(env, lock));
  exports.Set("runHelper", Napi::Function::New(env, helper));
  exports.Set("descriptorFlags", Napi::Function::New(env, descriptor_flags));
  exports.Set("errorText", Napi::Function::New(env, error_text));
  exports.Set("errorName", Napi::Function::New(env, error_name));
}
