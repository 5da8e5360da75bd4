// What happens when it is tried. Each trial is made by a child, since a filter may end it.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "probe.h"

namespace probe {
namespace {

struct Outcome {
  long result;
  int error;
};

// {"result":0}, {"errno":"EPERM"} or {"signal":31}; `attempt` returns what a system call would.
template <class Attempt>
void print_trial(Json& json, Attempt attempt) {
  void* shared =
      mmap(nullptr, sizeof(Outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return void(json.error(errno));
  auto* outcome = static_cast<Outcome*>(shared);
  const pid_t child = fork();
  if (child < 0) return void(json.error(errno));
  if (child == 0) {
    errno = 0;
    outcome->result = attempt();
    outcome->error = errno;
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  json.open('{');
  if (WIFSIGNALED(status)) {
    json.field("signal", WTERMSIG(status));
  } else if (outcome->result == -1) {
    json.field("errno", errno_name(outcome->error));
  } else {
    json.field("result", outcome->result);
  }
  json.close('}');
  munmap(shared, sizeof(Outcome));
}

// NUMBER,ARG…: a system call by number.
void print_call(Json& json, Argument argument) {
  long words[7]{};
  size_t count = 0;
  for (const std::string& word : split(argument, ',')) {
    if (count < 7) words[count++] = static_cast<long>(strtoull(word.c_str(), nullptr, 0));
  }
  print_trial(json, [&] {
    return syscall(words[0], words[1], words[2], words[3], words[4], words[5], words[6]);
  });
}

// PATH,c|b,MAJOR,MINOR: a device made, opened for reading and writing, and removed.
void print_device(Json& json, Argument argument) {
  const std::vector<std::string> parts = split(argument, ',');
  if (parts.size() != 4) return void(json.error(EINVAL));
  const mode_t type = parts[1] == "b" ? S_IFBLK : S_IFCHR;
  const dev_t device = makedev(atoi(parts[2].c_str()), atoi(parts[3].c_str()));
  print_trial(json, [&]() -> long {
    if (mknod(parts[0].c_str(), type | 0600, device) != 0) return -1;
    const int fd = open(parts[0].c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    const int error = errno;
    unlink(parts[0].c_str());
    errno = error;
    return fd < 0 ? -1 : 0;
  });
}

// PATH: executed without arguments; its exit status.
void print_run(Json& json, Argument argument) {
  const std::string path(argument);
  print_trial(json, [&]() -> long {
    const pid_t child = fork();
    if (child == 0) {
      char* const words[] = {const_cast<char*>(path.c_str()), nullptr};
      char* const none[] = {nullptr};
      execve(path.c_str(), words, none);
      _exit(errno == EACCES ? 126 : 127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  });
}

// PATH: a file made there and removed.
void print_create(Json& json, Argument argument) {
  const std::string path(argument);
  print_trial(json, [&]() -> long {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return -1;
    unlink(path.c_str());
    return 0;
  });
}

}  // namespace

const Section kTrialSections[] = {
    {"call", print_call}, {"device", print_device}, {"run", print_run}, {"create", print_create},
    {"", nullptr},
};

}  // namespace probe
