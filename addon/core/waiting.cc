#include "core/waiting.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <time.h>

namespace sampan {

void pause_for(int ms) {
  timespec left = {ms / 1000, static_cast<long>(ms % 1000) * 1000000};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

Result<UniqueFd> watch_files(const std::vector<std::string>& paths) {
  UniqueFd watch(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!watch.ok()) return failed("inotify_init1");
  for (const auto& path : paths) {
    if (inotify_add_watch(watch.get(), path.c_str(), IN_MODIFY) >= 0 || errno == ENOENT) continue;
    return failed("inotify_add_watch", path);
  }
  return watch;
}

Result<bool> wait_for_change(int watch, int ms) {
  pollfd event = {watch, POLLIN, 0};
  if (poll(&event, 1, ms) < 0 && errno != EINTR) return failed("poll");
  bool changed = false;
  char events[1024];
  while (read(watch, events, sizeof events) > 0) changed = true;
  return changed;
}

void outlive_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) (void)sigaction(signal, &action, nullptr);
}

}  // namespace sampan
