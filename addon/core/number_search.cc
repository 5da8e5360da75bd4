#include "core/number_search.h"

#include <linux/bpf_common.h>

namespace sampan {
namespace {

// Stands for the end of the search until that is known.
constexpr uint32_t kEnd = UINT32_MAX;
constexpr uint16_t kJumpAlways = BPF_JMP | BPF_JA;
// Conditional jumps have 8 bits for the distance.
constexpr size_t kFarthest = UINT8_MAX;

}  // namespace

void NumberSearch::append(const Range& range) {
  const auto same = [](const Range& a, const Range& b) {
    return a.answered == b.answered && a.action == b.action;
  };
  if (ranges_.back().first == range.first) ranges_.pop_back();
  if (ranges_.empty() || !same(ranges_.back(), range)) ranges_.push_back(range);
}

void NumberSearch::append_to(std::vector<sock_filter>* program) const {
  const size_t start = program->size();
  append_tree(0, ranges_.size(), program);
  for (size_t at = start; at < program->size(); ++at) {
    sock_filter& instruction = (*program)[at];
    if (instruction.code == kJumpAlways && instruction.k == kEnd) {
      instruction.k = static_cast<uint32_t>(program->size() - at - 1);
    }
  }
}

void NumberSearch::append_tree(size_t from, size_t to, std::vector<sock_filter>* program) const {
  if (to - from == 1) {
    const Range& range = ranges_[from];
    program->push_back(range.answered ? sock_filter(BPF_STMT(BPF_RET | BPF_K, range.action))
                                      : sock_filter(BPF_STMT(kJumpAlways, kEnd)));
    return;
  }
  const size_t middle = from + (to - from) / 2;
  const size_t fork = program->size();
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, ranges_[middle].first, 0, 0));
  append_tree(from, middle, program);
  const size_t lower = program->size() - fork - 1;
  if (lower <= kFarthest) {
    (*program)[fork].jt = static_cast<uint8_t>(lower);
  } else {
    (*program)[fork].jf = 1;
    program->insert(program->begin() + static_cast<ptrdiff_t>(fork) + 1,
                    BPF_STMT(kJumpAlways, static_cast<uint32_t>(lower)));
  }
  append_tree(middle, to, program);
}

}  // namespace sampan
