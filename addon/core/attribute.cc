#include "core/attribute.h"

#include <sys/xattr.h>

namespace sampan {

bool set_attribute(const std::string& path, const std::string& name) {
  return lsetxattr(path.c_str(), name.c_str(), "1", 1, 0) == 0;
}

bool has_attribute(const std::string& path, const std::string& name) {
  return lgetxattr(path.c_str(), name.c_str(), nullptr, 0) >= 0;
}

}  // namespace sampan
