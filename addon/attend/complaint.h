// The helper's words to a person: one line on stderr for a thing that failed.
#pragma once

namespace sampan {

// Writes `sampan: DOING PATH: SYSCALL: TEXT (NAME)` to stderr in one write(2). `path` may be empty.
// Keeps errno.
void complain(const char* doing, const char* path, const char* syscall, int error);

// Writes `sampan: WHAT` to stderr in one write(2).
void tell(const char* what);

}  // namespace sampan
