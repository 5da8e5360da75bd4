// Globals that QuickJS has not, as far as src/ uses them.
#pragma once

#include <quickjs.h>

namespace sampan::engine {

// `performance`, and `utf8Encode` and `utf8Decode`, of which src/engine makes TextEncoder and
// TextDecoder.
void add_globals(JSContext* context);

// From now on `performance` counts, which also says when `call_main` began.
void start_clock();

// The promise of `sampanMain` (src/engine/main.ts), called with argv, or an exception.
JSValue call_main(JSContext* context, int argc, char** argv);

}  // namespace sampan::engine
