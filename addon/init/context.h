// What init knows while it works through a plan.
#pragma once

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/close_range.h"
#include "init/channel.h"
#include "init/descriptor.h"
#include "init/kept_mounts.h"
#include "init/proc.h"
#include "init/root.h"
#include "init/stamps.h"
#include "wire/reader.h"

namespace sampan::init {

inline constexpr uint32_t kMaxNamespaces = 16;
inline constexpr uint32_t kMaxSources = 512;
inline constexpr uint32_t kMaxSlots = kMaxSources + 16;

struct Context {
  explicit Context(int socket, char** room = nullptr)
      : runtime(socket), first_slot(socket + 1), lists(room) {}

  // The descriptor of a slot; -1 for none, and for one that no launch hands over. Slots follow the
  // socket, in the order of the launch.
  int slot(wire::Slot slot) const {
    return slot.index < kMaxSlots ? first_slot + static_cast<int>(slot.index) : -1;
  }

  // Closes what is open beyond what the container keeps and the socket, but for `kept`.
  void close_all(int kept) const {
    const auto first = static_cast<unsigned>(first_slot);
    const auto one = static_cast<unsigned>(kept < first_slot ? first_slot - 1 : kept);
    if (one > first) (void)close_range_of(first, one - 1, 0);
    (void)close_range_of(one + 1, ~0u, 0);
  }

  // Where reports go: the runtime, and from `await-start` on the process that said start.
  Channel runtime;
  int first_slot;
  // The container's root while it is being built, and / once it is the root.
  Root root;
  // Whether its mount lies over / itself, because its own place is out of reach.
  bool root_over_top = false;
  // When each step was done, for a runtime that traces.
  Stamps stamps;
  // Where all that init writes to /proc goes.
  Proc proc;
  // Mounts that masks and the like are put into.
  KeptMounts kept_mounts;
  Descriptor namespaces[kMaxNamespaces];
  Descriptor sources[kMaxSources];
  // First covers made by mask-path: later ones are clones of these.
  Descriptor null_cover;
  Descriptor empty_cover;
  unsigned long propagation = 0;
  // Whether set-cwd has entered the working directory.
  bool in_directory = false;
  // The program that find-program found, and its future pid, read while seccomp still lets us.
  char program[PATH_MAX] = "";
  pid_t pid = 0;
  // Room for pointers to all strings of the plan, with some more (channel.h).
  char** lists;
  // `HOME=…` as find-home found it; empty where the configuration says it.
  char home[sizeof "HOME=" + PATH_MAX] = "";
};

}  // namespace sampan::init
