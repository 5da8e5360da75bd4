// moveNetworkDevice.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/network_device.h"

namespace sampan::binding {
namespace {

Napi::Value move_device(const Napi::CallbackInfo& info) {
  NetworkMove move;
  if (!arguments(info, &move.from, &move.to, &move.name, &move.new_name) || !info[4].IsBoolean())
    return throw_misuse(info.Env(), "moveNetworkDevice(from, to, name, newName, up)");
  move.up = info[4].As<Napi::Boolean>().Value();
  Result<MovedDevice> result = move_network_device(move);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("name", result.value().name);
  object.Set("wasUp", result.value().was_up);
  return object;
}

}  // namespace
}  // namespace sampan::binding

void export_network(Napi::Env env, Napi::Object exports) {
  exports.Set("moveNetworkDevice", Napi::Function::New(env, sampan::binding::move_device));
}
