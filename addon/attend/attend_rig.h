// For tests of the foreground helper: starts it as the runtime does, around a container process
// that is a function of the test. The helper is the test program itself, executed anew, or the
// program that SAMPAN_INIT names.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "program/roles.h"
#include "wire/plan.h"

namespace sampan::rig {

inline int failures = 0;

template <class A, class B>
void expect(const std::string& promise, const A& got, const B& wanted) {
  if (got == wanted) return;
  failures++;
  if constexpr (std::is_convertible_v<A, std::string>) {
    fprintf(stderr, "FAILED %s: got \"%s\", expected \"%s\"\n", promise.c_str(),
            std::string(got).c_str(), std::string(wanted).c_str());
  } else {
    fprintf(stderr, "FAILED %s: got %lld, expected %lld\n", promise.c_str(),
            static_cast<long long>(got), static_cast<long long>(wanted));
  }
}

inline void skip(const char* promise, const char* reason) {
  fprintf(stderr, "skipped: %s: %s\n", promise, reason);
}

// The binary form of src/plan/wire.ts.
class PlanWriter {
 public:
  PlanWriter& wait(pid_t pid) {
    return step(wire::WaitProcess::kOp, number(static_cast<uint32_t>(pid)));
  }
  PlanWriter& relay(pid_t pid) {
    return step(wire::RelayTerminal::kOp, number(static_cast<uint32_t>(pid)) + number(0));
  }
  PlanWriter& kill_cgroup(const std::string& path) {
    return step(wire::KillCgroup::kOp, string(path));
  }
  PlanWriter& remove_cgroup(const std::string& path) {
    return step(wire::RemoveCgroup::kOp, string(path) + number(0));
  }
  PlanWriter& remove_directory(const std::string& path) {
    return step(wire::RemoveDirectory::kOp, string(path));
  }

  PlanWriter& tell_of_memory(const std::string& events, const std::string& text) {
    return step(wire::TellOfMemory::kOp, string(events) + string(text));
  }

  std::string bytes() const {
    return number(wire::kMagic) + number(wire::kVersion) + number(count_) +
           number(static_cast<uint32_t>(16 + body_.size())) + body_;
  }

 private:
  static std::string number(uint32_t value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
  }
  static std::string string(const std::string& text) {
    return number(static_cast<uint32_t>(text.size())) + text + '\0';
  }
  PlanWriter& step(uint32_t op, const std::string& body) {
    body_ += number(op) + number(static_cast<uint32_t>(body.size())) + body;
    count_++;
    return *this;
  }

