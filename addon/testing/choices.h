// A fuzzer's bytes, as choices. When they are used up the first choice is made each time.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace sampan::testing {

class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : data_(data), left_(size) {}

  bool empty() const { return left_ == 0; }
  // A number below `below`, which is 256 at most.
  unsigned pick(unsigned below) {
    if (left_ == 0) return 0;
    left_--;
    return *data_++ % below;
  }
  bool coin() { return pick(2) == 1; }
  template <class Item, size_t kSize>
  Item of(const Item (&items)[kSize]) {
    return items[pick(kSize)];
  }

 private:
  const uint8_t* data_;
  size_t left_;
};

}  // namespace sampan::testing
