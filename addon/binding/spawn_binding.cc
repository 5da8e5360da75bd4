// spawnInit, holdSignals, becomeHelper, helperBinary, probe.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/held_signals.h"
#include "core/sealed_program.h"
#include "core/spawn.h"

namespace sampan::binding {
namespace {

bool read_options(const Napi::Value& value, SpawnOptions* out) {
  if (!value.IsObject()) return false;
  auto object = value.As<Napi::Object>();
  Napi::Value flags = object.Get("flags");
  if (!flags.IsNumber()) return false;
  out->flags = static_cast<uint64_t>(flags.As<Napi::Number>().Int64Value());
  return get(object.Get("cgroup"), &out->cgroup) && get(object.Get("preserve"), &out->preserve) &&
         get(object.Get("slots"), &out->slots);
}

Napi::Value spawn(const Napi::CallbackInfo& info) {
  SpawnOptions options;
  if (!read_options(info[0], &options)) return throw_misuse(info.Env(), "spawnInit(options)");
  Result<Spawned> result = spawn_init(options);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("pid", result.value().pid);
  object.Set("pidfd", result.value().pidfd.release());
  object.Set("socket", result.value().socket.release());
  return object;
}

Napi::Value hold(const Napi::CallbackInfo& info) {
  hold_signals();
  return info.Env().Undefined();
}

Napi::Value become(const Napi::CallbackInfo& info) {
  ByteSpan plan;
  std::vector<int> slots;
  if (!arguments(info, &plan, &slots)) return throw_misuse(info.Env(), "becomeHelper(plan, slots)");
  return throw_error(info.Env(), become_helper(plan.data, plan.size, slots));
}

Napi::Value binary(const Napi::CallbackInfo& info) {
  ProgramBytes program = static_program();
  return Napi::Buffer<uint8_t>::Copy(info.Env(), program.data, program.size);
}

Napi::Value probe(const Napi::CallbackInfo& info) {
  std::string caller;
  if (!arguments(info, &caller)) return throw_misuse(info.Env(), "probe(caller)");
  Result<HelperOutcome> result = run_program({"probe", caller});
  if (!result.ok()) return throw_error(info.Env(), result.error());
  return Napi::String::New(info.Env(), result.value().output);
}

}  // namespace
}  // namespace sampan::binding

void export_spawn(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("spawnInit", Napi::Function::New(env, spawn));
  exports.Set("holdSignals", Napi::Function::New(env, hold));
  exports.Set("becomeHelper", Napi::Function::New(env, become));
  exports.Set("helperBinary", Napi::Function::New(env, binary));
  exports.Set("probe", Napi::Function::New(env, probe));
}
