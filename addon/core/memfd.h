// Files in memory that can be sealed.
#pragma once

namespace sampan {

// memfd_create(2), close-on-exec; negative with errno. One that is not `executable` never will be.
int make_memfd(const char* name, bool executable);

}  // namespace sampan
