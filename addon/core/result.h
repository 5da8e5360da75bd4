// The outcome of a system call made for the runtime: a value, or which call refused what.
#pragma once

#include <errno.h>

#include <string>
#include <utility>

namespace sampan {

struct Error {
  int number = 0;
  const char* syscall = "";
  std::string path;
};

// Either a value or an Error; `ok()` tells which.
template <class Value>
class [[nodiscard]] Result {
 public:
  Result(Value value) : value_(std::move(value)) {}  // NOLINT: meant to convert
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: meant to convert
  bool ok() const { return error_.number == 0; }
  Value& value() { return value_; }
  const Error& error() const { return error_; }

 private:
  Value value_ = Value();
  Error error_;
};

// The call that just failed, with its errno.
inline Error failed(const char* syscall, std::string path = {}) {
  return {errno, syscall, std::move(path)};
}

}  // namespace sampan
