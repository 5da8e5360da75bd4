// Memory for a program that is over in milliseconds: blocks are cut from one piece, and a freed one
// waits in the list of its size. A general allocator took a quarter of the engine's time.
#pragma once

#include <quickjs.h>
#include <stddef.h>
#include <stdint.h>

#include <span>

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

// An allocation while the build fills the heap that the executable will begin with: the bytes it
// took, and where, counted from kHeap.
struct Placed {
  uint32_t size;
  uint32_t at;
};
inline constexpr uint32_t kAnywhere = UINT32_MAX;

// The first byte behind all of them.
uint32_t end_of(std::span<const Placed> places);

// From now on blocks of all sizes are cut from a new piece at kHeap. Allocations are the same each
// time, in number, order and size: those of `wanted` that have a place get it. False when the piece
// cannot be had.
bool begin_heap(std::span<const Placed> wanted);

// Whether that was done.
bool is_filling();

// The allocations since then. From now on nothing is allocated in the heap.
std::span<Placed> end_heap();

// Memory of at least `size` bytes, aligned to eight; null when there is none.
void* allocate(size_t size);
void release(void* block);

// The same for the engine.
const JSMallocFunctions& memory_functions();

}  // namespace sampan::engine
