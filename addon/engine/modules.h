// The modules of the executable: JavaScript compiled ahead of time (tools/compile), and native
// ones.
#pragma once

#include <quickjs.h>
#include <stddef.h>
#include <stdint.h>

namespace sampan::engine {

// A module as bytecode. The table is made by the build (scripts/bytecode.ts); its end has no name.
struct EmbeddedModule {
  const char* name;
  const uint8_t* data;
  const uint8_t* end;
};
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers): it is initialised by the assembler.
extern "C" const EmbeddedModule sampan_modules[];

// `import` of a runtime finds the embedded modules and the native ones, and nothing else.
void load_embedded_modules(JSRuntime* runtime);

// Evaluates the embedded module `name`: its promise, or an exception.
JSValue evaluate(JSContext* context, const char* name);

}  // namespace sampan::engine
