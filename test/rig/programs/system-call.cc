// system-call CALL…: makes each CALL and prints what it gave in a line, 0 for success or the name
// of the errno. CALL is a number and its arguments with commas between them, `i386:` before it for
// the 32-bit entry of an x86-64 kernel. An argument such as `@1;2;3` is the address of these words.

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// Words at an address that fits 32 bits.
long Words(const char* list) {
#ifdef __x86_64__
  void* page =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  auto* words = static_cast<uint32_t*>(page);
  for (int i = 0; *list != '\0'; i++) {
    char* end;
    words[i] = static_cast<uint32_t>(strtoul(list, &end, 0));
    list = *end == ';' ? end + 1 : end;
  }
  return reinterpret_cast<long>(page);
#else
  return strlen(list) > 0 ? -1 : 0;
#endif
}

long Call32(const long* v) {
#ifdef __x86_64__
  long result;
  // ebp is not free for a sixth argument.
  asm volatile("int $0x80"
               : "=a"(result)
               : "a"(v[0]), "b"(v[1]), "c"(v[2]), "d"(v[3]), "S"(v[4]), "D"(v[5])
               : "memory", "r8", "r9", "r10", "r11");
  return static_cast<int>(result);
#else
  return v[0] < 0 ? 0 : -ENOSYS;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; i++) {
    const bool narrow = strncmp(argv[i], "i386:", 5) == 0;
    long v[7] = {};
    int count = 0;
    char* rest = argv[i] + (narrow ? 5 : 0);
    for (char* part; count < 7 && (part = strsep(&rest, ",")) != nullptr; count++) {
      v[count] = *part == '@' ? Words(part + 1) : static_cast<long>(strtoull(part, nullptr, 0));
    }
    long result;
    if (narrow) {
      result = Call32(v);
    } else {
      result = syscall(v[0], v[1], v[2], v[3], v[4], v[5], v[6]) == -1 ? -errno : 0;
    }
    printf("%s\n", result < 0 ? strerrorname_np(static_cast<int>(-result)) : "0");
    fflush(stdout);
  }
  return 0;
}
