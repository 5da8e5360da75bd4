#include "core/memfd.h"

#include <errno.h>
#include <sys/mman.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#define MFD_EXEC 0x0010U
#endif

namespace sampan {

int make_memfd(const char* name, bool executable) {
  unsigned base = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int fd = memfd_create(name, base | (executable ? MFD_EXEC : MFD_NOEXEC_SEAL));
  // Before Linux 6.3 the flags are unknown and every memfd is executable.
  return fd < 0 && errno == EINVAL ? memfd_create(name, base) : fd;
}

}  // namespace sampan
