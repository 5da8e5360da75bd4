// Only the program that has just been linked gets here: how the snapshot is made that it will have.

#include <stdio.h>
#include <string.h>

#include <span>
#include <string>

#include "engine/context.h"
#include "engine/files.h"
#include "engine/globals.h"
#include "engine/modules.h"
#include "engine/places.h"
#include "engine/snapshot.h"

namespace sampan::engine {

namespace {

size_t in_pages(size_t size) { return (size + kPage - 1) / kPage * kPage; }

// Makes a word of the heap independent of where the program and its stack lie. True when it points
// into the program: it is an offset then. What points into the stack is of the calls that made the
// heap, and is set anew before it is used.
bool detach(uintptr_t* word, uintptr_t stack) {
  constexpr uintptr_t kStack = uintptr_t{8} << 20;
  if (*word + kStack - stack < 2 * kStack) *word = 0;
  if (*word < program_begin() || *word >= program_end()) return false;
  *word -= program_begin();
  return true;
}

// The engine's table of shapes grows when it is half full, and touches all shapes then. There are
// 600 when src/ is loaded, and a launch makes as many again: it has grown before.
void make_room_for_shapes(JSContext* context) {
  JSValue objects[1100];
  for (JSValue& object : objects) {
    JSValue prototype = JS_NewObject(context);
    object = JS_NewObjectProto(context, prototype);
    JS_FreeValue(context, prototype);
  }
  for (JSValue object : objects) JS_FreeValue(context, object);
}

// Nothing may be allocated here: the heap is as it will be.
bool fill(const Room& room, JSContext* context) {
  auto* words = reinterpret_cast<uintptr_t*>(kHeap);
  const size_t used = reinterpret_cast<uintptr_t>(memory.next) - kHeap;
  const auto stack = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const size_t most = (room.size - sizeof(Snapshot)) / sizeof(uint32_t);

  Snapshot* snapshot = room.snapshot;
  size_t count = 0;
  for (size_t i = 0; i < used / sizeof(uintptr_t) && count < most; i++) {
    if (detach(&words[i], stack)) snapshot->pointers[count++] = static_cast<uint32_t>(i);
  }
  const size_t offset = in_pages(sizeof(Snapshot) + count * sizeof(uint32_t));
  fprintf(stderr, "snapshot: %zu KB, %zu pointers into the program\n", used >> 10, count);
  if (offset + in_pages(used) > room.size) {
    fprintf(stderr, "there is room for %zu KB\n", room.size >> 10);
    return false;
  }
  memcpy(reinterpret_cast<char*>(snapshot) + offset, words, used);
  snapshot->heap_size = in_pages(used);
  snapshot->heap_offset = offset;
  snapshot->context = context;
  // What is free in the heap stays so: new blocks lie together behind it, on fewer pages.
  snapshot->memory = {};
  snapshot->memory.next = memory.next;
  snapshot->memory.end = reinterpret_cast<char*>(kHeap) + in_pages(used);
  snapshot->pointer_count = count;
  return true;
}

}  // namespace

int make_snapshot(int argc, char** argv) {
  const bool learn = argc > 5 && strcmp(argv[4], "--") == 0;
  std::string file;
  if (argc > 3) read_file(argv[3], &file);
  const std::span places(reinterpret_cast<const Placed*>(file.data()),
                         file.size() / sizeof(Placed));
  if (argc < 3 || (argc > 4 && !learn) || !begin_heap(places)) {
    fprintf(stderr, "usage: PROGRAM MODULES OUT [PLACES]\n");
    fprintf(stderr, "       PROGRAM MODULES FOLDER PLACES -- COMMAND...\n");
    return 2;
  }
  JSContext* context = make_context();
  add_globals(context);
  make_room_for_shapes(context);
  load_modules(context, argv[1]);
  JS_RunGC(JS_GetRuntime(context));
  if (learn) return learn_places(context, {argv[2], argv[3], argv + 4}, end_of(places)) ? 0 : 1;

  const Room room = snapshot_room();
  return fill(room, context) && write_file(argv[2], room.snapshot, room.size) ? 0 : 1;
}

}  // namespace sampan::engine
