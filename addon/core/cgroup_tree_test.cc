// Walks below a cgroup, on directories that look like one: with a cgroup.procs, or, for removal,
// with a file in those that are in use.

#include "core/cgroup_tree.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/cgroup_walk.h"
#include "testing/check.h"

namespace {

using namespace sampan;
namespace fs = std::filesystem;

// No text; halves of a surrogate pair; what lists and paths are cut at; what the kernel adds to the
// path of a cgroup that is gone; the text that the first two are read as; as long as a name may be.
const std::string kNames[] = {
    "\xff",       "\xed\xa0\x80", "\xed\xa0\x80\xff", "\n0::", "a\nb",
    " (deleted)", "\ufffd",       "\x1b[2J",          "...",   std::string(255, '\xfe')};

class Tree {
 public:
  Tree() {
    char name[] = "/tmp/sampan-tree-XXXXXX";
    if (mkdtemp(name) == nullptr) abort();
    path_ = name;
    top_ = UniqueFd(open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  ~Tree() { fs::remove_all(path_); }
  const std::string& path() const { return path_; }
  int top() const { return top_.get(); }
  std::string make(const std::string& name) const {
    fs::create_directories(path_ + "/" + name);
    return path_ + "/" + name;
  }
  void fill(const std::string& name, const std::string& pids) const {
    std::ofstream(make(name) + "/cgroup.procs") << pids;
  }
  std::set<std::string> children() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) names.insert(entry.path().filename());
    return names;
  }
  // Directories one in the other; the innermost lists `pid`, if that is not 0.
  void nest(const std::string& name, int levels, int pid = 0) const {
    UniqueFd at(dup(top()));
    for (int i = 0; i < levels; i++) {
      if (mkdirat(at.get(), name.c_str(), 0755) != 0) abort();
      at = UniqueFd(openat(at.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    }
    if (pid == 0) return;
    const UniqueFd list(openat(at.get(), "cgroup.procs", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (dprintf(list.get(), "%d\n", pid) < 0) abort();
  }

 private:
  std::string path_;
  UniqueFd top_;
};

std::vector<int> listed(const Tree& tree) {
  Result<std::vector<int>> pids = processes_in_tree(tree.top());
  CHECK(pids.ok());
  std::sort(pids.value().begin(), pids.value().end());
  return pids.value();
}

// The path of the cgroup that has the process; empty where none has.
std::string found(const Tree& tree, int pid) {
  Result<UniqueFd> cgroup = cgroup_of_process(tree.top(), pid);
  CHECK(cgroup.ok());
  if (!cgroup.value().ok()) return "";
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(cgroup.value().get());
  const ssize_t n = readlink(link.c_str(), path, sizeof path);
  return n < 0 ? strerror(errno) : std::string(path, static_cast<size_t>(n));
}

void lists_what_has_any_name() {
  const Tree tree;
  tree.fill("", "1\n2\n0\n");
  int pid = 10;
  for (const auto& name : kNames) {
    tree.fill(name + "/" + name, std::to_string(pid) + "\n");
    tree.fill(name, std::to_string(100 + pid++) + "\n");
  }
  std::vector<int> all = {0, 1, 2};
  for (int i = 10; i < pid; i++) all.push_back(i);
  for (int i = 10; i < pid; i++) all.push_back(100 + i);
  CHECK(listed(tree) == all);
  for (int i = 10; i < pid; i++) {
    const std::string name = tree.path() + "/" + kNames[i - 10];
    CHECK(found(tree, i) == name + "/" + kNames[i - 10]);
    CHECK(found(tree, 100 + i) == name);
  }
  CHECK(found(tree, 1) == tree.path());
  CHECK(found(tree, 3).empty());
}

// Each read of the list ends somewhere, also within a number.
void lists_many() {
  const Tree tree;
  std::string text;
  std::vector<int> all;
  for (int pid = 1; pid < 3000; pid += 1 + pid / 50) {
    text += std::to_string(pid) + "\n";
    all.push_back(pid);
  }
  tree.fill("many", text);
  CHECK(listed(tree) == all);
}

void follows_no_links() {
  const Tree tree;
  tree.fill("below", "5\n");
  fs::create_directory_symlink("below", tree.path() + "/link");
  CHECK(listed(tree) == std::vector<int>{5});
  fs::create_symlink("/proc/self/stat", tree.path() + "/cgroup.procs");
  Result<std::vector<int>> pids = processes_in_tree(tree.top());
  CHECK(!pids.ok() && pids.error().number == ELOOP);
}

void survives_depth() {
  const Tree tree;
  tree.nest("a-name-of-20-letters", 1000, 7);
  CHECK(listed(tree) == std::vector<int>{7});
  CHECK(found(tree, 7) == strerror(ENAMETOOLONG));
}

void removes_what_has_any_name() {
  const Tree tree;
  for (const auto& name : kNames) {
    for (const auto& below : kNames) tree.make(name + "/" + below + "/" + name);
  }
  CHECK(remove_cgroups_below(tree.top()) == 0);
  CHECK(tree.children().empty());
}

void removes_at_any_depth() {
  const Tree tree;
  tree.nest("\xff of twenty letters ", 2000);
  CHECK(remove_cgroups_below(tree.top()) == 0);
  CHECK(tree.children().empty());
}

// What is in use stays, and what is above it; all else goes.
void goes_round_what_is_in_use() {
  const Tree tree;
  const std::set<std::string> used = {"3", "40", "77"};
  for (int i = 0; i < 100; i++) tree.make(std::to_string(i) + "/x/y");
  for (const auto& name : used) tree.fill(name + "/used", "1\n");
  CHECK(remove_cgroups_below(tree.top()) == ENOTEMPTY);
  CHECK(tree.children() == used);
  for (const auto& name : used) {
    CHECK(!fs::exists(tree.path() + "/" + name + "/x"));
    CHECK(fs::exists(tree.path() + "/" + name + "/used/cgroup.procs"));
  }
}

// A container whose mounts reach the host could put any directory there.
void does_not_enter_mounts() {
  const std::string uid = "0 " + std::to_string(getuid()) + " 1";
  if (unshare(getuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) {
    fprintf(stderr, "skipped: mounts: unshare: %s\n", strerror(errno));
    return;
  }
  std::ofstream("/proc/self/uid_map") << uid;
  const Tree tree;
  const std::string point = tree.make("point");
  CHECK(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
  if (mount("none", point.c_str(), "tmpfs", 0, nullptr) != 0) {
    fprintf(stderr, "skipped: mounts: mount: %s\n", strerror(errno));
    return;
  }
  tree.make("beside");
  tree.make("point/elsewhere");
  CHECK(remove_cgroups_below(tree.top()) == EBUSY);
  CHECK(tree.children() == std::set<std::string>{"point"});
  CHECK(fs::exists(point + "/elsewhere"));
  tree.fill("point", "1\n");
  const Result<std::vector<int>> pids = processes_in_tree(tree.top());
  CHECK(!pids.ok() && pids.error().number == EBUSY);
  umount(point.c_str());
}

void finds_nothing_in_what_is_gone() {
  const Tree tree;
  tree.make("below");
  const UniqueFd below(openat(tree.top(), "below", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  fs::remove(tree.path() + "/below");
  const Result<std::vector<int>> pids = processes_in_tree(below.get());
  CHECK(pids.ok());
  const Result<UniqueFd> cgroup = cgroup_of_process(below.get(), 1);
  CHECK(cgroup.ok());
}

}  // namespace

int main() {
  lists_what_has_any_name();
  lists_many();
  follows_no_links();
  survives_depth();
  removes_what_has_any_name();
  removes_at_any_depth();
  goes_round_what_is_in_use();
  finds_nothing_in_what_is_gone();
  does_not_enter_mounts();
  return testing::failures == 0 ? 0 : 1;
}
