#include "engine/native_modules.h"

#include <napi.h>
#include <string.h>

#include "engine/system/exports.h"
#include "napi/environment.h"

// What Node would call when it loads the addon (addon/binding/module.cc).
extern "C" napi_value napi_register_module_v1(napi_env env, napi_value exports);

namespace sampan::engine {

namespace {

napi_value make_addon(napi_env env, napi_value exports) {
  return napi_register_module_v1(env, exports);
}

napi_value make_system(napi_env env, napi_value exports) {
  export_system(env, Napi::Object(env, exports));
  return exports;
}

struct NativeModule {
  const char* name;
  napi_value (*make)(napi_env env, napi_value exports);
};

constexpr NativeModule modules[] = {
    {"sampan:addon", make_addon},
    {"sampan:system", make_system},
};

template <size_t index>
int initialise(JSContext* context, JSModuleDef* module) {
  napi_env env = napi::environment(context);
  const size_t before = env->handles.size();
  napi_value exports = napi::handle_of(env, JS_NewObject(context));
  napi_value made = modules[index].make(env, exports);
  JSValue value = JS_DupValue(context, napi::value_of(env, made));
  napi::release_handles(env, before);
  return JS_SetModuleExport(context, module, "default", value);
}

constexpr JSModuleInitFunc* initialisers[] = {initialise<0>, initialise<1>};

}  // namespace

JSModuleDef* native_module(JSContext* context, const char* name) {
  for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
    if (strcmp(modules[i].name, name) != 0) continue;
    JSModuleDef* module = JS_NewCModule(context, name, initialisers[i]);
    if (module != nullptr) JS_AddModuleExport(context, module, "default");
    return module;
  }
  return nullptr;
}

}  // namespace sampan::engine
