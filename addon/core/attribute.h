// Extended attributes that a directory bears or not (xattr(7)).
#pragma once

#include <string>

namespace sampan {

// Whether `name` could be set; file systems and older kernels lack attributes.
bool set_attribute(const std::string& path, const std::string& name);
bool has_attribute(const std::string& path, const std::string& name);

}  // namespace sampan
