// The engine's memory: blocks do not overlap, keep what is in them when they grow, and are used
// again.

#include "engine/memory.h"

#include <string.h>
#include <sys/mman.h>

#include <random>
#include <vector>

#include "testing/check.h"

namespace {

const JSMallocFunctions& memory = sampan::engine::memory_functions();

struct Block {
  unsigned char* bytes;
  size_t size;
  unsigned char mark;
};

bool holds(const Block& block) {
  for (size_t i = 0; i < block.size; i++) {
    if (block.bytes[i] != block.mark) return false;
  }
  return true;
}

// Of the sizes that an engine asks for, most are small.
size_t some_size(std::mt19937* random) {
  const size_t limits[] = {40, 40, 300, 2000, 100'000};
  return 1 + (*random)() % limits[(*random)() % 5];
}

void random_use(JSMallocState* state) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same blocks each time
  std::vector<Block> blocks;
  for (int i = 0; i < 20'000; i++) {
    const unsigned action = random() % 3;
    if (action == 0 || blocks.empty()) {
      const size_t size = some_size(&random);
      auto* bytes = static_cast<unsigned char*>(memory.js_malloc(state, size));
      CHECK(reinterpret_cast<uintptr_t>(bytes) % 8 == 0);
      CHECK(memory.js_malloc_usable_size(bytes) >= size);
      blocks.push_back({bytes, size, static_cast<unsigned char>(i)});
      memset(bytes, blocks.back().mark, size);
      continue;
    }
    Block& block = blocks[random() % blocks.size()];
    CHECK(holds(block));
    if (action == 1) {
      const size_t size = some_size(&random);
      block.bytes = static_cast<unsigned char*>(memory.js_realloc(state, block.bytes, size));
      if (size < block.size) block.size = size;
      CHECK(holds(block));
      block.size = size;
      memset(block.bytes, block.mark, size);
    } else {
      memory.js_free(state, block.bytes);
      block = blocks.back();
      blocks.pop_back();
    }
  }
  for (const Block& block : blocks) memory.js_free(state, block.bytes);
}

bool is_in_heap(const void* block) {
  return reinterpret_cast<uintptr_t>(block) - sampan::engine::kHeap < sampan::engine::kHeapMost;
}

// The heap that the build keeps must have no block elsewhere, however large, and nothing left over
// of what was freed, or it would not be the same each time.
void kept_heap(JSMallocState* state) {
  CHECK(!sampan::engine::is_filling());
  CHECK(sampan::engine::begin_heap({}));
  CHECK(sampan::engine::is_filling());
  for (const size_t size : {size_t{24}, size_t{500}, size_t{5000}, size_t{300'000}}) {
    auto* block = static_cast<char*>(memory.js_malloc(state, size));
    CHECK(is_in_heap(block));
    memset(block, 'x', size);
    memory.js_free(state, block);
    CHECK(memchr(block + sizeof(void*), 'x', size - sizeof(void*)) == nullptr);
  }
}

char* at(uint32_t offset) { return reinterpret_cast<char*>(sampan::engine::kHeap) + offset; }

// What was learnt of one heap gives its blocks other places in the next: those wanted in front, the
// others behind.
void placed_heap(JSMallocState* state) {
  const auto first = sampan::engine::end_heap();
  CHECK(!sampan::engine::is_filling());
  CHECK(first.size() == 4);
  CHECK(first[0].at == 0);
  CHECK(first[1].at == first[0].size);
  munmap(at(0), sampan::engine::kHeapMost);

  constexpr uint32_t kAnywhere = sampan::engine::kAnywhere;
  const sampan::engine::Placed wanted[] = {{32, 512}, {512, kAnywhere}, {512, 0}};
  CHECK(sampan::engine::begin_heap(wanted));
  constexpr size_t kHeader = sizeof(uint64_t);
  auto* small = static_cast<char*>(memory.js_malloc(state, 24));
  auto* other = static_cast<char*>(memory.js_malloc(state, 500));
  memory.js_free(state, other);
  auto* front = static_cast<char*>(memory.js_malloc(state, 500));
  auto* again = static_cast<char*>(memory.js_malloc(state, 500));
  CHECK(small == at(512 + kHeader));
  CHECK(other == at(512 + 32 + kHeader));
  CHECK(front == at(kHeader));
  CHECK(again == other);
  const auto second = sampan::engine::end_heap();
  CHECK(second.size() == 4);
  CHECK(second[3].at == second[1].at);
}

}  // namespace

int main() {
  JSMallocState state = {};
  random_use(&state);
  CHECK(state.malloc_count == 0);
  CHECK(state.malloc_size == 0);

  void* first = memory.js_malloc(&state, 100);
  memory.js_free(&state, first);
  CHECK(memory.js_malloc(&state, 100) == first);
  CHECK(memory.js_realloc(&state, first, 0) == nullptr);
  memory.js_free(&state, nullptr);
  CHECK(memory.js_malloc_usable_size(nullptr) == 0);
  kept_heap(&state);
  placed_heap(&state);
  return sampan::testing::failures == 0 ? 0 : 1;
}
