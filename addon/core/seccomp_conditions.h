// The part of a filter that looks at arguments.
#pragma once

#include <cstdint>
#include <vector>

#include "core/number_search.h"
#include "core/seccomp.h"

namespace sampan {

// An action for the arguments that meet every condition.
struct Alternative {
  uint32_t action;
  std::vector<SeccompCondition> conditions;
};

// How many bits of an argument a program of an architecture can set.
enum class Width : uint8_t { k32, k64 };

// The action of the first alternative that is met, or `otherwise`.
Answer first_met(const std::vector<Alternative>& alternatives, uint32_t otherwise, Width width);

}  // namespace sampan
