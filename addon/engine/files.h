// Whole files, for what the build runs.
#pragma once

#include <stddef.h>

#include <string>

namespace sampan::engine {

// Puts what is in the file into `out`; whether all of it could be read.
bool read_file(const char* path, std::string* out);

bool write_file(const char* path, const void* data, size_t size);

}  // namespace sampan::engine
