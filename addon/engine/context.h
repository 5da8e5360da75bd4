// The engine, with what of the language src/ uses.
#pragma once

#include <quickjs.h>

namespace sampan::engine {

JSContext* make_context();

// Carries out what waits until nothing does; what `promise` ended with. A throw that nothing
// caught, also by `promise`, is a bug of ours and ends the program.
JSValue settle(JSContext* context, JSValue promise);

}  // namespace sampan::engine
