#include "core/sealed_program.h"

#include <fcntl.h>

#include "core/memfd.h"

extern "C" const unsigned char sampan_init_start[];
extern "C" const unsigned char sampan_init_end[];

namespace sampan {
namespace {

bool write_all(int fd, const void* data, size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    ssize_t n = write(fd, at, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    at += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

}  // namespace

ProgramBytes static_program() {
  return {sampan_init_start, static_cast<size_t>(sampan_init_end - sampan_init_start)};
}

Result<UniqueFd> sealed_memory(const char* name, const void* data, size_t size, bool executable) {
  UniqueFd fd(make_memfd(name, executable));
  if (!fd.ok()) return failed("memfd_create", name);
  if (!write_all(fd.get(), data, size)) return failed("write", name);
  if (lseek(fd.get(), 0, SEEK_SET) != 0) return failed("lseek", name);
  int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  // Without the seals the program could be overwritten from the container: refuse to go on.
  if (fcntl(fd.get(), F_ADD_SEALS, seals) != 0) return failed("fcntl", "F_ADD_SEALS");
  return fd;
}

Result<int> sealed_program() {
  // What init and the foreground helper are executed from may be the same: nobody can change it.
  static int made = -1;
  if (made >= 0) return made;
  ProgramBytes program = static_program();
  Result<UniqueFd> fd = sealed_memory("sampan", program.data, program.size, true);
  if (!fd.ok()) return fd.error();
  made = fd.value().release();
  return made;
}

}  // namespace sampan
