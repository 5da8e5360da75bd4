// Modules that are written in C++. Each has one export, `default`.
#pragma once

#include <quickjs.h>

namespace sampan::engine {

// The native module `name`, or null when there is none.
JSModuleDef* native_module(JSContext* context, const char* name);

}  // namespace sampan::engine
