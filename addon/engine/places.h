// Where in the snapshot's heap each block is to lie.
//
// A command writes to a thousand small blocks of the heap, most for a count of references. Among
// all others they lie on most of its pages, and the kernel has to copy each. So those that commands
// write lie together.
#pragma once

#include <quickjs.h>
#include <stdint.h>

namespace sampan::engine {

// What is rehearsed, where, and the file of places that begin_heap is to give to the allocations.
// Before each command in `words` is "--", which becomes its argv[0]; null ends them.
struct Rehearsal {
  const char* folder;
  const char* places;
  char** words;
};

// Carries out the commands with the heap that has just been filled, sees which blocks they write,
// and adds their places to those that end at `known`. A block whose neighbours are written all the
// time is seen only when these have left.
bool learn_places(JSContext* context, const Rehearsal& rehearsal, uint32_t known);

}  // namespace sampan::engine
