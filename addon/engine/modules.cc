#include "engine/modules.h"

#include <string.h>

#include "engine/native_modules.h"

namespace sampan::engine {

namespace {

// Names are those of files beside each other, which the bundler writes as ./NAME.
const char* plain(const char* name) { return strncmp(name, "./", 2) == 0 ? name + 2 : name; }

char* normalize(JSContext* context, const char* /*base*/, const char* name, void* /*opaque*/) {
  const size_t size = strlen(plain(name)) + 1;
  auto* copy = static_cast<char*>(js_malloc(context, size));
  if (copy != nullptr) memcpy(copy, plain(name), size);
  return copy;
}

const EmbeddedModule* find(const char* name) {
  for (const EmbeddedModule* module = sampan_modules; module->name != nullptr; module++) {
    if (strcmp(module->name, name) == 0) return module;
  }
  return nullptr;
}

JSValue read(JSContext* context, const char* name) {
  const EmbeddedModule* module = find(name);
  if (module == nullptr) return JS_ThrowReferenceError(context, "there is no module %s", name);
  const auto size = static_cast<size_t>(module->end - module->data);
  return JS_ReadObject(context, module->data, size, JS_READ_OBJ_BYTECODE);
}

JSModuleDef* load(JSContext* context, const char* name, void* /*opaque*/) {
  if (JSModuleDef* native = native_module(context, name)) return native;
  JSValue module = read(context, name);
  if (JS_IsException(module)) return nullptr;
  auto* loaded = static_cast<JSModuleDef*>(JS_VALUE_GET_PTR(module));
  // The context refers to it, too.
  JS_FreeValue(context, module);
  return loaded;
}

}  // namespace

void load_embedded_modules(JSRuntime* runtime) {
  JS_SetModuleLoaderFunc(runtime, normalize, load, nullptr);
}

JSValue evaluate(JSContext* context, const char* name) {
  JSValue module = read(context, name);
  if (JS_IsException(module)) return module;
  if (JS_ResolveModule(context, module) < 0) return JS_EXCEPTION;
  return JS_EvalFunction(context, module);
}

}  // namespace sampan::engine
