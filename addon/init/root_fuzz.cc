// Any path in any tree leads to the same place, or to the same errno, by openat2(2), by the walk
// that stands in for it, and by a plain reading of path_resolution(7).

#include <stdio.h>
#include <string.h>

#include "init/descriptor.h"
#include "init/fuzz_tree.h"
#include "init/kernel.h"
#include "init/root.h"
#include "init/walk.h"

namespace {

using namespace sampan::init;
using fuzz::Tree;

[[noreturn]] void disagree(const Tree& tree, const std::string& path, int flags, long expected,
                           const char* who, long got) {
  for (const Tree::Node& node : tree.nodes()) {
    fprintf(stderr, "%d %s -> %s\n", static_cast<int>(node.kind), node.path.c_str(),
            node.text.c_str());
  }
  fprintf(stderr, "%s, flags %#o: expected %ld, by %s %ld\n", path.c_str(), flags, expected, who,
          got);
  __builtin_trap();
}

// As Tree::resolve says it.
long answer(const Tree& tree, const std::string& root, int fd) {
  if (fd < 0) return -errno;
  Descriptor opened(fd);
  struct stat found;
  fuzz::need(fstat(fd, &found) == 0, "fstat");
  for (size_t i = 0; i < tree.nodes().size(); i++) {
    struct stat info;
    fuzz::need(lstat((root + tree.nodes()[i].path).c_str(), &info) == 0, "lstat");
    if (info.st_ino == found.st_ino && info.st_dev == found.st_dev) return static_cast<long>(i);
  }
  return -10000;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static fuzz::Place place;
  fuzz::Choices choices(data, size);
  const Tree tree(choices);
  tree.make_below(place.root);
  while (!choices.empty()) {
    static constexpr int kFlags[] = {0, O_DIRECTORY, O_NOFOLLOW, O_NOFOLLOW | O_DIRECTORY};
    static constexpr int kHow[] = {O_PATH, O_PATH, O_RDONLY};
    const int flags = choices.of(kFlags) | choices.of(kHow) | O_CLOEXEC;
    const uint64_t how =
        RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (choices.pick(3) == 0 ? RESOLVE_NO_SYMLINKS : 0);
    const std::string path = fuzz::any_path(choices);
    const char* text = path.c_str();
    const long expected = tree.resolve(path, flags, how);
    int fd = kernel::openat2(place.fd, text, static_cast<uint64_t>(flags), 0, how);
    const bool tells = fd >= 0 || (errno != EAGAIN && !kernel::is_unknown(errno));
    const long by_kernel = tells ? answer(tree, place.root, fd) : expected;
    if (by_kernel != expected) disagree(tree, path, flags, expected, "openat2", by_kernel);
    fd = walk(place.fd, text, flags, how);
    const long by_walk = answer(tree, place.root, fd);
    if (by_walk != expected) disagree(tree, path, flags, expected, "the walk", by_walk);
  }
  tree.remove_below(place.root);
  return 0;
}
