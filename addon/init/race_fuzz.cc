// While somebody exchanges and moves what is in the root, and moves directories out of it, no
// resolution leads to what has never been in it, and nothing is made there. The moves come between
// any two system calls of the walk, and from another thread.

#include <linux/fs.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>

#include <atomic>
#include <filesystem>
#include <system_error>

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

const Tree::Node& any_node(fuzz::Choices& choices, const Tree& tree) {
  return tree.nodes()[choices.pick(static_cast<unsigned>(tree.nodes().size()))];
}

// Down to `place`, up again, and on to anything.
std::string path_by(const std::string& place, fuzz::Choices& choices) {
  std::string path = place;
  for (unsigned left = 1 + choices.pick(5); left > 0; left--) path += "/..";
  return path + "/" + fuzz::any_path(choices);
}

// Some that the way leads by, which is `target`, and some anywhere.
std::vector<Move> any_moves(const std::string& target, fuzz::Choices& choices, const Tree& tree,
                            const fuzz::Place& place) {
  std::vector<Move> moves;
  const auto node = [&] { return place.root + any_node(choices, tree).path; };
  for (unsigned left = 1 + choices.pick(3); left > 0; left--) {
    const std::string one = choices.coin() ? node() : place.root + target;
    if (one == place.root) continue;
    if (choices.coin()) {
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
  std::error_code error;
  std::filesystem::remove_all(place.outside + "/away", error);
  for (const auto& entry : std::filesystem::directory_iterator(place.root, error)) {
    std::filesystem::remove_all(entry.path(), error);
  }
}

void carry_out(const Move& move) {
  (void)renameat2(AT_FDCWD, move.from.c_str(), AT_FDCWD, move.to.c_str(), move.flags);
}

void* attack(void* argument) {
  auto* all = static_cast<Attack*>(argument);
  while (!all->over) {
    for (const Move& move : all->moves) carry_out(move);
  }
  return nullptr;
}

void never_of_the_host(const Ground& ground, const Descriptor& found) {
  if (found.ok() && ground.is_host(found.get())) __builtin_trap();
}

// What is done behind the next system calls of the walk: moves, as choices say.
struct Disturbance {
  const std::vector<Move>& moves;
  fuzz::Choices& choices;
};
Disturbance* disturbance = nullptr;

void disturb() {
  if (disturbance == nullptr) return;
  const int error = errno;
  auto& [moves, choices] = *disturbance;
  const unsigned which = choices.pick(static_cast<unsigned>(2 * moves.size() + 1));
  if (which > 0 && which <= moves.size()) carry_out(moves[which - 1]);
  errno = error;
}

// The walk, and what is made by it, with the moves at moments that the fuzzer chooses.
void disturbed(const Ground& ground, const Root& root, const std::string& path,
               Disturbance by_choice) {
  disturbance = &by_choice;
  for (int i = 0; i < 8 && !by_choice.choices.empty(); i++) {
    Descriptor found;
    if (root.open(path.c_str(), O_PATH, &found).ok()) never_of_the_host(ground, found);
    if (root.make_directory(path.c_str(), 0755, &found).ok()) never_of_the_host(ground, found);
    if (root.make_file((path + "/f").c_str(), &found).ok()) never_of_the_host(ground, found);
  }
  disturbance = nullptr;
}

// The kernel and the walk, with another thread that moves without end.
void raced(const Ground& ground, const Root& root, const std::string& path, Attack* all) {
  pthread_t attacker;
  fuzz::need(pthread_create(&attacker, nullptr, attack, all) == 0, "pthread_create");
  for (int i = 0; i < 50; i++) {
    Descriptor by_kernel;
    if (root.open(path.c_str(), O_PATH, &by_kernel).ok()) never_of_the_host(ground, by_kernel);
    const Descriptor by_walk(
        walk(root.fd(), path.c_str(), O_PATH | O_CLOEXEC, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS));
    never_of_the_host(ground, by_walk);
  }
  all->over = true;
  pthread_join(attacker, nullptr);
}

}  // namespace

// By `-Wl,--wrap` these stand for the calls of root.cc and walk.cc.
extern "C" {
int __real_openat(int dir, const char* path, int flags, mode_t mode);
int __real_mkdirat(int dir, const char* path, mode_t mode);
long __real_syscall(long number, ...);

int __wrap_openat(int dir, const char* path, int flags, mode_t mode) {
  const int fd = __real_openat(dir, path, flags, mode);
  disturb();
  return fd;
}

int __wrap_mkdirat(int dir, const char* path, mode_t mode) {
  disturb();
  return __real_mkdirat(dir, path, mode);
}

// There is no openat2(2) while the walk is looked at.
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f) {
  if (number != SYS_openat2 || disturbance == nullptr)
    return __real_syscall(number, a, b, c, d, e, f);
  errno = ENOSYS;
  return -1;
}
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Ground ground;
  const fuzz::Place& place = ground.place;
  fuzz::Choices choices(data, size);
  const Tree tree(choices);
  tree.make_below(place.root);
  const std::string target = any_node(choices, tree).path;
  Attack all;
  all.moves = any_moves(target, choices, tree, place);
  const std::string path = path_by(target, choices);
  const bool threads = choices.pick(8) == 7;
  Root root;
  root.set(fcntl(place.fd, F_DUPFD_CLOEXEC, 3));
  disturbed(ground, root, path, {all.moves, choices});
  if (threads) raced(ground, root, path, &all);
  if (!ground.host_is_untouched()) __builtin_trap();
  clear(place);
  return 0;
}
