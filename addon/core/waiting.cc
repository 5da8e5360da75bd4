#include "core/waiting.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

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

Result<UniqueFd> watch_pressure(const std::string& path, const std::string& trigger) {
  UniqueFd file(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return failed("open", path);
  // The kernel takes the last byte for the NUL.
  if (write(file.get(), trigger.c_str(), trigger.size() + 1) < 0) return failed("write", path);
  return file;
}

Result<std::vector<int>> wait_for_change(int watch, const std::vector<int>& triggers, int ms) {
  std::vector<pollfd> events = {{watch, POLLIN, 0}};
  for (const int trigger : triggers) events.push_back({trigger, POLLPRI, 0});
  if (poll(events.data(), events.size(), ms) < 0 && errno != EINTR) return failed("poll");
  std::vector<int> told;
  for (const auto& event : events) {
    // With POLLERR the cgroup is gone.
    if ((event.revents & event.events) != 0 && (event.revents & POLLERR) == 0)
      told.push_back(event.fd);
  }
  char changes[1024];
  while (read(watch, changes, sizeof changes) > 0) {
  }
  return told;
}

void outlive_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) (void)sigaction(signal, &action, nullptr);
}

}  // namespace sampan
