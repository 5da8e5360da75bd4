// Text without stdio: appended to a fixed buffer and sent with write(2).
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <string_view>

namespace sampan {

// Writes everything, whatever the size of the kernel's bites; false after an error (errno).
inline bool write_fully(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Appends to a buffer of `Size` bytes. What does not fit is cut off, never written past the end.
template <size_t Size>
class Text {
 public:
  Text& operator<<(std::string_view text) {
    const size_t fits = text.size() < Size - used_ ? text.size() : Size - used_;
    if (fits > 0) memcpy(data_ + used_, text.data(), fits);
    used_ += fits;
    return *this;
  }
  Text& operator<<(const char* text) { return *this << std::string_view(text); }
  Text& operator<<(char c) { return *this << std::string_view(&c, 1); }
  Text& operator<<(uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do {
      digits[--at] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    return *this << std::string_view(digits + at, sizeof digits - at);
  }
  Text& operator<<(uint32_t value) { return *this << uint64_t{value}; }

  // Appends blanks until `column` bytes stand after position `from`.
  Text& pad(size_t from, size_t column) {
    while (used_ < Size && used_ - from < column) *this << ' ';
    return *this;
  }

  std::string_view view() const { return {data_, used_}; }
  size_t size() const { return used_; }
  void clear() { used_ = 0; }
  // A cut-off string keeps its terminator too.
  const char* c_str() {
    data_[used_ < Size ? used_ : Size - 1] = '\0';
    return data_;
  }

 private:
  char data_[Size];
  size_t used_ = 0;
};

}  // namespace sampan
