// pause, watchFiles, watchPressure, waitForChange, outliveSignals.

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

Napi::Value pressure(const Napi::CallbackInfo& info) {
  std::string path;
  std::string trigger;
  if (!arguments(info, &path, &trigger))
    return throw_misuse(info.Env(), "watchPressure(path, trigger)");
  return hand_over(info.Env(), watch_pressure(path, trigger));
}

Napi::Value wait_change(const Napi::CallbackInfo& info) {
  int watch;
  std::vector<int> triggers;
  int ms;
  if (!arguments(info, &watch, &triggers, &ms))
    return throw_misuse(info.Env(), "waitForChange(watch, triggers, ms)");
  Result<std::vector<int>> result = wait_for_change(watch, triggers, ms);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  Napi::Array told = Napi::Array::New(info.Env());
  for (const int fd : result.value()) told.Set(told.Length(), Napi::Number::New(info.Env(), fd));
  return told;
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
  exports.Set("watchPressure", Napi::Function::New(env, pressure));
  exports.Set("waitForChange", Napi::Function::New(env, wait_change));
  exports.Set("outliveSignals", Napi::Function::New(env, outlive));
}
