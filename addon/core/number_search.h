// Answers to system calls that depend on the number alone, as a binary search in classic BPF.
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sampan {

// What number is answered how; a list of these is a step function over all 32-bit numbers.
class NumberSearch {
 public:
  // All numbers from `first` on get `action`, a SECCOMP_RET_* value. `first` must not go down.
  void answer_from(uint32_t first, uint32_t action) { append({first, true, action}); }
  // All numbers from `first` on are left to the instructions that follow the search.
  void leave_from(uint32_t first) { append({first, false, 0}); }

  // Appends the search to `program`, which must have the number in the accumulator by then.
  void append_to(std::vector<sock_filter>* program) const;

 private:
  struct Range {
    uint32_t first;
    bool answered;
    uint32_t action;
  };

  void append(const Range& range);
  void append_tree(size_t from, size_t to, std::vector<sock_filter>* program) const;

  std::vector<Range> ranges_ = {{0, false, 0}};
};

}  // namespace sampan
