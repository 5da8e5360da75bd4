// attachDeviceFilter.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
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

}  // namespace
}  // namespace sampan::binding

void export_cgroup(Napi::Env env, Napi::Object exports) {
  exports.Set("attachDeviceFilter", Napi::Function::New(env, sampan::binding::attach_filter));
}
