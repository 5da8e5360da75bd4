// While somebody exchanges and moves what is in the root, and moves directories out of it, no
// resolution leads to what has never been in it, and nothing is made there.

#include <linux/fs.h>
#include <pthread.h>
#include <stdio.h>

#include <atomic>

#include "init/fuzz_tree.h"
#include "init/kernel.h"
#include "init/root.h"
#include "init/walk.h"

namespace {

using namespace sampan::init;
using fuzz::Tree;

struct Move {
  std::string from;
  std::string to;
  unsigned flags;
};

struct Attack {
  std::vector<Move> moves;
  std::atomic<bool> over{false};
};

void* attack(void* argument) {
  auto* all = static_cast<Attack*>(argument);
  while (!all->over) {
    for (const Move& move : all->moves) {
      (void)renameat2(AT_FDCWD, move.from.c_str(), AT_FDCWD, move.to.c_str(), move.flags);
    }
  }
  return nullptr;
}

// Names of the tree and of the host, so that a way out finds what it looks for.
struct Ground {
  Ground() {
    for (const char* name : {"a", "b", "c", "d"}) {
      const std::string path = place.outside + "/" + name;
      fuzz::need(mkdir(path.c_str(), 0755) == 0, "mkdir");
      add(path);
    }
    add(place.outside);
    add("/");
    add("/dev");
    add("/dev/shm");
    add("/tmp");
  }
  void add(const std::string& path) {
    struct stat info;
    if (stat(path.c_str(), &info) == 0) host.push_back(info);
  }
  bool is_host(int fd) const {
    struct stat found;
    fuzz::need(fstat(fd, &found) == 0, "fstat");
    for (const struct stat& info : host) {
      if (info.st_ino == found.st_ino && info.st_dev == found.st_dev) return true;
    }
    return false;
  }
  bool host_is_untouched() const {
    for (const char* name : {"a", "b", "c", "d"}) {
      const std::string path = place.outside + "/" + name;
      if (rmdir(path.c_str()) != 0 || mkdir(path.c_str(), 0755) != 0) return false;
    }
    return true;
  }

  fuzz::Place place;
  std::vector<struct stat> host;
};

std::vector<Move> any_moves(fuzz::Choices& choices, const Tree& tree, const fuzz::Place& place) {
  std::vector<Move> moves;
  const auto node = [&] {
    const auto count = static_cast<unsigned>(tree.nodes().size());
    return place.root + tree.nodes()[choices.pick(count)].path;
  };
  for (unsigned left = 1 + choices.pick(4); left > 0; left--) {
    const std::string one = node();
    if (choices.pick(3) == 0) {
      // Out of the root and back.
      moves.push_back({one, place.outside + "/away", RENAME_NOREPLACE});
      moves.push_back({place.outside + "/away", one, RENAME_NOREPLACE});
    } else {
      moves.push_back({one, node(), RENAME_EXCHANGE});
    }
  }
  return moves;
}

void clear(const fuzz::Place& place) {
  const std::string command = "rm -rf " + place.outside + "/away " + place.root + "/* ";
  fuzz::need(system(command.c_str()) == 0, "rm");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Ground ground;
  const fuzz::Place& place = ground.place;
  fuzz::Choices choices(data, size);
  const Tree tree(choices);
  tree.make_below(place.root);
  Attack all;
  all.moves = any_moves(choices, tree, place);
  const std::string path = fuzz::any_path(choices);
  Root root;
  root.set(fcntl(place.fd, F_DUPFD_CLOEXEC, 3));
  pthread_t attacker;
  fuzz::need(pthread_create(&attacker, nullptr, attack, &all) == 0, "pthread_create");
  for (int i = 0; i < 100; i++) {
    Descriptor by_kernel;
    if (root.open(path.c_str(), O_PATH, &by_kernel).ok() && ground.is_host(by_kernel.get())) {
      __builtin_trap();
    }
    Descriptor by_walk(
        walk(place.fd, path.c_str(), O_PATH | O_CLOEXEC, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS));
    if (by_walk.ok() && ground.is_host(by_walk.get())) __builtin_trap();
  }
  all.over = true;
  pthread_join(attacker, nullptr);
  if (!ground.host_is_untouched()) __builtin_trap();
  clear(place);
  return 0;
}
