#include "core/cgroup_tree.h"

#include "core/cgroup_walk.h"
#include "core/directory.h"

namespace sampan {
namespace {

bool is_gone(int error) { return error == ENOENT || error == ENODEV; }

// The end of a walk: that what it is in has been removed is no error.
Result<bool> unless_gone(const char* syscall) {
  return is_gone(errno) ? Result<bool>(false) : failed(syscall);
}

std::vector<std::string> children_of(int directory) {
  std::vector<std::string> names;
  Directory entries(directory);
  while (const Entry* entry = entries.next()) {
    if (entry->is_directory()) names.emplace_back(entry->name);
  }
  return names;
}

// Goes into the next of the children that are to be visited, or of those beside one above; false at
// the end of the tree.
Result<bool> go_on(CgroupWalk* walk, std::vector<std::vector<std::string>>* rest) {
  for (;;) {
    if (rest->back().empty()) {
      rest->pop_back();
      if (rest->empty()) return false;
      if (!walk->leave()) return unless_gone("open");
      continue;
    }
    const std::string name = std::move(rest->back().back());
    rest->back().pop_back();
    if (walk->enter(name.c_str())) return true;
    if (!is_gone(errno)) return failed("open");
  }
}

// Calls `visit` with the directory of each cgroup, the top first, until it says false.
template <class Visit>
Result<bool> visit_tree(int top, Visit visit) {
  CgroupWalk walk(top);
  if (!walk.ok()) return unless_gone("open");
  std::vector<std::vector<std::string>> rest;
  for (;;) {
    Result<bool> next = visit(walk.at());
    if (!next.ok() || !next.value()) return next;
    rest.push_back(children_of(walk.at()));
    next = go_on(&walk, &rest);
    if (!next.ok() || !next.value()) return next;
  }
}

// EOPNOTSUPP: a cgroup for threads alone has no list; its processes are in that of one above it
// (cgroups(7)).
Result<bool> list(int directory, std::vector<int>* pids) {
  const int error = each_process(directory, [&](int pid) { pids->push_back(pid); });
  if (error == 0 || is_gone(error) || error == EOPNOTSUPP) return true;
  return Error{error, "read"};
}

}  // namespace

Result<std::vector<int>> processes_in_tree(int directory) {
  std::vector<int> pids;
  const Result<bool> visited = visit_tree(directory, [&](int at) { return list(at, &pids); });
  if (!visited.ok()) return visited.error();
  return pids;
}

Result<UniqueFd> cgroup_of_process(int directory, int pid) {
  UniqueFd found;
  const Result<bool> visited = visit_tree(directory, [&](int at) -> Result<bool> {
    std::vector<int> pids;
    Result<bool> listed = list(at, &pids);
    for (const int one : pids) {
      if (one != pid) continue;
      found = open_own(at, ".", O_RDONLY | O_DIRECTORY);
      return found.ok() ? Result<bool>(false) : failed("open");
    }
    return listed;
  });
  if (!visited.ok()) return visited.error();
  return found;
}

}  // namespace sampan
