// The report's layout: a label column, then values that wrap under their own column.
#pragma once

#include "program/text.h"

namespace sampan {

class Table {
 public:
  // Begins a row; an empty label continues the section above.
  void row(std::string_view label) {
    end_row();
    line_ << "  " << label;
    // A label longer than its column pushes the value aside.
    line_.pad(0, label.size() + 3 < kValueColumn ? kValueColumn : label.size() + 4);
    open_ = true;
  }

  // Appends a word, on a new line when this one is full.
  void word(std::string_view text) {
    if (words_ > 0 && line_.size() + 1 + text.size() > kWidth) row("");
    if (words_++ > 0) line_ << ' ';
    line_ << text;
  }

  // Appends a word and blanks up to `width`, for columns inside the value.
  void cell(std::string_view text, size_t width) {
    word(text);
    line_.pad(line_.size() - text.size(), width);
  }

  void row(std::string_view label, std::string_view value) {
    row(label);
    word(value);
  }

  // An empty line and a heading.
  void heading(std::string_view text) {
    end_row();
    line_ << '\n' << text << '\n';
    open_ = true;
    end_row();
  }

  void end_row() {
    if (open_) {
      // Blanks at the end of a line would show when it is copied.
      std::string_view text = line_.view();
      while (text.ends_with(' ')) text.remove_suffix(1);
      write_fully(STDOUT_FILENO, text);
      if (!text.ends_with('\n')) write_fully(STDOUT_FILENO, "\n");
    }
    line_.clear();
    words_ = 0;
    open_ = false;
  }

 private:
  static constexpr size_t kValueColumn = 18;
  static constexpr size_t kWidth = 88;
  Text<1024> line_;
  unsigned words_ = 0;
  bool open_ = false;
};

// The next line of `text`, which is shortened by it; false at the end.
inline bool next_line(std::string_view& text, std::string_view& line) {
  if (text.empty()) return false;
  const size_t end = text.find('\n');
  line = text;
  if (end == std::string_view::npos) {
    text = {};
    return true;
  }
  line.remove_suffix(text.size() - end);
  text.remove_prefix(end + 1);
  return true;
}

// The next word between blanks, tabs and the given separator; empty at the end.
inline std::string_view next_word(std::string_view& text, char separator = ' ') {
  while (!text.empty() && (text.front() == separator || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  size_t size = 0;
  while (size < text.size() && text[size] != separator && text[size] != '\t') size++;
  const std::string_view word(text.data(), size);
  text.remove_prefix(size);
  return word;
}

// What `path` holds, up to the size of the one buffer that all calls share; empty on an error.
std::string_view read_text(const char* path);

// The parts of the report that have a file of their own.
void report_mounts(Table& table);
void report_security(Table& table);

}  // namespace sampan
