// A new file system by mount(2), which takes all options as one text (init/stage.h).

#include <string.h>
#include <sys/mount.h>

#include "init/kernel.h"
#include "init/mounts.h"
#include "init/stage.h"
#include "program/text.h"

namespace sampan::init {
namespace {

inline constexpr size_t kPage = 4096;  // mount(2) takes no more

// Options that every file system has, as fsconfig(2) knows them too.
struct Common {
  const char* name;
  unsigned long flag;
};
constexpr Common kCommon[] = {
    {"ro", MS_RDONLY},
    {"sync", MS_SYNCHRONOUS},
    {"dirsync", MS_DIRSYNC},
    {"lazytime", MS_LAZYTIME},
    {"mand", MS_MANDLOCK},
    {"rw", 0},
    {"async", 0},
    {"nolazytime", 0},
    {"nomand", 0},
};

bool is_common(const char* option, unsigned long* flags) {
  for (const Common& common : kCommon) {
    if (strcmp(option, common.name) != 0) continue;
    *flags |= common.flag;
    return true;
  }
  return false;
}

}  // namespace

Status make_filesystem_at_once(const Root& root, const wire::MountFilesystem& s, Descriptor* out) {
  Text<kPage> data;
  unsigned long flags = 0;
  size_t length = 0;
  wire::Reader options(s.options);
  for (uint32_t i = 0; i < s.options.count; i++) {
    wire::Str option;
    if (!options.get(&option)) return refused(EBADMSG, "decode");
    if (is_common(option.data, &flags)) continue;
    const bool take_mode = strcmp(option.data, "mode") == 0;
    Mode mode;
    if (take_mode && !mode_of(root, s.target.data, &mode)) continue;
    length += option.size + sizeof "=0000,";
    if (length >= kPage) return refused(E2BIG, "mount", s.type.data);
    if (!data.view().empty()) data << ',';
    data << option.data;
    if (take_mode) data << '=' << mode.digits;
  }
  const char* source = s.source.size > 0 ? s.source.data : "none";
  out->reset(stage::new_mount(s.type.data, source, flags, data.c_str(), s.attributes));
  return out->ok() ? kOk : failed("mount", s.type.data);
}

}  // namespace sampan::init
