// Globals that QuickJS has not, as far as src/ uses them.
#pragma once

#include <quickjs.h>

namespace sampan::engine {

// `performance`, `importModule` for import(), and `utf8Encode` and `utf8Decode`, of which
// src/engine makes TextEncoder and TextDecoder; `sampanArguments`, argv as main was given it.
void add_globals(JSContext* context, int argc, char** argv);

}  // namespace sampan::engine
