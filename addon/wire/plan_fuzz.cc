// Whatever the bytes of a plan say, nothing outside them is read, and what decodes is exactly what
// would be encoded: no two readings of the same bytes.

#include <string.h>

#include <string>
#include <vector>

#include "wire/plan.h"
#include "wire/strings.h"

namespace {

using namespace sampan::wire;

// What src/plan/wire.ts writes.
class Writer {
 public:
  template <class Number>
  void number(Number value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const char*, uint32_t value) { number(value); }
  void operator()(const char*, uint64_t value) { number(value); }
  void operator()(const char*, int64_t value) { number(value); }
  void operator()(const char*, bool value) { number(uint32_t{value}); }
  void operator()(const char*, const Slot& value) { number(value.index); }
  void operator()(const char*, const Str& value) { string(value.data, strlen(value.data)); }
  void operator()(const char*, const Bytes& value) {
    number(value.size);
    text_.append(reinterpret_cast<const char*>(value.data), value.size);
  }
  void operator()(const char*, const U32List& value) {
    number(value.count);
    for (uint32_t i = 0; i < value.count; i++) number(value[i]);
  }
  void operator()(const char*, const StrList& value) {
    number(value.count);
    std::vector<char*> items(size_t{value.count} + 1);
    if (!collect(value, items.data())) __builtin_trap();
    for (char** item = items.data(); *item != nullptr; item++) string(*item, strlen(*item));
  }
  const std::string& text() const { return text_; }

 private:
  void string(const char* data, size_t size) {
    number(static_cast<uint32_t>(size));
    text_.append(data, size + 1);
  }

  std::string text_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Plan plan(data, size);
  Writer steps;
  uint32_t count = 0;
  uint32_t op;
  Reader body(nullptr, 0);
  while (plan.next(&op, &body)) {
    Writer fields;
    const auto rewrite = [&](const auto& step) {
      step.visit(fields);
      return 0;
    };
    // As init and the foreground helper: a step is of one of them.
    const int of_init = dispatch_init(op, body, rewrite);
    const int of_attend = dispatch_attend(op, body, rewrite);
    if (of_init == 0 && of_attend == 0) __builtin_trap();
    if (of_init != 0 && of_attend != 0) return 0;
    steps.number(op);
    steps.number(static_cast<uint32_t>(fields.text().size()));
    for (const char c : fields.text()) steps.number(c);
    count++;
  }
  if (!plan.finished()) return 0;
  Writer whole;
  whole.number(kMagic);
  whole.number(kVersion);
  whole.number(count);
  whole.number(static_cast<uint32_t>(16 + steps.text().size()));
  const std::string again = whole.text() + steps.text();
  if (again.size() != size || memcmp(again.data(), data, size) != 0) __builtin_trap();
  return 0;
}
