// Writing of the binary plan that reader.h reads: what crosses from TypeScript to init and to the
// foreground helper.
//
// Little-endian. Header: magic, version, number of steps, total length (u32 each). A step: opcode,
// length of its body (u32 each), its fields in the order of src/plan/steps.ts. A text is its
// length, its bytes and a NUL that the length does not count; a list is its count and its items.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <algorithm>
#include <vector>

#include "wire/steps.gen.h"

namespace sampan::wire {

class Writer {
 public:
  template <class Number>
  void number(Number value) {
    room(sizeof value);
    put(at_, value);
    at_ += sizeof value;
  }

  void bytes(const void* data, uint32_t size) {
    number(size);
    if (size > 0) memcpy(room(size), data, size);
    at_ += size;
  }

  // A text that `copy(place, size)` puts there: as much of it as fits, with a NUL behind. It gives
  // back how many bytes that were, or a negative number when there is none, which comes back.
  template <class Copy>
  int64_t text(Copy&& copy) {
    const size_t length = at_;
    number(uint32_t{0});
    for (size_t more = kUsual;; more *= 2) {
      char* place = room(more);
      const size_t size = buffer_.size() - at_;
      const int64_t copied = copy(place, size);
      if (copied < 0) return copied;
      // One that fills the place may have been cut.
      if (static_cast<size_t>(copied) + kLongest >= size) continue;
      put(length, static_cast<uint32_t>(copied));
      at_ += static_cast<size_t>(copied) + 1;
      return copied;
    }
  }

  // The text that was written last.
  const char* behind(int64_t size) const {
    return reinterpret_cast<const char*>(buffer_.data()) + at_ - size - 1;
  }

  void begin_step(uint32_t op) {
    number(op);
    body_ = at_;
    number(uint32_t{0});
    count_++;
  }

  void end_step() { put(body_, static_cast<uint32_t>(at_ - body_ - sizeof(uint32_t))); }

  // The whole plan; valid as long as this is.
  const unsigned char* finish(size_t* size) {
    const uint32_t header[] = {kMagic, kVersion, count_, static_cast<uint32_t>(at_)};
    memcpy(buffer_.data(), header, sizeof header);
    *size = at_;
    return buffer_.data();
  }

 private:
  static constexpr size_t kHeader = 4 * sizeof(uint32_t);
  static constexpr size_t kUsual = 256;
  // Bytes of a character in UTF-8, and the NUL.
  static constexpr size_t kLongest = 5;

  // At least `size` bytes behind what was written.
  char* room(size_t size) {
    if (buffer_.size() - at_ < size) buffer_.resize(std::max(buffer_.size() * 2, at_ + size));
    return reinterpret_cast<char*>(buffer_.data()) + at_;
  }

  template <class Number>
  void put(size_t at, Number value) {
    memcpy(buffer_.data() + at, &value, sizeof value);
  }

  std::vector<unsigned char> buffer_ = std::vector<unsigned char>(16384);
  size_t at_ = kHeader;
  size_t body_ = 0;
  uint32_t count_ = 0;
};

}  // namespace sampan::wire
