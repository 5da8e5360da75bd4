#include "core/number_search.h"

#include <linux/bpf_common.h>

#include <algorithm>

namespace sampan {
namespace {

// Conditional jumps have 8 bits for the distance.
constexpr size_t kFarthest = UINT8_MAX;

bool same(const Answer& a, const Answer& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const sock_filter& one, const sock_filter& other) {
                      return one.code == other.code && one.jt == other.jt && one.jf == other.jf &&
                             one.k == other.k;
                    });
}

}  // namespace

Answer always(uint32_t action) { return {BPF_STMT(BPF_RET | BPF_K, action)}; }

void NumberSearch::from(uint32_t first, const Answer& answer) {
  if (ranges_.back().first == first) ranges_.pop_back();
  if (ranges_.empty() || !same(ranges_.back().answer, answer)) {
    ranges_.push_back({first, answer});
  }
}

void NumberSearch::append_to(std::vector<sock_filter>* program) const {
  append_tree(0, ranges_.size(), program);
}

void NumberSearch::append_tree(size_t from, size_t to, std::vector<sock_filter>* program) const {
  if (to - from == 1) {
    const Answer& answer = ranges_[from].answer;
    program->insert(program->end(), answer.begin(), answer.end());
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
                    BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(lower)));
  }
  append_tree(middle, to, program);
}

}  // namespace sampan
