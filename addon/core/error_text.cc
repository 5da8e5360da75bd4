#include "core/error_text.h"

#include <errno.h>

namespace sampan {

const char* error_name(int number) {
  switch (number) {
#define X(name, text) \
  case name:          \
    return #name;
#include "core/error_texts.inc"
#undef X
    default:
      return "EUNKNOWN";
  }
}

const char* error_text(int number) {
  switch (number) {
#define X(name, text) \
  case name:          \
    return text;
#include "core/error_texts.inc"
#undef X
    default:
      return "unknown error";
  }
}

}  // namespace sampan
