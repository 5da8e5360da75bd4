// Commands carried out while the snapshot is made, to see which parts of the heap they write.
#pragma once

#include <quickjs.h>
#include <stddef.h>
#include <stdint.h>

namespace sampan::engine {

// For each kUnit of the heap a bit for each command that wrote there.
struct Writes {
  uint32_t* by;
  size_t units;
};

// None yet, for the first `size` bytes of the heap, which are whole pages; shared with processes
// that this one forks.
Writes no_writes(size_t size);

struct Command {
  const char* folder;
  int argc;
  char** argv;
};

// Carries out a command in a process of its own, without output. It changes nothing but what is in
// its folder: instead of cloning init a launch hears that all is done, /sys and /proc are those in
// the folder, and it believes to be root. What it writes of the heap is noted as `bit`. Its status,
// as of waitpid(2).
int rehearse(JSContext* context, const Command& command, const Writes& writes, uint32_t bit);

}  // namespace sampan::engine
