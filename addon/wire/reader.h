// Bounds-checked reading of the binary plan (writer.h describes its layout).
//
// A Reader never reads outside its span, whatever the bytes say: each `get` either sets its
// argument and returns true, or returns false and leaves the Reader failed for good. Values refer
// to the plan's own memory, which must outlive them; strings are NUL-terminated in place.
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace sampan::wire {

// `SMPN`
inline constexpr uint32_t kMagic = 0x4e504d53u;
// A descriptor field that names none.
inline constexpr uint32_t kNoDescriptor = 0xffffffffu;

struct Str {
  const char* data = "";
  uint32_t size = 0;
};

struct Bytes {
  const unsigned char* data = nullptr;
  uint32_t size = 0;
};

// Index into the descriptors handed over at launch, or kNoDescriptor.
struct Slot {
  uint32_t index = kNoDescriptor;
};

class Reader;

// `count` strings, already checked; read them by giving a copy of `items` to `get`.
struct StrList {
  uint32_t count = 0;
  const unsigned char* data = nullptr;
  size_t size = 0;
};

struct U32List {
  uint32_t count = 0;
  const unsigned char* data = nullptr;
  uint32_t operator[](uint32_t i) const {
    uint32_t value;
    memcpy(&value, data + size_t{4} * i, 4);
    return value;
  }
};

class Reader {
 public:
  Reader(const unsigned char* data, size_t size) : data_(data), left_(size) {}
  explicit Reader(const StrList& list) : Reader(list.data, list.size) {}

  bool get(uint32_t* out) { return number(out); }
  bool get(uint64_t* out) { return number(out); }
  bool get(int64_t* out) { return number(out); }

  bool get(bool* out) {
    uint32_t value;
    if (!number(&value) || value > 1) return fail();
    *out = value == 1;
    return true;
  }

  bool get(Slot* out) { return number(&out->index); }

  bool get(Str* out) {
    Bytes raw;
    unsigned char end;
    if (!get(&raw) || !number(&end) || end != 0) return fail();
    // A NUL inside would make C and the plan disagree on where the string ends.
    if (raw.size > 0 && memchr(raw.data, 0, raw.size) != nullptr) return fail();
    *out = {reinterpret_cast<const char*>(raw.data), raw.size};
    return true;
  }

  bool get(Bytes* out) {
    uint32_t size;
    if (!number(&size) || size > left_) return fail();
    *out = {data_, size};
    skip(size);
    return true;
  }

  bool get(StrList* out) {
    uint32_t count;
    if (!number(&count)) return false;
    const unsigned char* start = data_;
    for (uint32_t i = 0; i < count; i++) {
      Str item;
      if (!get(&item)) return false;
    }
    *out = {count, start, static_cast<size_t>(data_ - start)};
    return true;
  }

  bool get(U32List* out) {
    uint32_t count;
    if (!number(&count) || count > left_ / 4) return fail();
    *out = {count, data_};
    skip(size_t{4} * count);
    return true;
  }

  // The next `size` bytes as a Reader of their own.
  bool take(uint32_t size, Reader* out) {
    if (size > left_) return fail();
    *out = Reader(data_, size);
    skip(size);
    return true;
  }

  bool empty() const { return left_ == 0; }

 private:
  template <class Number>
  bool number(Number* out) {
    if (left_ < sizeof *out) return fail();
    memcpy(out, data_, sizeof *out);
    skip(sizeof *out);
    return true;
  }

  void skip(size_t size) {
    data_ += size;
    left_ -= size;
  }

  bool fail() {
    left_ = 0;
    return false;
  }

  const unsigned char* data_;
  size_t left_;
};

// Whether `size` bytes at `name` are the literal `other`.
template <size_t length>
bool is(const char* name, size_t size, const char (&other)[length]) {
  return size == length - 1 && memcmp(name, other, length - 1) == 0;
}

// Decodes a step's whole body and hands it over; bytes left over are an error.
template <class Step, class Handler>
int apply(Reader body, Handler&& handler) {
  Step step{};
  if (!step.decode(body) || !body.empty()) return EBADMSG;
  return handler(step);
}

}  // namespace sampan::wire
