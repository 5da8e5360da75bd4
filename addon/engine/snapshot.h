// The heap of the engine as it is once all of src/ is loaded: made by the build and kept in the
// executable, so that no command starts an engine or loads a module. Pages that a command does not
// touch stay in the file.
//
// The heap always lies at kHeap, since the engine's tables depend on addresses. What in it points
// into the program, which lies elsewhere each time, is listed and corrected at the start.
#pragma once

#include <quickjs.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/memory.h"

namespace sampan::engine {

inline constexpr size_t kPage = 4096;

struct Snapshot {
  // 0 in a program that has just been linked.
  uint64_t heap_size;
  // Where the heap is, counted from here; both are multiples of a page.
  uint64_t heap_offset;
  JSContext* context;
  Memory memory;
  uint64_t pointer_count;
  // Which words of the heap are places in the program, counted from its first byte.
  uint32_t pointers[];
};

// The section that the build writes it to.
struct Room {
  Snapshot* snapshot;
  size_t size;
};
Room snapshot_room();

// The first byte of the program and the one after the last.
uintptr_t program_begin();
uintptr_t program_end();

// Puts the heap in its place; its context. Ends the program when the place cannot be had.
JSContext* restore_snapshot();

// In the program that has just been linked: `PROGRAM FOLDER OUT` loads all modules of FOLDER and
// writes the contents of the section to OUT. Its exit status.
int make_snapshot(int argc, char** argv);

}  // namespace sampan::engine
