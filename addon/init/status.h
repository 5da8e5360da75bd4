// The outcome of a step: success, or which system call refused what and why.
#pragma once

#include <errno.h>

namespace sampan::init {

// `syscall` is its man-page name; `path` and `detail` may be null and must outlive the report;
// so may `pointer`, the place in config.json for a reader who does not have the plan.
struct [[nodiscard]] Status {
  int error = 0;
  const char* syscall = nullptr;
  const char* path = nullptr;
  const char* detail = nullptr;
  const char* pointer = nullptr;

  bool ok() const { return error == 0; }
};

// The call that just failed, with its errno.
inline Status failed(const char* syscall, const char* path = nullptr) {
  return {errno, syscall, path};
}

// A rule that was found broken, as the errno that fits best.
inline Status refused(int error, const char* syscall, const char* path = nullptr,
                      const char* detail = nullptr) {
  return {error, syscall, path, detail};
}

inline constexpr Status kOk{};

}  // namespace sampan::init
