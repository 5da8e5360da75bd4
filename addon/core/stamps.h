// For `--trace`: memory that init writes the ends of its steps into, and the clocks to read it by.
#pragma once

#include <stdint.h>

#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

// CLOCK_MONOTONIC in microseconds.
double monotonic_now();

// A memfd for `count` stamps, whose size nobody can change. It stays mapped here until the next
// one.
Result<UniqueFd> open_stamps(uint32_t count);

// The stamps as CLOCK_MONOTONIC in microseconds; 0 where there is none.
std::vector<double> read_stamps();

// The width of a terminal in characters; 0 where that is not known.
int columns_of(int terminal);

}  // namespace sampan
