#include "core/cgroup_walk.h"

#include "core/directory.h"

namespace sampan {
namespace {

// What stays: an error that time does not mend comes first.
void note(int* refused, int error) {
  if (*refused == 0 || is_in_use(*refused)) *refused = error;
}

// Whether a child is gone. Its removal takes permission to write its parent.
bool is_removed(int parent, const char* name) {
  if (unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return true;
  if (errno != EACCES || fchmod(parent, S_IRWXU) != 0) return false;
  return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

// Removes the children of the cgroup that the walk has come to until one refuses and can be
// entered; whether it was. Those up to the one with inode `left`, from which the walk has come
// back, have refused before; that one is tried again.
bool remove_until_refused(CgroupWalk* walk, ino_t left, int* refused) {
  bool is_new = left == 0;
  Directory entries(walk->at());
  while (const Entry* entry = entries.next()) {
    if (!entry->is_directory()) continue;
    const bool again = entry->inode == left;
    if (!is_new && !again) continue;
    is_new = true;
    if (is_removed(walk->at(), entry->name)) continue;
    if (is_in_use(errno) && !again && walk->enter(entry->name)) return true;
    if (errno != ENOENT) note(refused, errno);
  }
  return false;
}

}  // namespace

CgroupWalk::CgroupWalk(int top) : at_(open_own(top, ".", O_RDONLY | O_DIRECTORY)) {
  struct stat status;
  if (!ok() || fstat(at(), &status) != 0) return;
  device_ = status.st_dev;
  inode_ = status.st_ino;
}

bool CgroupWalk::enter(const char* name) {
  if (!go(name)) return false;
  depth_++;
  return true;
}

bool CgroupWalk::leave() {
  if (!go("..")) return false;
  depth_--;
  return true;
}

bool CgroupWalk::go(const char* name) {
  UniqueFd next = open_own(at(), name, O_RDONLY | O_DIRECTORY);
  struct stat status;
  if (!next.ok() || fstat(next.get(), &status) != 0) return false;
  if (status.st_dev != device_) {
    errno = EBUSY;
    return false;
  }
  at_ = std::move(next);
  inode_ = status.st_ino;
  return true;
}

int remove_cgroups_below(int directory) {
  CgroupWalk walk(directory);
  if (!walk.ok()) return errno;
  int refused = 0;
  for (ino_t left = 0;;) {
    if (remove_until_refused(&walk, left, &refused)) {
      left = 0;
      continue;
    }
    if (walk.is_at_top()) return refused;
    left = walk.inode();
    if (!walk.leave()) return errno;
  }
}

}  // namespace sampan
