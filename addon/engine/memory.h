// Memory for a program that is over in milliseconds: blocks are cut from one piece, and a freed one
// waits in the list of its size. A general allocator took a quarter of the engine's time.
#pragma once

#include <quickjs.h>
#include <stddef.h>
#include <stdint.h>

namespace sampan::engine {

// Where the heap begins that the build has filled (snapshot.h), which is where the kernel puts
// nothing by itself. Address spaces of aarch64 may have only 39 bits.
#ifdef __x86_64__
inline constexpr uintptr_t kHeap = uintptr_t{0x2000'0000'0000};
#else
inline constexpr uintptr_t kHeap = uintptr_t{0x10'0000'0000};
#endif
inline constexpr size_t kHeapMost = size_t{64} << 20;

// A freed block refers to the next of its size.
struct Free {
  Free* next;
};

// Sizes up to kSmall are multiples of kUnit, those up to kLargest powers of two (less the header),
// and above that the C library takes over.
inline constexpr size_t kUnit = 16;
inline constexpr size_t kSmall = 1024;
inline constexpr size_t kLargest = size_t{1} << 16;

// All that the allocator knows.
struct Memory {
  Free* small[kSmall / kUnit + 1];
  Free* large[17];
  char* next;
  char* end;
};
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers): it is constant-initialised.
extern constinit Memory memory;

// From now on blocks of all sizes are cut from a new piece at kHeap. False when it cannot be had.
bool begin_heap();

// Whether that was done: while the build fills the heap that the executable will begin with.
bool is_filling();

// Memory of at least `size` bytes, aligned to eight; null when there is none.
void* allocate(size_t size);
void release(void* block);

// The same for the engine.
const JSMallocFunctions& memory_functions();

}  // namespace sampan::engine
