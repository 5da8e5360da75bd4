// attachDeviceFilter, setAttribute, hasAttribute.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/attribute.h"
#include "core/device_filter.h"

namespace sampan::binding {
namespace {

Napi::Value attach_filter(const Napi::CallbackInfo& info) {
  int cgroup;
  ByteSpan program;
  if (!arguments(info, &cgroup, &program))
    return throw_misuse(info.Env(), "attachDeviceFilter(cgroup, program)");
  return done(info.Env(), attach_device_filter(cgroup, program.data, program.size));
}

Napi::Value set(const Napi::CallbackInfo& info) {
  std::string path;
  std::string name;
  if (!arguments(info, &path, &name)) return throw_misuse(info.Env(), "setAttribute(path, name)");
  return Napi::Boolean::New(info.Env(), set_attribute(path, name));
}

Napi::Value has(const Napi::CallbackInfo& info) {
  std::string path;
  std::string name;
  if (!arguments(info, &path, &name)) return throw_misuse(info.Env(), "hasAttribute(path, name)");
  return Napi::Boolean::New(info.Env(), has_attribute(path, name));
}

}  // namespace
}  // namespace sampan::binding

void export_cgroup(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("attachDeviceFilter", Napi::Function::New(env, attach_filter));
  exports.Set("setAttribute", Napi::Function::New(env, set));
  exports.Set("hasAttribute", Napi::Function::New(env, has));
}
