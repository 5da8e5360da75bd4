// The helper's part of a trace: the file is whole after each event, and a pipe gets its end last.

#include "attend/trace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "testing/check.h"

namespace sampan {
namespace {

std::string number(uint32_t value) { return {reinterpret_cast<const char*>(&value), 4}; }

std::string text(const std::string& value) {
  return number(static_cast<uint32_t>(value.size())) + value + '\0';
}

// A trace of two steps, without a view.
const std::string kPlan = number(0) + number(2) + text("{\"a\":1") + text("{\"b\":2") +
                          text("{\"exit\":1") + text("") + number(0);

wire::TraceSteps decoded() {
  wire::Reader reader(reinterpret_cast<const unsigned char*>(kPlan.data()), kPlan.size());
  wire::TraceSteps step;
  CHECK(step.decode(reader));
  return step;
}

std::string contents(int fd) {
  char buffer[4096];
  const ssize_t n = pread(fd, buffer, sizeof buffer, 0);
  return {buffer, n > 0 ? static_cast<size_t>(n) : 0};
}

// Digits are times.
std::string without_times(const std::string& all) {
  std::string plain;
  for (const char c : all) {
    if ((c < '0' || c > '9') && c != '.') plain += c;
  }
  return plain;
}

int file_with(const char* begun) {
  const int fd = memfd_create("trace", MFD_CLOEXEC);
  CHECK(write(fd, begun, strlen(begun)) > 0);
  return fd;
}

void a_file_is_whole_after_each_event() {
  const int fd = file_with("[\n{}\n]}\n");
  const wire::TraceSteps step = decoded();
  Trace trace;
  trace.begin(step, fd);
  trace.step_done();
  CHECK(contents(fd) == "[\n{}\n]}\n");
  trace.exited(7);
  CHECK(without_times(contents(fd)) == "[\n{},\n{\"exit\":,\"ts\":,\"args\":{\"status\":}}\n]}\n");
  CHECK(contents(fd).find("\"status\":7}}") != std::string::npos);
  trace.step_done();
  trace.step_done();
  // There are more steps than the plan has events for: nothing is made up.
  trace.step_done();
  trace.finish();
  CHECK(without_times(contents(fd)) ==
        "[\n{},\n{\"exit\":,\"ts\":,\"args\":{\"status\":}},\n{\"a\":,\"ts\":,\"dur\":},\n"
        "{\"b\":,\"ts\":,\"dur\":}\n]}\n");
  close(fd);
}

void a_pipe_gets_its_end_last() {
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC) == 0);
  const wire::TraceSteps step = decoded();
  Trace trace;
  trace.begin(step, ends[1]);
  trace.step_done();
  trace.step_done();
  trace.finish();
  char buffer[512];
  const ssize_t n = read(ends[0], buffer, sizeof buffer);
  CHECK(n > 0 &&
        without_times({buffer, static_cast<size_t>(n)}) == ",\n{\"a\":,\"ts\":,\"dur\":}\n]}\n");
  close(ends[0]);
  close(ends[1]);
}

void without_a_trace_nothing_happens() {
  Trace trace;
  trace.exited(1);
  trace.step_done();
  trace.finish();
}

}  // namespace
}  // namespace sampan

int main() {
  sampan::a_file_is_whole_after_each_event();
  sampan::a_pipe_gets_its_end_last();
  sampan::without_a_trace_nothing_happens();
  return sampan::testing::failures == 0 ? 0 : 1;
}
