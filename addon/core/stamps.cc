#include "core/stamps.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "core/memfd.h"
#include "core/ticks.h"

namespace sampan {
namespace {

// The same moment on both clocks.
struct Moment {
  double ticks;
  double microseconds;
};

struct Stamps {
  const uint64_t* ends = nullptr;
  uint32_t count = 0;
  Moment opened = {};
};

Stamps stamps;

Moment now() { return {static_cast<double>(ticks()), monotonic_now()}; }

}  // namespace

double monotonic_now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

Result<UniqueFd> open_stamps(uint32_t count) {
  UniqueFd fd(make_memfd("sampan-stamps", false));
  if (!fd.ok()) return failed("memfd_create");
  const size_t size = size_t{count} * sizeof(uint64_t);
  if (ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return failed("ftruncate");
  // Cut short, it would end whoever looks into it by SIGBUS.
  const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW;
  if (fcntl(fd.get(), F_ADD_SEALS, seals) != 0) return failed("fcntl", "F_ADD_SEALS");
  void* memory = mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) return failed("mmap");
  stamps = {static_cast<const uint64_t*>(memory), count, now()};
  return fd;
}

std::vector<double> read_stamps() {
  std::vector<double> times;
  const auto [began, base] = stamps.opened;
  const Moment end = now();
  const double rate = (end.microseconds - base) / (end.ticks - began);
  for (uint32_t i = 0; i < stamps.count; i++) {
    const uint64_t stamp = __atomic_load_n(stamps.ends + i, __ATOMIC_ACQUIRE);
    times.push_back(stamp == 0 ? 0 : base + (static_cast<double>(stamp) - began) * rate);
  }
  return times;
}

int columns_of(int terminal) {
  winsize size = {};
  return ioctl(terminal, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace sampan
