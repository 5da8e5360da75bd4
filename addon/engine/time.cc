// The clock of the engine: none while the snapshot is made, so that it does not depend on the time
// of the build.

#include <sys/time.h>
#include <time.h>

#include "engine/memory.h"

extern "C" int sampan_gettimeofday(struct timeval* now, void* zone);

int sampan_gettimeofday(struct timeval* now, void* /*zone*/) {
  timespec time = {};
  if (!sampan::engine::is_filling()) clock_gettime(CLOCK_REALTIME, &time);
  now->tv_sec = time.tv_sec;
  now->tv_usec = static_cast<suseconds_t>(time.tv_nsec / 1000);
  return 0;
}
