#include "engine/files.h"

#include <stdio.h>
#include <sys/stat.h>

namespace sampan::engine {

bool read_file(const char* path, std::string* out) {
  FILE* file = fopen(path, "rbe");
  if (file == nullptr) return false;
  // Room for all of it at once: what grows leaves gaps in the heap that is kept.
  struct stat about = {};
  bool read = fstat(fileno(file), &about) == 0;
  out->resize(static_cast<size_t>(about.st_size));
  read = read && fread(out->data(), 1, out->size(), file) == out->size();
  return fclose(file) == 0 && read;
}

bool write_file(const char* path, const void* data, size_t size) {
  FILE* file = fopen(path, "wbe");
  if (file == nullptr) return false;
  const bool written = fwrite(data, 1, size, file) == size;
  return fclose(file) == 0 && written;
}

}  // namespace sampan::engine
