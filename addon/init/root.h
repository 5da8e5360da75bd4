// The container's root: every path of the container is resolved here, at the moment of use, with
// openat2(2) RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS. Nothing else in init turns a path of the
// container into a descriptor.
#pragma once

#include <limits.h>
#include <stdint.h>
#include <sys/stat.h>

#include "init/descriptor.h"
#include "init/status.h"

namespace sampan::init {

class Root {
 public:
  // `fd` is an O_PATH directory, the root of the container's mount tree.
  void set(int fd) { fd_.reset(fd); }
  int fd() const { return fd_.get(); }

  // Of those that are followed, kBeneath refuses the ones that lead out (EXDEV); `path` is then
  // relative.
  enum class Links { kFollow, kRefuse, kBeneath };

  // Opens what exists at `path`. `flags` as in open(2); O_CLOEXEC is added.
  Status open(const char* path, int flags, Descriptor* out, Links links = Links::kFollow) const;
  // The directory at `path`, made with its parents (mode `mode`) where missing.
  Status make_directory(const char* path, unsigned mode, Descriptor* out,
                        Links links = Links::kFollow) const;
  // The file at `path` (O_PATH), made empty where nothing is there.
  Status make_file(const char* path, Descriptor* out, Links links = Links::kFollow) const;
  // A name in a directory of the root: for the calls that make something and follow no link.
  struct Place {
    Descriptor directory;
    char name[NAME_MAX + 1] = "";
  };
  // The directory that holds the last component of `path`, made where missing, and that component.
  Status parent(const char* path, Place* out, Links links = Links::kFollow) const;

 private:
  Descriptor fd_;
};

}  // namespace sampan::init
