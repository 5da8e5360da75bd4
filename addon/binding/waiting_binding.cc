// pause, watchFiles, waitForChange, outliveSignals.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/waiting.h"

namespace sampan::binding {
namespace {

Napi::Value pause_now(const Napi::CallbackInfo& info) {
  int ms;
  if (!arguments(info, &ms)) return throw_misuse(info.Env(), "pause(ms)");
  pause_for(ms);
  return info.Env().Undefined();
}

Napi::Value watch(const Napi::CallbackInfo& info) {
  std::vector<std::string> paths;
  if (!arguments(info, &paths)) return throw_misuse(info.Env(), "watchFiles(paths)");
  return hand_over(info.Env(), watch_files(paths));
}

Napi::Value wait_change(const Napi::CallbackInfo& info) {
  int watch;
  int ms;
  if (!arguments(info, &watch, &ms)) return throw_misuse(info.Env(), "waitForChange(watch, ms)");
  Result<bool> result = wait_for_change(watch, ms);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  return Napi::Boolean::New(info.Env(), result.value());
}

Napi::Value outlive(const Napi::CallbackInfo& info) {
  outlive_signals();
  return info.Env().Undefined();
}

}  // namespace
}  // namespace sampan::binding

void export_waiting(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("pause", Napi::Function::New(env, pause_now));
  exports.Set("watchFiles", Napi::Function::New(env, watch));
  exports.Set("waitForChange", Napi::Function::New(env, wait_change));
  exports.Set("outliveSignals", Napi::Function::New(env, outlive));
}
