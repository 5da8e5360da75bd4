#include "engine/places.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "engine/files.h"
#include "engine/memory.h"
#include "engine/rehearse.h"
#include "engine/snapshot.h"

namespace sampan::engine {

namespace {

constexpr uint32_t kAllCommands = UINT32_MAX;

struct Written {
  size_t allocation;
  uint32_t by;
};

// What points into the program is corrected at the start of each.
void note_pointers(const Writes& writes) {
  const auto* words = reinterpret_cast<const uintptr_t*>(kHeap);
  for (size_t i = 0; i < writes.units * kUnit / sizeof(uintptr_t); i++) {
    if (words[i] < program_begin() || words[i] >= program_end()) continue;
    writes.by[i * sizeof(uintptr_t) / kUnit] = kAllCommands;
  }
}

void rehearse_all(JSContext* context, const Rehearsal& rehearsal, const Writes& writes) {
  char** words = rehearsal.words;
  for (uint32_t bit = 1; *words != nullptr; bit <<= 1) {
    char** argv = words++;
    while (*words != nullptr && strcmp(*words, "--") != 0) words++;
    const int count = static_cast<int>(words - argv);
    const int status = rehearse(context, {rehearsal.folder, count, argv}, writes, bit);
    if (status == 0) continue;
    fprintf(stderr, "places: status 0x%x of", status);
    for (char** word = argv + 1; word < words; word++) fprintf(stderr, " %s", *word);
    fprintf(stderr, "\n");
  }
}

// The allocations that commands wrote to. What a later command writes lies in front, together.
std::vector<Written> written_of(std::span<const Placed> placed, const Writes& writes) {
  std::vector<size_t> last(writes.units, placed.size());
  // What lay at a place before was freed.
  for (size_t i = 0; i < placed.size(); i++) last[placed[i].at / kUnit] = i;
  std::vector<Written> all;
  for (const size_t i : last) {
    // A large one has pages of its own.
    if (i == placed.size() || placed[i].size > kSmall) continue;
    const uint32_t* first = &writes.by[placed[i].at / kUnit];
    uint32_t by = 0;
    for (size_t unit = 0; unit < placed[i].size / kUnit; unit++) by |= first[unit];
    if (by != 0) all.push_back({i, by});
  }
  std::sort(all.begin(), all.end(), [](const Written& a, const Written& b) {
    const int before = std::countl_zero(a.by) - std::countl_zero(b.by);
    return before != 0 ? before < 0 : a.allocation < b.allocation;
  });
  return all;
}

// Whether no place is given twice: the two fills that the build compares would both have two blocks
// in one.
bool are_apart(std::span<const Placed> placed, uint32_t end) {
  std::vector<bool> taken(end / kUnit);
  for (const auto& [size, at] : placed) {
    if (at == kAnywhere) continue;
    for (uint32_t unit = at / kUnit; unit < (at + size) / kUnit; unit++) {
      if (taken[unit]) return false;
      taken[unit] = true;
    }
  }
  return true;
}

}  // namespace

bool learn_places(JSContext* context, const Rehearsal& rehearsal, uint32_t known) {
  std::span<Placed> placed = end_heap();
  // Where pages are larger none can be watched by itself.
  if (sysconf(_SC_PAGESIZE) != kPage) return write_file(rehearsal.places, nullptr, 0);
  const size_t used = reinterpret_cast<uintptr_t>(memory.next) - kHeap;
  const Writes writes = no_writes((used + kPage - 1) / kPage * kPage);
  // The commands' own blocks are elsewhere, as in the executable.
  memory = {.next = reinterpret_cast<char*>(kHeap) + writes.units * kUnit, .end = memory.end};
  if (writes.by == nullptr) return false;
  note_pointers(writes);
  rehearse_all(context, rehearsal, writes);
  const std::vector<Written> written = written_of(placed, writes);
  for (Placed& each : placed) {
    if (each.at >= known) each.at = kAnywhere;
  }
  uint32_t next = known;
  for (const auto& [allocation, by] : written) {
    if (placed[allocation].at != kAnywhere) continue;
    placed[allocation].at = next;
    next += placed[allocation].size;
  }
  if (!are_apart(placed, next)) return false;
  fprintf(stderr, "places: what commands write has %u KB\n", next >> 10);
  return write_file(rehearsal.places, placed.data(), placed.size_bytes());
}

}  // namespace sampan::engine
