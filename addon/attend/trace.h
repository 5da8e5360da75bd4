// The end of a trace that the runtime began (`--trace`): what happens beside the container and
// after.
#pragma once

#include "program/text.h"
#include "wire/steps.gen.h"

namespace sampan {

class Trace {
 public:
  // Records the steps that follow as `step` says, which must outlive this.
  void begin(const wire::TraceSteps& step, int file);

  // The container's process has ended.
  void exited(int code);

  // A step has been carried out; without a `begin` nothing happens.
  void step_done();

  // No step follows.
  void finish();

 private:
  void add_event(const wire::Str& head, std::string_view rest);
  void write_parts(const wire::Str& head, std::string_view rest, std::string_view end);

  int file_ = -1;
  // Whether the file is complete after each event; what cannot be sought in is so only at the end.
  bool is_regular_ = false;
  bool begun_ = false;
  uint64_t last_ = 0;
  wire::Reader events_{nullptr, 0};
  wire::Reader rows_{nullptr, 0};
  wire::Str exit_;
  wire::Str view_;
};

}  // namespace sampan
