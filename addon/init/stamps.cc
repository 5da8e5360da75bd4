#include "init/stamps.h"

#include <sys/mman.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {

bool Stamps::open(int fd, uint32_t count) {
  void* memory =
      mmap(nullptr, size_t{count} * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return false;
  ends_ = static_cast<uint64_t*>(memory);
  count_ = count;
  return true;
}

Status run(Context& c, const wire::StampSteps& s) {
  const int memory = c.slot(s.memory);
  if (!c.stamps.open(memory, s.count)) return failed("mmap");
  close(memory);
  return kOk;
}

}  // namespace sampan::init
