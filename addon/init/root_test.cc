// Paths are resolved in the root, whatever the root holds.

#include "init/root.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "testing/check.h"

namespace sampan::init {
namespace {

// OUTSIDE/root is the container's root, OUTSIDE stands for the host.
class Tree {
 public:
  Tree() {
    CHECK(mkdtemp(outside_) != nullptr);
    root_path_ = path("root");
    CHECK(mkdir(root_path_.c_str(), 0755) == 0);
    CHECK(mkdir(path("secret").c_str(), 0755) == 0);
    root.set(::open(root_path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  ~Tree() { CHECK(system(("rm -rf " + std::string(outside_)).c_str()) == 0); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  std::string path(const char* name) const { return std::string(outside_) + "/" + name; }
  std::string in(const char* name) const { return root_path_ + "/" + name; }
  bool secret_is_empty() const {
    return rmdir(path("secret").c_str()) == 0 && mkdir(path("secret").c_str(), 0755) == 0;
  }

  Root root;

 private:
  char outside_[32] = "/tmp/sampan-root-XXXXXX";
  std::string root_path_;
};

void directories_are_made_with_their_parents() {
  Tree tree;
  Descriptor made;
  CHECK(tree.root.make_directory("/a/b//c/", 0755, &made).ok());
  struct stat info;
  CHECK(stat(tree.in("a/b/c").c_str(), &info) == 0 && S_ISDIR(info.st_mode));
}

void cve_2021_30465_a_link_to_the_host_stays_in_the_root() {
  Tree tree;
  CHECK(symlink(tree.path("secret").c_str(), tree.in("absolute").c_str()) == 0);
  CHECK(symlink("../../../../../../../../tmp", tree.in("upward").c_str()) == 0);
  Descriptor made;
  // The target of the first link does not exist in the root: no directory is made through it.
  CHECK(!tree.root.make_directory("/absolute/x", 0755, &made).ok());
  CHECK(!tree.root.make_file("/upward/x", &made).ok());
  CHECK(tree.root.make_directory("/../../a", 0755, &made).ok() ||
        access(tree.path("a").c_str(), F_OK) != 0);
  CHECK(tree.secret_is_empty());
}

void cve_2019_18837_a_link_as_last_component_makes_no_file_on_the_host() {
  Tree tree;
  CHECK(symlink(tree.path("secret/file").c_str(), tree.in("console").c_str()) == 0);
  Descriptor made;
  CHECK(!tree.root.make_file("/console", &made).ok());
  CHECK(tree.secret_is_empty());
}

void magic_links_are_refused() {
  Tree tree;
  CHECK(symlink("/proc/self/root", tree.in("up").c_str()) == 0);
  Descriptor found;
  CHECK(!tree.root.open("/up/etc", O_PATH, &found).ok());
}

void cve_2023_28642_links_are_refused_where_they_must_be() {
  Tree tree;
  CHECK(mkdir(tree.in("elsewhere").c_str(), 0755) == 0);
  CHECK(symlink("elsewhere", tree.in("proc").c_str()) == 0);
  Descriptor found;
  CHECK(tree.root.make_directory("/proc", 0755, &found, Root::Links::kRefuse).error == ELOOP);
  CHECK(tree.root.make_directory("/proc", 0755, &found).ok());
}

struct Race {
  std::string a, b;
  std::atomic<bool> over{false};
};

void* exchange(void* argument) {
  auto* race = static_cast<Race*>(argument);
  while (!race->over) {
    (void)renameat2(AT_FDCWD, race->a.c_str(), AT_FDCWD, race->b.c_str(), RENAME_EXCHANGE);
  }
  return nullptr;
}

void cve_2024_45310_a_directory_exchanged_for_a_link_makes_nothing_on_the_host() {
  Tree tree;
  Race race;
  race.a = tree.in("volume");
  race.b = tree.in("link");
  CHECK(mkdir(race.a.c_str(), 0755) == 0);
  CHECK(symlink(tree.path("secret").c_str(), race.b.c_str()) == 0);
  pthread_t attacker;
  CHECK(pthread_create(&attacker, nullptr, exchange, &race) == 0);
  for (int i = 0; i < 2000; i++) {
    char path[64];
    snprintf(path, sizeof path, "/volume/%d/deep", i);
    Descriptor made;
    (void)tree.root.make_directory(path, 0755, &made);
    snprintf(path, sizeof path, "/volume/file-%d", i);
    (void)tree.root.make_file(path, &made);
  }
  race.over = true;
  pthread_join(attacker, nullptr);
  CHECK(tree.secret_is_empty());
}

}  // namespace
}  // namespace sampan::init

int main() {
  using namespace sampan::init;
  directories_are_made_with_their_parents();
  cve_2021_30465_a_link_to_the_host_stays_in_the_root();
  cve_2019_18837_a_link_as_last_component_makes_no_file_on_the_host();
  magic_links_are_refused();
  cve_2023_28642_links_are_refused_where_they_must_be();
  cve_2024_45310_a_directory_exchanged_for_a_link_makes_nothing_on_the_host();
  return sampan::testing::failures == 0 ? 0 : 1;
}
