// What a filter does with each system call number, as a binary search in classic BPF.
#pragma once

#include <linux/filter.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sampan {

// Instructions of which each way through ends in an answer.
using Answer = std::vector<sock_filter>;

// `action`, a SECCOMP_RET_* value, whatever the arguments are.
Answer always(uint32_t action);

// What number is answered how: a step function over all 32-bit numbers.
class NumberSearch {
 public:
  explicit NumberSearch(Answer otherwise) { ranges_.push_back({0, std::move(otherwise)}); }

  // All numbers from `first` on get `answer`. `first` must not go down.
  void from(uint32_t first, const Answer& answer);

  // Appends the search to `program`, which must have the number in the accumulator by then.
  void append_to(std::vector<sock_filter>* program) const;

 private:
  struct Range {
    uint32_t first;
    Answer answer;
  };

  void append_tree(size_t from, size_t to, std::vector<sock_filter>* program) const;

  std::vector<Range> ranges_;
};

}  // namespace sampan
