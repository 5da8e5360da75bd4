// Between the engine's strings, of UTF-16, and UTF-8.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace sampan::napi {

// A half of a surrogate pair has no form in UTF-8: alone it becomes U+FFFD, as with TextEncoder.
// The engine gives its three bytes out as if it had.
void replace_halves(uint8_t* at, size_t left);

}  // namespace sampan::napi
