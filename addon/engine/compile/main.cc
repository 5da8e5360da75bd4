// A tool of the build: `sampan-compile IN.js OUT` compiles an ES module to the bytecode that the
// executable embeds. Without names of places: the text that they would lead to is minified.

#include <quickjs.h>
#include <stdio.h>
#include <string.h>

#include <string>

#include "engine/files.h"

namespace {

// What a module imports is compiled by itself, and looked up when the program runs.
JSModuleDef* leave_open(JSContext* context, const char* name, void* /*opaque*/) {
  return JS_NewCModule(context, name, [](JSContext*, JSModuleDef*) { return 0; });
}

const char* base_name(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string text;
  if (argc != 3 || !sampan::engine::read_file(argv[1], &text)) {
    fprintf(stderr, "usage: sampan-compile IN.js OUT\n");
    return 2;
  }
  JSRuntime* runtime = JS_NewRuntime();
  JS_SetStripInfo(runtime, JS_STRIP_SOURCE | JS_STRIP_DEBUG);
  JS_SetModuleLoaderFunc(runtime, nullptr, leave_open, nullptr);
  JSContext* context = JS_NewContext(runtime);
  JSValue module = JS_Eval(context, text.c_str(), text.size(), base_name(argv[1]),
                           JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(module)) {
    fprintf(stderr, "%s: %s\n", argv[1], JS_ToCString(context, JS_GetException(context)));
    return 1;
  }
  size_t size = 0;
  const uint8_t* bytes = JS_WriteObject(context, &size, module, JS_WRITE_OBJ_BYTECODE);
  if (bytes == nullptr || !sampan::engine::write_file(argv[2], bytes, size)) {
    fprintf(stderr, "%s cannot be written\n", argv[2]);
    return 1;
  }
  return 0;
}
