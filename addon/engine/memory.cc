#include "engine/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>

#ifdef SAMPAN_POISON
#include <sanitizer/asan_interface.h>
#endif

namespace sampan::engine {

namespace {

// Before each block: how many bytes it has. Blocks are aligned to eight bytes, as the engine needs.
struct Header {
  uint64_t capacity;
};

constexpr size_t kPiece = size_t{1} << 20;
// Allocations while the heap is filled.
constexpr size_t kMostPlaced = size_t{1} << 20;

bool filling;
std::span<const Placed> wanted;
Placed* placed;
size_t placed_count;

// For the address sanitizer: memory that nobody may touch but this file, and memory for use.
void hide([[maybe_unused]] const void* start, [[maybe_unused]] size_t size) {
#ifdef SAMPAN_POISON
  if (!filling) __asan_poison_memory_region(start, size);
#endif
}

void show([[maybe_unused]] const void* start, [[maybe_unused]] size_t size) {
#ifdef SAMPAN_POISON
  __asan_unpoison_memory_region(start, size);
#endif
}

Header* header_of(const void* block) { return static_cast<Header*>(const_cast<void*>(block)) - 1; }

size_t rounded(size_t size) {
  const size_t whole = size + sizeof(Header);
  const size_t up = whole <= kSmall ? (whole + kUnit - 1) / kUnit * kUnit : std::bit_ceil(whole);
  return up - sizeof(Header);
}

// Where freed blocks of a capacity wait; null for those of the C library.
Free** list_of(size_t capacity) {
  const size_t whole = capacity + sizeof(Header);
  if (whole <= kSmall) return &memory.small[whole / kUnit];
  return whole <= kLargest ? &memory.large[std::bit_width(whole) - 1] : nullptr;
}

// What is not touched costs nothing: the kernel makes the pages one by one.
bool add_piece() {
  if (filling) return false;
  void* piece = mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (piece == MAP_FAILED) return false;
  memory.next = static_cast<char*>(piece);
  memory.end = memory.next + kPiece;
  hide(piece, kPiece);
  return true;
}

void* with_header(void* memory, size_t capacity) {
  auto* header = static_cast<Header*>(memory);
  header->capacity = capacity;
  return header + 1;
}

void* cut(size_t capacity) {
  const size_t whole = capacity + sizeof(Header);
  if (static_cast<size_t>(memory.end - memory.next) < whole && !add_piece()) return nullptr;
  void* block = memory.next;
  memory.next += whole;
  return with_header(block, capacity);
}

uint32_t in_heap(const void* place) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(place) - kHeap);
}

[[noreturn]] void give_up(const char* why) {
  fprintf(stderr, "heap: %s\n", why);
  abort();
}

// The block of the next allocation while the heap is filled. One whose size is not that of the
// heap before is another: then the places are of no use, and wrong.
void* place(size_t capacity) {
  const size_t number = placed_count++;
  if (number >= kMostPlaced) give_up("too many allocations");
  const auto size = static_cast<uint32_t>(capacity + sizeof(Header));
  if (number < wanted.size() && wanted[number].at != kAnywhere) {
    if (wanted[number].size != size) give_up("the allocations are not those that were learnt");
    placed[number] = wanted[number];
    return with_header(reinterpret_cast<char*>(kHeap) + wanted[number].at, capacity);
  }
  Free** list = list_of(capacity);
  void* block = list == nullptr ? nullptr : *list;
  if (block == nullptr) {
    block = cut(capacity);
  } else {
    *list = (*list)->next;
  }
  if (block != nullptr) placed[number] = {size, in_heap(header_of(block))};
  return block;
}

bool is_in_heap(const void* block) {
  return reinterpret_cast<uintptr_t>(block) - kHeap < kHeapMost;
}

// The engine looks at the count of bytes to know when to collect.
void* js_allocate(JSMallocState* state, size_t size) {
  void* block = allocate(size);
  if (block != nullptr) {
    state->malloc_count++;
    state->malloc_size += header_of(block)->capacity;
    // It asks for the capacity, and uses it.
    show(block, header_of(block)->capacity);
  }
  return block;
}

void js_release(JSMallocState* state, void* block) {
  if (block == nullptr) return;
  state->malloc_count--;
  state->malloc_size -= header_of(block)->capacity;
  release(block);
}

void* js_resize(JSMallocState* state, void* block, size_t size) {
  if (block == nullptr) return size == 0 ? nullptr : js_allocate(state, size);
  if (size == 0) {
    js_release(state, block);
    return nullptr;
  }
  const size_t old = header_of(block)->capacity;
  if (size <= old) return block;
  void* larger = js_allocate(state, size);
  if (larger == nullptr) return nullptr;
  memcpy(larger, block, old);
  js_release(state, block);
  return larger;
}

size_t js_capacity(const void* block) { return block == nullptr ? 0 : header_of(block)->capacity; }

}  // namespace

constinit Memory memory = {};

bool is_filling() { return filling; }

uint32_t end_of(std::span<const Placed> places) {
  uint32_t end = 0;
  for (const auto& [size, at] : places) {
    if (at != kAnywhere) end = std::max(end, at + size);
  }
  return end;
}

bool begin_heap(std::span<const Placed> places) {
  void* const where = reinterpret_cast<void*>(kHeap);
  constexpr int kHow = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  if (mmap(where, kHeapMost, PROT_READ | PROT_WRITE, kHow, -1, 0) != where) return false;
  memory = {.next = static_cast<char*>(where) + end_of(places),
            .end = static_cast<char*>(where) + kHeapMost};
  wanted = places;
  free(placed);
  placed_count = 0;
  // What is not touched costs nothing.
  placed = static_cast<Placed*>(malloc(kMostPlaced * sizeof(Placed)));
  filling = placed != nullptr;
  return filling;
}

std::span<Placed> end_heap() {
  filling = false;
  return {placed, placed_count};
}

void* allocate(size_t size) {
  const size_t capacity = rounded(size);
  if (filling) [[unlikely]]
    return place(capacity);
  Free** list = list_of(capacity);
  if (list == nullptr) {
    void* block = malloc(capacity + sizeof(Header));
    return block == nullptr ? nullptr : with_header(block, capacity);
  }
  if (*list == nullptr) {
    void* block = cut(capacity);
    if (block != nullptr) show(block, size);
    return block;
  }
  Free* block = *list;
  *list = block->next;
  show(block, size);
  return block;
}

void release(void* block) {
  Header* header = header_of(block);
  // What was in it would differ from build to build.
  if (filling) memset(block, 0, header->capacity);
  Free** list = list_of(header->capacity);
  if (list == nullptr) {
    // A large block of the heap is not the C library's, and too rare to be kept.
    if (!is_in_heap(block)) free(header);
    return;
  }
  auto* waiting = static_cast<Free*>(block);
  waiting->next = *list;
  *list = waiting;
  hide(block, header->capacity);
}

const JSMallocFunctions& memory_functions() {
  static constexpr JSMallocFunctions functions = {js_allocate, js_release, js_resize, js_capacity};
  return functions;
}

}  // namespace sampan::engine
