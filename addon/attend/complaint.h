// The helper's words to a person: one line on stderr for a thing that failed.
#pragma once

#include "program/text.h"

namespace sampan {

// Appends what is from elsewhere with blanks for what a terminal obeys (ECMA-48: C0, C1 and DEL).
template <size_t Size>
void add_visible(Text<Size>* line, const char* text) {
  for (; *text != '\0'; text++) {
    const auto c = static_cast<unsigned char>(*text);
    const auto next = static_cast<unsigned char>(text[1]);
    const bool two_bytes = c == 0xc2 && next >= 0x80 && next < 0xa0;
    if (two_bytes) text++;
    *line << (two_bytes || c < ' ' || c == 0x7f ? ' ' : static_cast<char>(c));
  }
}

// Writes `sampan: DOING PATH: SYSCALL: TEXT (NAME)` to stderr in one write(2). `path` may be empty.
// Keeps errno.
void complain(const char* doing, const char* path, const char* syscall, int error);

// Writes `sampan: WHAT` to stderr in one write(2).
void tell(const char* what);

}  // namespace sampan
