#include "json.h"

#include <cstdio>
#include <cstring>

namespace probe {
namespace {

// Length of the UTF-8 sequence at the beginning of `text`; 0 if there is none (RFC 3629).
size_t sequence(std::string_view text) {
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (size_t at = 1; at < length; at++) {
    if ((byte(at) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool outside = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return overlong || outside ? 0 : length;
}

}  // namespace

void Json::separate() {
  if (!out_.empty() && strchr("{[:", out_.back()) == nullptr) out_ += ',';
}

Json& Json::open(char bracket) {
  separate();
  out_ += bracket;
  return *this;
}

Json& Json::close(char bracket) {
  out_ += bracket;
  return *this;
}

Json& Json::key(std::string_view name) {
  text(name);
  out_ += ':';
  return *this;
}

Json& Json::text(std::string_view value) {
  separate();
  out_ += '"';
  while (!value.empty()) {
    const size_t length = sequence(value);
    const auto first = static_cast<unsigned char>(value[0]);
    char escape[8];
    if (length == 0) {
      snprintf(escape, sizeof escape, "\\udc%02x", first);
      out_ += escape;
    } else if (first < 0x20 || first == 0x7f) {
      snprintf(escape, sizeof escape, "\\u%04x", first);
      out_ += escape;
    } else {
      if (first == '"' || first == '\\') out_ += '\\';
      out_ += value.substr(0, length);
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  out_ += '"';
  return *this;
}

Json& Json::number(int64_t value) {
  separate();
  out_ += std::to_string(value);
  return *this;
}

Json& Json::unsigned_number(uint64_t value) {
  separate();
  out_ += std::to_string(value);
  return *this;
}

Json& Json::flag(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

Json& Json::error(int number) { return open('{').field("errno", errno_name(number)).close('}'); }

Json& Json::texts(const std::vector<std::string>& values) {
  open('[');
  for (const std::string& value : values) text(value);
  return close(']');
}

Json& Json::numbers(const std::vector<int64_t>& values) {
  open('[');
  for (const int64_t value : values) number(value);
  return close(']');
}

std::string errno_name(int number) {
  const char* name = strerrorname_np(number);
  return name != nullptr ? name : "errno " + std::to_string(number);
}

}  // namespace probe
