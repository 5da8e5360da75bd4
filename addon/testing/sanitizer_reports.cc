// Where the sanitizers of build/sanitized/ tell what they find: in a file that every process maps
// when it starts. Once it is in its container, init can write to no file of the host, has no
// descriptor but the container's, and may be under a system call filter; memory needs none of it.
//
// The file begins with how many bytes of text there are (uint64_t); test/rig/sanitizer.ts makes and
// reads it. The settings are here because init has no environment variables.

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

struct Reports {
  uint64_t used;
  char text[];
};

Reports* reports;
size_t room;

__attribute__((constructor)) void map_reports() {
  const int file = open(SAMPAN_REPORTS, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return;
  struct stat about;
  if (fstat(file, &about) == 0 && about.st_size > static_cast<off_t>(sizeof(Reports))) {
    const auto size = static_cast<size_t>(about.st_size);
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) {
      reports = static_cast<Reports*>(memory);
      room = size - sizeof(Reports);
    }
  }
  close(file);
}

}  // namespace

// The sanitizers call these (sanitizer/common_interface_defs.h, asan_interface.h).
extern "C" {

void __sanitizer_on_print(const char* text);
void __sanitizer_on_print(const char* text) {
  if (reports == nullptr) return;
  const size_t size = strlen(text);
  const uint64_t at = __atomic_fetch_add(&reports->used, size, __ATOMIC_RELAXED);
  if (at < room) memcpy(reports->text + at, text, size < room - at ? size : room - at);
}

// No handler for signals takes the place of one that reports; but SIGILL is how a process ends that
// may make no call (program/end.h). What it has at its end is left to the kernel: no leak.
const char* __asan_default_options();
const char* __asan_default_options() {
  return "exitcode=99:detect_leaks=0:handle_segv=2:handle_sigbus=2:handle_sigfpe=2:"
         "handle_abort=2:allocator_may_return_null=1:strict_string_checks=1:quarantine_size_mb=16:"
         "malloc_context_size=8";
}

const char* __ubsan_default_options();
const char* __ubsan_default_options() { return "print_stacktrace=1"; }

// It cleans the stack of this thread before a function that does not return. Nothing here jumps out
// of a function, but children run on stacks of their own, which it does not know (core/spawn.cc),
// and it makes a system call, which may be filtered.
void __wrap___asan_handle_no_return();
void __wrap___asan_handle_no_return() {}
}
