// Memory for the engine of a program that is over in milliseconds: blocks are cut from one piece,
// and a freed one waits in the list of its size. A general allocator took a quarter of the engine's
// time.
#pragma once

#include <quickjs.h>

namespace sampan::engine {

const JSMallocFunctions& memory_functions();

}  // namespace sampan::engine
