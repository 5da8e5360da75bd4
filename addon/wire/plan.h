// A whole encoded plan: header check, then one step after the other.
#pragma once

#include "wire/steps.gen.h"

namespace sampan::wire {

// Iterates over an encoded plan. Usage:
//   Plan plan(data, size);
//   if (!plan.valid()) …;
//   for (uint32_t op; plan.next(&op, &body);) …
//   if (!plan.finished()) …   // malformed
class Plan {
 public:
  Plan(const unsigned char* data, size_t size) : rest_(data, size) {
    uint32_t magic = 0;
    uint32_t version = 0;
    uint32_t total = 0;
    valid_ = rest_.get(&magic) && rest_.get(&version) && rest_.get(&count_) && rest_.get(&total) &&
             magic == kMagic && version == kVersion && total == size;
  }

  bool valid() const { return valid_; }

  bool next(uint32_t* op, Reader* body) {
    uint32_t size = 0;
    if (!valid_ || done_ == count_) return false;
    if (!rest_.get(op) || !rest_.get(&size) || !rest_.take(size, body)) {
      valid_ = false;
      return false;
    }
    done_++;
    return true;
  }

  // Index of the step that `next` gave last.
  uint32_t index() const { return done_ - 1; }
  // Every step was read and nothing follows.
  bool finished() const { return valid_ && done_ == count_ && rest_.empty(); }

 private:
  Reader rest_;
  uint32_t count_ = 0;
  uint32_t done_ = 0;
  bool valid_ = false;
};

}  // namespace sampan::wire
