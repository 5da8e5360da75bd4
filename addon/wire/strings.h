// Lists of strings in the form that execve(2) takes.
#pragma once

#include "wire/reader.h"

namespace sampan::wire {

// Fills `out` with the strings of `list` and a null at the end: room for `count` + 1 is needed.
inline bool collect(const StrList& list, char** out) {
  Reader reader(list);
  for (uint32_t i = 0; i < list.count; i++) {
    Str item;
    if (!reader.get(&item)) return false;
    out[i] = const_cast<char*>(item.data);
  }
  out[list.count] = nullptr;
  return true;
}

}  // namespace sampan::wire
