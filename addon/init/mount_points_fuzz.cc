// The mount points below a place, in a text of any form: those that a plain reading finds.

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "init/mount_points.h"

namespace {

using sampan::init::MountPoints;

std::string plain(std::string_view text) {
  std::string out;
  const auto octal = [&](size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '7';
  };
  for (size_t at = 0; at < text.size(); at++) {
    if (text[at] == '\\' && octal(at + 1) && octal(at + 2) && octal(at + 3)) {
      const std::string digits(text.substr(at + 1, 3));
      out += static_cast<char>(std::stoi(digits, nullptr, 8));
      at += 3;
    } else {
      out += text[at];
    }
  }
  return out.c_str();
}

// Up to the first that is too long for a path.
std::vector<std::string> expected(std::string_view text, const std::string& top, bool* whole) {
  std::vector<std::string> found;
  for (size_t end; (end = text.find('\n')) != std::string_view::npos;) {
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    for (int i = 0; i < 4; i++) {
      const size_t blank = line.find(' ');
      line.remove_prefix(blank == std::string_view::npos ? line.size() : blank + 1);
    }
    const std::string_view field = line.substr(0, line.find(' '));
    const std::string cut(field.substr(0, PATH_MAX - 1));
    const std::string path = plain(cut.c_str());
    if (path != top && !path.starts_with(top + "/")) continue;
    *whole = field.size() < PATH_MAX;
    if (!*whole) break;
    found.push_back(path);
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const int file = memfd_create("mountinfo", MFD_CLOEXEC);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) {
    __builtin_trap();
  }
  for (const char* top : {"/.1", "/.12"}) {
    (void)lseek(file, 0, SEEK_SET);
    std::vector<std::string> found;
    MountPoints points(file);
    while (const char* path = points.next(top)) found.push_back(path);
    const int error = errno;
    bool whole = true;
    if (found != expected(text, top, &whole)) __builtin_trap();
    if (error != (whole ? 0 : ENAMETOOLONG)) __builtin_trap();
  }
  return 0;
}
