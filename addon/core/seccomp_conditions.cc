// Comparisons of arguments. Classic BPF has words of 32 bits, so one of 64 looks at the upper half
// first. Where a program has 32 bits to an argument only the lower half of the value counts, so
// that a -1 in a profile, written with 64 bits, is met there too.

#include "core/seccomp_conditions.h"

#include <endian.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <stddef.h>

namespace sampan {
namespace {

static_assert(__BYTE_ORDER == __LITTLE_ENDIAN, "the halves of an argument are taken in this order");

// Stands for the jump to the next alternative. No condition is longer than this.
constexpr uint8_t kFail = UINT8_MAX;

constexpr uint32_t low(uint64_t value) { return static_cast<uint32_t>(value); }
constexpr uint32_t high(uint64_t value) { return static_cast<uint32_t>(value >> 32); }

// The instructions of one alternative.
class Tests {
 public:
  explicit Tests(Width width) : wide_(width == Width::k64) {}

  void add(const SeccompCondition& condition) {
    argument_ = condition.argument;
    const uint64_t value = condition.value;
    switch (condition.comparison) {
      case Comparison::kNe:
        return differs(value);
      case Comparison::kEq:
        return equals(UINT64_MAX, value);
      case Comparison::kMaskedEq:
        return equals(value, condition.value_two & value);
      case Comparison::kLt:
        return below(BPF_JGE, value);
      case Comparison::kLe:
        return below(BPF_JGT, value);
      case Comparison::kGe:
        return above(BPF_JGE, value);
      case Comparison::kGt:
        return above(BPF_JGT, value);
    }
  }

  // Appends them with the answer, which `kFail` jumps over.
  void append_to(Answer* program, uint32_t action) {
    for (size_t at = 0; at < code_.size(); ++at) {
      const auto over = static_cast<uint8_t>(code_.size() - at);
      if (code_[at].jt == kFail) code_[at].jt = over;
      if (code_[at].jf == kFail) code_[at].jf = over;
    }
    program->insert(program->end(), code_.begin(), code_.end());
    program->push_back(BPF_STMT(BPF_RET | BPF_K, action));
  }

 private:
  void load(bool upper) {
    const size_t offset = offsetof(seccomp_data, args) + 8 * argument_ + (upper ? 4 : 0);
    code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
  }

  void jump(uint16_t comparison, uint32_t value, uint8_t if_true, uint8_t if_false) {
    const auto code = static_cast<uint16_t>(BPF_JMP | BPF_K | comparison);
    code_.push_back(BPF_JUMP(code, value, if_true, if_false));
  }

  void equal_half(bool upper, uint32_t mask, uint32_t value) {
    if (mask == 0) return;
    load(upper);
    if (mask != UINT32_MAX) code_.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    jump(BPF_JEQ, value, 0, kFail);
  }

  void equals(uint64_t mask, uint64_t value) {
    if (wide_) equal_half(true, high(mask), high(value));
    equal_half(false, low(mask), low(value));
  }

  void differs(uint64_t value) {
    if (wide_) {
      load(true);
      jump(BPF_JEQ, high(value), 0, 2);
    }
    load(false);
    jump(BPF_JEQ, low(value), kFail, 0);
  }

  // Fails where the lower half compares so with `value`.
  void below(uint16_t too_high, uint64_t value) {
    if (wide_) {
      load(true);
      jump(BPF_JGT, high(value), kFail, 0);
      jump(BPF_JEQ, high(value), 0, 2);
    }
    load(false);
    jump(too_high, low(value), kFail, 0);
  }

  // Fails where the lower half does not compare so with `value`.
  void above(uint16_t high_enough, uint64_t value) {
    if (wide_) {
      load(true);
      jump(BPF_JGT, high(value), 3, 0);
      jump(BPF_JEQ, high(value), 0, kFail);
    }
    load(false);
    jump(high_enough, low(value), 0, kFail);
  }

  bool wide_;
  uint32_t argument_ = 0;
  Answer code_;
};

}  // namespace

Answer first_met(const std::vector<Alternative>& alternatives, uint32_t otherwise, Width width) {
  Answer answer;
  for (const Alternative& alternative : alternatives) {
    Tests tests(width);
    for (const SeccompCondition& condition : alternative.conditions) tests.add(condition);
    tests.append_to(&answer, alternative.action);
  }
  answer.push_back(BPF_STMT(BPF_RET | BPF_K, otherwise));
  return answer;
}

}  // namespace sampan
