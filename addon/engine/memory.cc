#include "engine/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <bit>

namespace sampan::engine {

namespace {

// Before each block: how many bytes it has. Blocks are aligned to eight bytes, as the engine needs.
struct Header {
  uint64_t capacity;
};

// A freed block refers to the next of its size.
struct Free {
  Free* next;
};

// Sizes up to kSmall are multiples of kUnit, those up to kLargest powers of two (less the header),
// and above that the C library takes over.
constexpr size_t kUnit = 16;
constexpr size_t kSmall = 1024;
constexpr size_t kLargest = size_t{1} << 16;
constexpr size_t kPiece = size_t{1} << 20;

Free* freed_small[kSmall / kUnit + 1];
Free* freed_large[17];
char* next_byte;
char* end_of_piece;

Header* header_of(const void* block) { return static_cast<Header*>(const_cast<void*>(block)) - 1; }

size_t rounded(size_t size) {
  const size_t whole = size + sizeof(Header);
  const size_t up = whole <= kSmall ? (whole + kUnit - 1) / kUnit * kUnit : std::bit_ceil(whole);
  return up - sizeof(Header);
}

// Where freed blocks of a capacity wait; null for those of the C library.
Free** list_of(size_t capacity) {
  const size_t whole = capacity + sizeof(Header);
  if (whole <= kSmall) return &freed_small[whole / kUnit];
  return whole <= kLargest ? &freed_large[std::bit_width(whole) - 1] : nullptr;
}

// What is not touched costs nothing: the kernel makes the pages one by one.
bool add_piece() {
  void* piece = mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (piece == MAP_FAILED) return false;
  next_byte = static_cast<char*>(piece);
  end_of_piece = next_byte + kPiece;
  return true;
}

void* with_header(void* memory, size_t capacity) {
  auto* header = static_cast<Header*>(memory);
  header->capacity = capacity;
  return header + 1;
}

void* cut(size_t capacity) {
  const size_t whole = capacity + sizeof(Header);
  if (static_cast<size_t>(end_of_piece - next_byte) < whole && !add_piece()) return nullptr;
  void* memory = next_byte;
  next_byte += whole;
  return with_header(memory, capacity);
}

void* take(size_t size) {
  const size_t capacity = rounded(size);
  Free** list = list_of(capacity);
  if (list == nullptr) {
    void* memory = malloc(capacity + sizeof(Header));
    return memory == nullptr ? nullptr : with_header(memory, capacity);
  }
  if (*list == nullptr) return cut(capacity);
  Free* block = *list;
  *list = block->next;
  return block;
}

void give_back(void* block) {
  Header* header = header_of(block);
  Free** list = list_of(header->capacity);
  if (list == nullptr) {
    free(header);
    return;
  }
  auto* waiting = static_cast<Free*>(block);
  waiting->next = *list;
  *list = waiting;
}

// The engine looks at the count of bytes to know when to collect.
void* js_allocate(JSMallocState* state, size_t size) {
  void* block = take(size);
  if (block != nullptr) {
    state->malloc_count++;
    state->malloc_size += header_of(block)->capacity;
  }
  return block;
}

void js_release(JSMallocState* state, void* block) {
  if (block == nullptr) return;
  state->malloc_count--;
  state->malloc_size -= header_of(block)->capacity;
  give_back(block);
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

const JSMallocFunctions& memory_functions() {
  static constexpr JSMallocFunctions functions = {js_allocate, js_release, js_resize, js_capacity};
  return functions;
}

}  // namespace sampan::engine
