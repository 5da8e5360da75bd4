#include "core/close_range.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace sampan {
namespace {

void close_one(unsigned fd, unsigned flags) {
  if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
    (void)fcntl(static_cast<int>(fd), F_SETFD, FD_CLOEXEC);
  } else {
    close(static_cast<int>(fd));
  }
}

// By the list of /proc/self/fd, if that is the kernel's. False where it cannot be had.
bool close_listed(unsigned first, unsigned last, unsigned flags) {
  constexpr long kProcMagic = 0x9fa0;
  constexpr size_t kNumber = 8 + 8 + 2 + 1;  // linux_dirent64: d_name
  const int list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (list < 0) return false;
  struct statfs fs;
  bool genuine = fstatfs(list, &fs) == 0 && static_cast<long>(fs.f_type) == kProcMagic;
  bool own = false;
  alignas(8) char entries[2048];
  // Entries may be passed over by a reading that closes, so it ends with one that closes none.
  for (bool again = genuine; again;) {
    again = false;
    if (lseek(list, 0, SEEK_SET) != 0) genuine = false;
    for (long n; (n = syscall(SYS_getdents64, list, entries, sizeof entries)) > 0;) {
      for (const char* at = entries; at < entries + n;) {
        uint16_t length;
        memcpy(&length, at + 16, sizeof length);
        const char* name = at + kNumber;
        at += length;
        if (*name < '0' || *name > '9') continue;
        const unsigned long fd = strtoul(name, nullptr, 10);
        if (static_cast<int>(fd) == list) own = true;
        if (fd < first || fd > last || static_cast<int>(fd) == list) continue;
        close_one(static_cast<unsigned>(fd), flags);
        if ((flags & CLOSE_RANGE_CLOEXEC) == 0) again = true;
      }
    }
  }
  close(list);
  return genuine && own;
}

// By number: what was opened before the limit was lowered is above it, and stays.
void close_counted(unsigned first, unsigned last, unsigned flags) {
  constexpr unsigned kMost = 1u << 20;
  rlimit limit;
  unsigned end = kMost;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < kMost) {
    end = static_cast<unsigned>(limit.rlim_max);
  }
  for (unsigned fd = first; fd <= last && fd < end; fd++) close_one(fd, flags);
}

}  // namespace

int close_range_of(unsigned first, unsigned last, unsigned flags) {
  const long result = syscall(SYS_close_range, first, last, flags);
  // EINVAL: the flag is two years younger than the call (Linux 5.11).
  const bool lacking = errno == ENOSYS || errno == EPERM || (errno == EINVAL && flags != 0);
  if (result == 0 || first > last || !lacking) return static_cast<int>(result);
  if (!close_listed(first, last, flags)) close_counted(first, last, flags);
  return 0;
}

}  // namespace sampan
