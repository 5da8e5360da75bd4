// What C++ allocates lies in the engine's heap too, which a snapshot keeps.

#include <stdlib.h>

#include <new>

#include "engine/memory.h"

void* operator new(size_t size) {
  void* memory = sampan::engine::allocate(size);
  if (memory == nullptr) abort();
  return memory;
}

void* operator new[](size_t size) { return operator new(size); }
void operator delete(void* memory) noexcept {
  if (memory != nullptr) sampan::engine::release(memory);
}
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete(void* memory, size_t) noexcept { operator delete(memory); }
void operator delete[](void* memory, size_t) noexcept { operator delete(memory); }
