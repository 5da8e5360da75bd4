#include "attend/trace.h"

#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "attend/complaint.h"

namespace sampan {
namespace {

// src/trace/chrome.ts ends a trace with the same.
constexpr std::string_view kEnd = "\n]}\n";

// What the steps took, for the view.
Text<16384> table;

uint64_t nanoseconds() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

// A number of thousandths, with its point.
template <size_t Size>
void add_thousandths(Text<Size>* text, uint64_t number) {
  const uint64_t rest = number % 1000;
  *text << number / 1000 << '.' << (rest < 100 ? "0" : "") << (rest < 10 ? "0" : "") << rest;
}

// The row's own text brings it to the column of the numbers.
void add_row(const wire::Str& row, uint64_t took) {
  Text<32> number;
  add_thousandths(&number, took / 1000);
  table << std::string_view(row.data, row.size);
  for (size_t i = number.size(); i < 9; i++) table << ' ';
  table << number.view() << " ms\n";
}

}  // namespace

void Trace::begin(const wire::TraceSteps& step, int file) {
  file_ = file;
  events_ = wire::Reader(step.events);
  rows_ = wire::Reader(step.rows);
  exit_ = step.exit;
  view_ = step.view;
  struct stat about;
  is_regular_ = fstat(file, &about) == 0 && S_ISREG(about.st_mode);
}

void Trace::exited(int code) {
  if (file_ < 0) return;
  Text<96> rest;
  rest << ",\"ts\":";
  add_thousandths(&rest, nanoseconds());
  rest << ",\"args\":{\"status\":" << static_cast<uint32_t>(code) << "}}";
  add_event(exit_, rest.view());
}

void Trace::step_done() {
  if (file_ < 0) return;
  const uint64_t now = nanoseconds();
  const uint64_t began = last_;
  last_ = now;
  if (!begun_) {
    begun_ = true;
    return;
  }
  wire::Str event;
  wire::Str row;
  if (!events_.get(&event)) return;
  Text<96> rest;
  rest << ",\"ts\":";
  add_thousandths(&rest, began);
  rest << ",\"dur\":";
  add_thousandths(&rest, now - began);
  rest << '}';
  add_event(event, rest.view());
  if (rows_.get(&row)) add_row(row, now - began);
}

void Trace::finish() {
  if (file_ < 0) return;
  if (!is_regular_) write_parts({}, {}, kEnd);
  if (view_.size == 0) return;
  write_fully(STDERR_FILENO, {view_.data, view_.size});
  write_fully(STDERR_FILENO, table.view());
}

void Trace::add_event(const wire::Str& head, std::string_view rest) {
  if (is_regular_) (void)lseek(file_, -static_cast<off_t>(kEnd.size()), SEEK_END);
  write_parts(head, rest, is_regular_ ? kEnd : std::string_view());
}

void Trace::write_parts(const wire::Str& head, std::string_view rest, std::string_view end) {
  static char comma[] = ",\n";
  const iovec parts[] = {
      {comma, head.size > 0 ? sizeof comma - 1 : 0},
      {const_cast<char*>(head.data), head.size},
      {const_cast<char*>(rest.data()), rest.size()},
      {const_cast<char*>(end.data()), end.size()},
  };
  if (writev(file_, parts, 4) >= 0) return;
  // Once: what a full disk refuses first, it refuses again.
  complain("write the trace", "", "writev", errno);
  file_ = -1;
}

}  // namespace sampan
