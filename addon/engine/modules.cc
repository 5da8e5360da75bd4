#include "engine/modules.h"

#include <dirent.h>
#include <string.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/context.h"
#include "engine/files.h"
#include "engine/native_modules.h"

namespace sampan::engine {

namespace {

constexpr char kEnding[] = ".bytecode";

// Names are those of files beside each other, which the bundler writes as ./NAME.
const char* plain(const char* name) { return strncmp(name, "./", 2) == 0 ? name + 2 : name; }

char* normalize(JSContext* context, const char* /*base*/, const char* name, void* /*opaque*/) {
  const size_t size = strlen(plain(name)) + 1;
  auto* copy = static_cast<char*>(js_malloc(context, size));
  if (copy != nullptr) memcpy(copy, plain(name), size);
  return copy;
}

JSModuleDef* load(JSContext* context, const char* name, void* folder) {
  if (JSModuleDef* native = native_module(context, name)) return native;
  std::string bytes;
  const std::string path = std::string(static_cast<const char*>(folder)) + "/" + name + kEnding;
  if (!read_file(path.c_str(), &bytes)) {
    JS_ThrowReferenceError(context, "there is no module %s", name);
    return nullptr;
  }
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  JSValue module = JS_ReadObject(context, data, bytes.size(), JS_READ_OBJ_BYTECODE);
  if (JS_IsException(module)) return nullptr;
  auto* loaded = static_cast<JSModuleDef*>(JS_VALUE_GET_PTR(module));
  // The context refers to it, too.
  JS_FreeValue(context, module);
  return loaded;
}

constexpr char kLoaded[] = "sampanModules";

JSValue loaded_modules(JSContext* context) {
  JSValue global = JS_GetGlobalObject(context);
  JSValue loaded = JS_GetPropertyStr(context, global, kLoaded);
  JS_FreeValue(context, global);
  return loaded;
}

// What import() gives for a module (scripts/bytecode.ts). The engine would go through all that are
// loaded to find it, and through all that it imports.
JSValue import_module(JSContext* context, JSValueConst, int, JSValueConst* arguments) {
  const char* name = JS_ToCString(context, arguments[0]);
  if (name == nullptr) return JS_EXCEPTION;
  JSValue loaded = loaded_modules(context);
  JSValue module = JS_GetPropertyStr(context, loaded, plain(name));
  JSValue functions[2];
  JSValue promise = JS_IsUndefined(module) ? JS_LoadModule(context, "", name)
                                           : JS_NewPromiseCapability(context, functions);
  if (!JS_IsUndefined(module) && !JS_IsException(promise)) {
    JS_FreeValue(context, JS_Call(context, functions[0], JS_UNDEFINED, 1, &module));
    JS_FreeValue(context, functions[0]);
    JS_FreeValue(context, functions[1]);
  }
  JS_FreeValue(context, module);
  JS_FreeValue(context, loaded);
  JS_FreeCString(context, name);
  return promise;
}

JSModuleDef* load_nothing(JSContext* context, const char* name, void* /*opaque*/) {
  JS_ThrowReferenceError(context, "there is no module %s", name);
  return nullptr;
}

std::vector<std::string> modules_of(const char* folder) {
  std::vector<std::string> names;
  DIR* directory = opendir(folder);
  while (const dirent* entry = directory == nullptr ? nullptr : readdir(directory)) {
    const std::string name = entry->d_name;
    const size_t end = name.rfind(kEnding);
    if (end != std::string::npos) names.push_back(name.substr(0, end));
  }
  if (directory != nullptr) closedir(directory);
  // The same heap each time.
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

void load_modules(JSContext* context, const char* folder) {
  JSRuntime* runtime = JS_GetRuntime(context);
  JS_SetModuleLoaderFunc(runtime, normalize, load, const_cast<char*>(folder));
  JSValue global = JS_GetGlobalObject(context);
  JSValue loaded = JS_NewObject(context);
  JS_SetPropertyStr(context, global, kLoaded, JS_DupValue(context, loaded));
  JS_SetPropertyStr(context, global, "importModule",
                    JS_NewCFunction(context, import_module, "importModule", 1));
  JS_FreeValue(context, settle(context, JS_LoadModule(context, "", "main.js")));
  for (const std::string& name : modules_of(folder)) {
    JSValue module = settle(context, JS_LoadModule(context, "", name.c_str()));
    JS_SetPropertyStr(context, loaded, name.c_str(), module);
  }
  JS_FreeValue(context, loaded);
  JS_FreeValue(context, global);
  JS_SetModuleLoaderFunc(runtime, normalize, load_nothing, nullptr);
}

}  // namespace sampan::engine
