#include "napi/utf8.h"

#include <string.h>

namespace sampan::napi {

void replace_halves(uint8_t* at, size_t left) {
  constexpr uint8_t kReplacement[] = {0xef, 0xbf, 0xbd};
  while (left > 2) {
    auto* found = static_cast<uint8_t*>(memchr(at, 0xed, left - 2));
    if (found == nullptr) return;
    if (found[1] >= 0xa0) memcpy(found, kReplacement, sizeof kReplacement);
    left -= static_cast<size_t>(found + 3 - at);
    at = found + 3;
  }
}

}  // namespace sampan::napi
