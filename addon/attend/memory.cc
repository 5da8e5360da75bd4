#include "attend/memory.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

namespace sampan {

bool killed_for_memory(const char* path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  // Six short lines (cgroup-v2.rst); kernfs gives them in one read(2).
  char text[1024];
  const ssize_t size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size <= 0) return false;
  text[size] = '\0';
  constexpr char kKey[] = "\noom_kill ";
  const char* found = strstr(text, kKey);
  return found != nullptr && found[sizeof kKey - 1] != '0';
}

}  // namespace sampan
