// Paths are resolved in the root, whatever the root holds.

#include "init/root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

namespace sampan::init {
namespace {

void magic_links_of_procfs_are_refused_and_its_others_followed() {
  Root host;
  host.set(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  Descriptor found;
  CHECK(host.open("/proc/self/root/etc", O_PATH, &found).error == ELOOP);
  CHECK(host.open("/proc/self/exe", O_PATH, &found).error == ELOOP);
  CHECK(host.open("/proc/self/fd/0", O_PATH, &found).error == ELOOP);
  CHECK(host.open("/proc/mounts", O_RDONLY, &found).ok());
}

void dots_never_lead_out() {
  Tree tree;
  Descriptor found;
  struct stat root;
  struct stat info;
  CHECK(stat(tree.in("").c_str(), &root) == 0);
  CHECK(tree.root.make_directory("/a/b", 0755, &found).ok());
  for (const char* path : {"..", "/..", "/../..", "a/../..", "a/b/../../../.", "/", ".", ""}) {
    CHECK(tree.root.open(path, O_PATH | O_DIRECTORY, &found).ok());
    CHECK(fstat(found.get(), &info) == 0 && info.st_ino == root.st_ino);
  }
  CHECK(symlink("../../b", tree.in("a/up").c_str()) == 0);
  CHECK(tree.root.open("/a/up", O_PATH, &found).error == ENOENT);
  CHECK(symlink("/a/./b/", tree.in("a/down").c_str()) == 0);
  CHECK(tree.root.open("/a/b/../down/", O_PATH | O_DIRECTORY, &found).ok());
  CHECK(stat(tree.in("a/b").c_str(), &root) == 0);
  CHECK(fstat(found.get(), &info) == 0 && info.st_ino == root.st_ino);
}

void what_is_no_directory_is_not_entered() {
  Tree tree;
  Descriptor found;
  CHECK(tree.root.make_file("/file", &found).ok());
  CHECK(symlink("file", tree.in("link").c_str()) == 0);
  for (const char* path : {"/file/", "/file/x", "/file/..", "/link/", "/link/x", "/file/."}) {
    CHECK(tree.root.open(path, O_PATH, &found).error == ENOTDIR);
  }
  CHECK(tree.root.open("/link", O_PATH | O_DIRECTORY, &found).error == ENOTDIR);
  CHECK(tree.root.open("/link", O_RDONLY, &found).ok());
  struct stat info;
  CHECK(tree.root.open("/link", O_PATH | O_NOFOLLOW, &found).ok());
  CHECK(fstat(found.get(), &info) == 0 && S_ISLNK(info.st_mode));
}

void links_that_go_round_end() {
  Tree tree;
  Descriptor found;
  CHECK(symlink("round", tree.in("round").c_str()) == 0);
  CHECK(tree.root.open("/round", O_PATH, &found).error == ELOOP);
  CHECK(symlink("x/x/x/x/round", tree.in("x").c_str()) == 0);
  CHECK(tree.root.open("/x", O_PATH, &found).error == ELOOP);
  const std::string name(NAME_MAX + 1, 'n');
  CHECK(tree.root.open(name.c_str(), O_PATH, &found).error == ENAMETOOLONG);
  const std::string path(PATH_MAX, '/');
  CHECK(tree.root.open(path.c_str(), O_PATH, &found).error == ENAMETOOLONG);
}

// Whether openat2(2) is gone; what remains is the walk.
bool take_openat2_away(unsigned error) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog filter = {sizeof code / sizeof *code, code};
  (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0 &&
         syscall(SYS_openat2, -1, "", nullptr, 0) < 0 && errno == static_cast<int>(error);
}

void all() {
  directories_are_made_with_their_parents();
  cve_2021_30465_a_link_to_the_host_stays_in_the_root();
  cve_2019_18837_a_link_as_last_component_makes_no_file_on_the_host();
  magic_links_are_refused();
  magic_links_of_procfs_are_refused_and_its_others_followed();
  cve_2023_28642_links_are_refused_where_they_must_be();
  cve_2024_45310_a_directory_exchanged_for_a_link_makes_nothing_on_the_host();
  dots_never_lead_out();
  what_is_no_directory_is_not_entered();
  links_that_go_round_end();
}

}  // namespace
}  // namespace sampan::init

int main() {
  using namespace sampan::init;
  all();
  for (unsigned error : {ENOSYS, EPERM}) {
    fprintf(stderr, "the same without openat2(2), which gives %s\n", strerrorname_np(error));
    CHECK(take_openat2_away(error));
    all();
  }
  return sampan::testing::failures == 0 ? 0 : 1;
}
