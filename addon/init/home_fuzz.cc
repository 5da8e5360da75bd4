// HOME by a passwd that an image has written: what a plain reading of passwd(5) says, whatever the
// text, in whatever pieces it comes.

#include <string.h>

#include <string_view>

#include "init/fuzz_tree.h"
#include "init/steps.h"

namespace {

using namespace sampan::init;

// The whole of `text` as a number that fits.
bool is_number(std::string_view text, uint32_t wanted) {
  uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<uint64_t>(c - '0');
    if (number > UINT32_MAX) return false;
  }
  return !text.empty() && number == wanted;
}

std::string expected(std::string_view text, uint32_t uid) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::string_view fields[6];
    size_t count = 0;
    while (count < 6) {
      fields[count] = line.substr(0, line.find(':'));
      const size_t used = fields[count++].size();
      if (used == line.size()) break;
      line.remove_prefix(used + 1);
    }
    if (count < 6 || !is_number(fields[2], uid)) continue;
    const std::string_view home = fields[5].substr(0, fields[5].find('\0'));
    // One that is no path, or longer than a path can be, is none.
    if (home.starts_with('/') && fields[5].size() < PATH_MAX) return "HOME=" + std::string(home);
  }
  return "HOME=/";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static fuzz::Place place;
  static bool made = mkdir((place.root + "/etc").c_str(), 0755) == 0;
  fuzz::need(made, "mkdir");
  if (size == 0) return 0;
  constexpr uint32_t kUids[] = {0, 1, 1000, 4294967294u};
  const uint32_t uid = kUids[data[0] % 4];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  Descriptor file(
      open((place.root + "/etc/passwd").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  fuzz::need(write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
             "write");
  Context context(-1);
  context.root.set(fcntl(place.fd, F_DUPFD_CLOEXEC, 3));
  if (!run(context, sampan::wire::FindHome{uid}).ok()) __builtin_trap();
  if (expected(text, uid) != context.home) __builtin_trap();
  return 0;
}
