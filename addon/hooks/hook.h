// Runs one hook (config.md#posix-platform-hooks): for init, which also serves the runtime, and for
// the foreground helper.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wire/reader.h"

namespace sampan {

struct HookRequest {
  // `run-hook` and `run-poststop-hook` of src/plan/steps.ts say what these are.
  template <class Step>
  explicit HookRequest(const Step& s)
      : path(s.path.data),
        arguments(s.arguments),
        environment(s.environment),
        state(s.state),
        timeout(s.timeout),
        directory(s.directory.data) {}

  const char* path;
  wire::StrList arguments;
  wire::StrList environment;
  wire::StrList state;
  uint32_t timeout;
  const char* directory;
  // Taken for the working directory instead, where it is not negative.
  int directory_descriptor = -1;
  // A socket: when its other end is closed, the hook is ended. -1 for none.
  int bound = -1;
  // A pidfd: when its process has ended, so is the hook. -1 for none.
  int container = -1;
};

struct HookOutcome {
  // `kAbandoned`: the other end of `bound` was closed, or `container` has ended.
  enum class End { kDone, kRefused, kExit, kSignal, kTimeout, kAbandoned };
  End end = End::kDone;
  // errno, exit status, signal, or seconds.
  int number = 0;
  // For kRefused: the system call.
  const char* syscall = nullptr;
};

// The end of what a hook wrote, as a string.
class HookOutput {
 public:
  const char* text() const { return text_; }
  // Reads once; false at the end and when there is nothing now.
  bool read_from(int fd);

 private:
  static constexpr size_t kSize = 900;
  size_t used_ = 0;
  char text_[kSize + 1] = "";
};

// Runs a hook and waits for it to end, however long its descendants keep its output open. A hook
// that is ended takes with it all that it started; the caller has no children but these.
HookOutcome run_hook(const HookRequest& request, HookOutput* output);

}  // namespace sampan
