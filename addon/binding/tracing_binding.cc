// tracing: an object of functions that only `--trace` needs, so that others get one more, not four.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/stamps.h"

namespace sampan::binding {
namespace {

Napi::Value now(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), monotonic_now());
}

Napi::Value open_memory(const Napi::CallbackInfo& info) {
  int count;
  if (!arguments(info, &count) || count < 1) return throw_misuse(info.Env(), "openStamps(count)");
  return hand_over(info.Env(), open_stamps(static_cast<uint32_t>(count)));
}

Napi::Value read_memory(const Napi::CallbackInfo& info) {
  Napi::Array list = Napi::Array::New(info.Env());
  for (const double time : read_stamps()) {
    list.Set(list.Length(), Napi::Number::New(info.Env(), time));
  }
  return list;
}

Napi::Value columns(const Napi::CallbackInfo& info) {
  int fd;
  if (!arguments(info, &fd)) return throw_misuse(info.Env(), "columns(fd)");
  return Napi::Number::New(info.Env(), columns_of(fd));
}

Napi::Value tracing(const Napi::CallbackInfo& info) {
  Napi::Object all = Napi::Object::New(info.Env());
  all.Set("now", Napi::Function::New(info.Env(), now));
  all.Set("openStamps", Napi::Function::New(info.Env(), open_memory));
  all.Set("readStamps", Napi::Function::New(info.Env(), read_memory));
  all.Set("columns", Napi::Function::New(info.Env(), columns));
  return all;
}

}  // namespace
}  // namespace sampan::binding

void export_tracing(Napi::Env env, Napi::Object exports) {
  exports.Set("tracing", Napi::Function::New(env, sampan::binding::tracing));
}