  std::string body_;
  uint32_t count_ = 0;
};

inline void sleep_ms(long ms) {
  const timespec pause{ms / 1000, ms % 1000 * 1'000'000};
  nanosleep(&pause, nullptr);
}

// Waits up to 10 s for something to become true.
inline bool eventually(const std::function<bool()>& is_true) {
  for (int i = 0; i < 1000; i++) {
    if (is_true()) return true;
    sleep_ms(10);
  }
  return false;
}

// Everything up to the end, or up to `limit` bytes.
inline std::string read_all(int fd, size_t limit = SIZE_MAX) {
  std::string all;
  char buffer[65536];
  while (all.size() < limit) {
    const ssize_t n = read(fd, buffer, std::min(sizeof buffer, limit - all.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    all.append(buffer, static_cast<size_t>(n));
  }
  return all;
}

struct Pipe {
  int out = -1;
  int in = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == 0) out = ends[0], in = ends[1];
  }
  ~Pipe() { close(out), close(in); }
};

struct Launch {
  // Runs in the container's process; its result is the exit status.
  std::function<int()> container;
  // Further steps after the waiting one.
  std::function<void(PlanWriter&)> clean_up = [](PlanWriter&) {};
  // In the helper's process, before the container exists.
  std::function<void()> before = [] {};
  // In the helper's process, before it executes the helper.
  std::function<void()> between = [] {};
  // -1: as the test's own.
  int in = -1;
  int out = -1;
  int err = -1;
  // The container's pseudo-terminal: the master makes the helper relay it, on the slave the
  // container begins as the leader of a session.
  int master = -1;
  int slave = -1;
  // Changes the plan's bytes.
  std::function<void(std::string&)> spoil = [](std::string&) {};
};

// In a new process: a session with `slave` as its terminal.
inline void take_terminal(int slave) {
  setsid();
  ioctl(slave, TIOCSCTTY, 0);
}

namespace detail {

inline int become_container(const Launch& launch) {
  if (launch.slave >= 0) {
    take_terminal(launch.slave);
    for (int fd = 0; fd < 3; fd++) dup2(launch.slave, fd);
    close(launch.slave);
    close(launch.master);
  }
  return launch.container();
}

inline void execute_helper(const Launch& launch, pid_t container) {
  PlanWriter plan;
  launch.master < 0 ? plan.wait(container) : plan.relay(container);
  launch.clean_up(plan);
  std::string bytes = plan.bytes();
  launch.spoil(bytes);
  // High first, so that neither lands on a descriptor that is set next.
  const int memory = fcntl(memfd_create("plan", 0), F_DUPFD, 100);
  const int master = launch.master < 0 ? -1 : fcntl(launch.master, F_DUPFD, 100);
  const int standard[] = {launch.in, launch.out, launch.err};
  for (int fd = 0; fd < 3; fd++) {
    if (standard[fd] >= 0) dup2(standard[fd], fd);
  }
  if (write(memory, bytes.data(), bytes.size()) < 0) _exit(99);
  dup2(memory, 3);
  if (master >= 0) dup2(master, 4);
  const char* program = getenv("SAMPAN_INIT");
  execl(program != nullptr ? program : "/proc/self/exe", "sampan", "attend", nullptr);
  _exit(98);
}

}  // namespace detail

// Starts container and helper; the helper's pid.
inline pid_t start(const Launch& launch) {
  const pid_t helper = fork();
  if (helper != 0) return helper;
  launch.before();
  const pid_t container = fork();
  if (container == 0) _exit(detail::become_container(launch));
  launch.between();
  detail::execute_helper(launch, container);
  return -1;
}

// What the descriptors of a process point to.
inline std::vector<std::string> open_descriptors(pid_t pid) {
  std::vector<std::string> all;
  const std::string path = "/proc/" + std::to_string(pid) + "/fd/";
  DIR* directory = opendir(path.c_str());
  if (directory == nullptr) return all;
  while (const dirent* entry = readdir(directory)) {
    char link[256] = {};
    if (readlink((path + entry->d_name).c_str(), link, sizeof link - 1) > 0) all.push_back(link);
  }
  closedir(directory);
  return all;
}

// Waits until the helper has begun to wait: its pidfd is the last thing that it opens.
inline void until_it_waits(pid_t helper) {
  const bool waits = eventually([=] {
    for (const std::string& link : open_descriptors(helper)) {
      if (link.find("pidfd") != std::string::npos) return true;
    }
    return false;
  });
  expect("the helper begins to wait", waits, true);
}

// The helper's exit status; -n when signal n ended it.
inline int finish(pid_t helper) {
  int status = 0;
  if (waitpid(helper, &status, 0) != helper) return -1000;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

inline int run(const Launch& launch) { return finish(start(launch)); }

// What the helper writes to stderr, beside its exit status.
inline std::string run_for_stderr(Launch launch, int* code) {
  Pipe pipe;
  launch.err = pipe.in;
  const pid_t helper = start(launch);
  close(pipe.in);
  pipe.in = -1;
  const std::string text = read_all(pipe.out);
  *code = finish(helper);
  return text;
}

// A temporary directory, removed with what is in it.
struct Scratch {
  std::string path;
  Scratch() {
    char name[] = "/tmp/sampan-attend-XXXXXX";
    path = mkdtemp(name);
  }
  ~Scratch() {
    const std::string command = "rm -rf " + path;
    if (system(command.c_str()) != 0) fprintf(stderr, "left behind: %s\n", path.c_str());
  }
};

inline bool exists(const std::string& path) {
  struct stat about;
  return lstat(path.c_str(), &about) == 0;
}

// What a test program's main calls first: the helper's role, when it was executed for that.
inline bool is_helper(int argc, char** argv) { return argc > 1 && strcmp(argv[1], "attend") == 0; }

}  // namespace sampan::rig
