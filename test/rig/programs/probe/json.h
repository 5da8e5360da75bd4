// JSON on standard output. Text that is not UTF-8 keeps its bytes as lone surrogates (U+DC80 + byte
// - 0x80, the way of PEP 383), so that nothing a container shows is lost or mistaken.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

// Appends to one text; commas are put by itself. Between `open` and `close` a key or an item each.
class Json {
 public:
  Json& open(char bracket);
  Json& close(char bracket);
  Json& key(std::string_view name);

  Json& text(std::string_view value);
  Json& number(int64_t value);
  Json& unsigned_number(uint64_t value);
  Json& flag(bool value);
  // {"errno":"ENOENT"}
  Json& error(int number);

  Json& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  Json& field(std::string_view name, int64_t value) { return key(name).number(value); }
  Json& texts(const std::vector<std::string>& values);
  Json& numbers(const std::vector<int64_t>& values);

  const std::string& result() const { return out_; }

 private:
  void separate();
  std::string out_;
};

// `ENOENT` for 2.
std::string errno_name(int number);

}  // namespace probe
