#include "engine/snapshot.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
}

namespace sampan::engine {

namespace {

// As large as the whole pages that the build asks for (addon/cmake/executable.cmake).
alignas(kPage) [[gnu::section(".snapshot"), gnu::used]] char room[SAMPAN_SNAPSHOT_ROOM] = {0};

}  // namespace

Room snapshot_room() {
  char* place = room;
  // The build writes here what the compiler cannot know of.
  asm volatile("" : "+r"(place) : : "memory");
  return {reinterpret_cast<Snapshot*>(place), sizeof room};
}

uintptr_t program_begin() { return reinterpret_cast<uintptr_t>(__ehdr_start); }
uintptr_t program_end() { return reinterpret_cast<uintptr_t>(_end); }

JSContext* restore_snapshot() {
  Snapshot* snapshot = snapshot_room().snapshot;
  char* image = reinterpret_cast<char*>(snapshot) + snapshot->heap_offset;
  void* const where = reinterpret_cast<void*>(kHeap);
  constexpr int kHow = MREMAP_MAYMOVE | MREMAP_FIXED;
  if (mremap(image, snapshot->heap_size, snapshot->heap_size, kHow, where) != where) {
    static constexpr char kText[] = "sampan: no memory for the heap\n";
    if (write(STDERR_FILENO, kText, sizeof kText - 1) < 0) _exit(1);
    _exit(1);
  }
  auto* words = static_cast<uintptr_t*>(where);
  const uintptr_t program = program_begin();
  for (uint64_t i = 0; i < snapshot->pointer_count; i++) words[snapshot->pointers[i]] += program;
  memory = snapshot->memory;
  return snapshot->context;
}

}  // namespace sampan::engine
