#include "init/kept_mounts.h"

#include <string.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

// What is left of `path` below `target`; null where it is somewhere else.
const char* rest_of(const char* path, const char* target) {
  const size_t length = strlen(target);
  if (strncmp(path, target, length) != 0) return nullptr;
  return path[length] == '/' || path[length] == '\0' ? path + length : nullptr;
}

}  // namespace

bool KeptMounts::wants(const char* target) const {
  wire::Reader targets(wanted_);
  for (wire::Str wanted; targets.get(&wanted);) {
    if (strcmp(wanted.data, target) == 0) return true;
  }
  return false;
}

Status KeptMounts::mounted(const char* target, int mount) {
  if (!wants(target)) return kOk;
  if (count_ == kMost) return refused(E2BIG, "move_mount", target);
  Kept& kept = kept_[count_++];
  kept.target = target;
  if (mount < 0) return kOk;
  const int fd = fcntl(mount, F_DUPFD_CLOEXEC, 3);
  if (fd < 0) return failed("fcntl", target);
  kept.mount.set(fd);
  return kOk;
}

Status KeptMounts::open(const Root& root, const char* path, Descriptor* out, bool* itself) const {
  for (unsigned i = count_; i-- > 0;) {
    const char* rest = rest_of(path, kept_[i].target);
    if (rest == nullptr) continue;
    const int mount = kept_[i].mount.fd();
    if (mount < 0) break;
    if (*rest == '\0') {
      if (itself != nullptr) *itself = true;
      out->reset(fcntl(mount, F_DUPFD_CLOEXEC, 3));
      return out->ok() ? kOk : failed("fcntl", path);
    }
    Status status = kept_[i].mount.open(rest + 1, O_PATH, out, Root::Links::kBeneath);
    // A link of a volume leads out of it.
    if (status.error == EXDEV) break;
    return status.ok() ? status : refused(status.error, status.syscall, path);
  }
  return root.open(path, O_PATH, out);
}

Status run(Context& c, const wire::KeepMounts& s) {
  c.kept_mounts.want(s.targets);
  return kOk;
}

}  // namespace sampan::init
