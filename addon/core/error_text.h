// Names and words of errno numbers: glibc's, whatever C library this is linked with.
#pragma once

namespace sampan {

// `EPERM`; `EUNKNOWN` for a number that is none.
const char* error_name(int number);

// `operation not permitted`.
const char* error_text(int number);

}  // namespace sampan
