// attachDeviceFilter, setAttribute, hasAttribute, processesInTree, cgroupOfProcess,
// removeCgroupsBelow.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/attribute.h"
#include "core/cgroup_tree.h"
#include "core/cgroup_walk.h"
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

Napi::Value processes(const Napi::CallbackInfo& info) {
  int cgroup;
  if (!arguments(info, &cgroup)) return throw_misuse(info.Env(), "processesInTree(cgroup)");
  Result<std::vector<int>> result = processes_in_tree(cgroup);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  Napi::Array pids = Napi::Array::New(info.Env());
  for (const int pid : result.value()) pids.Set(pids.Length(), Napi::Number::New(info.Env(), pid));
  return pids;
}

Napi::Value find(const Napi::CallbackInfo& info) {
  int cgroup;
  int pid;
  if (!arguments(info, &cgroup, &pid))
    return throw_misuse(info.Env(), "cgroupOfProcess(cgroup, pid)");
  return hand_over(info.Env(), cgroup_of_process(cgroup, pid));
}

Napi::Value remove_below(const Napi::CallbackInfo& info) {
  int cgroup;
  if (!arguments(info, &cgroup)) return throw_misuse(info.Env(), "removeCgroupsBelow(cgroup)");
  const int error = remove_cgroups_below(cgroup);
  if (error == 0 || is_in_use(error)) return info.Env().Undefined();
  return throw_error(info.Env(), {error, "rmdir"});
}

}  // namespace
}  // namespace sampan::binding

void export_cgroup(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("attachDeviceFilter", Napi::Function::New(env, attach_filter));
  exports.Set("setAttribute", Napi::Function::New(env, set));
  exports.Set("hasAttribute", Napi::Function::New(env, has));
  exports.Set("processesInTree", Napi::Function::New(env, processes));
  exports.Set("cgroupOfProcess", Napi::Function::New(env, find));
  exports.Set("removeCgroupsBelow", Napi::Function::New(env, remove_below));
}
