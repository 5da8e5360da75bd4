// The modules that a snapshot is made of: JavaScript compiled ahead of time (scripts/bytecode.ts),
// and native ones.
#pragma once

#include <quickjs.h>

namespace sampan::engine {

// Loads and evaluates every module in `folder`, one of which is `main.js`. Ends the program when
// that fails. No module can be loaded afterwards.
void load_modules(JSContext* context, const char* folder);

}  // namespace sampan::engine
