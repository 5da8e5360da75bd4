// The whole test framework of the native parts: CHECK, and a count at the end.
#pragma once

#include <stdio.h>
#include <stdlib.h>

namespace sampan::testing {
inline int failures = 0;
}  // namespace sampan::testing

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      sampan::testing::failures++;                                            \
    }                                                                         \
  } while (false)
