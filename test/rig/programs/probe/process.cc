// The process as it was executed: arguments, environment, place, signals, descriptors, terminal.

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "probe.h"

extern char** environ;

namespace probe {

char** arguments;

namespace {

// All of the arguments; argv[0] tells how the program was called.
void print_arguments(Json& json, Argument) {
  json.open('[');
  for (char** word = arguments; *word != nullptr; word++) json.text(*word);
  json.close(']');
}

void print_environment(Json& json, Argument) {
  json.open('[');
  for (char** entry = environ; *entry != nullptr; entry++) json.text(*entry);
  json.close(']');
}

void print_cwd(Json& json, Argument) {
  char path[4096];
  if (getcwd(path, sizeof path) == nullptr) {
    json.error(errno);
  } else {
    json.text(path);
  }
}

void print_umask(Json& json, Argument) {
  const mode_t mask = umask(0);
  umask(mask);
  json.number(mask);
}

void print_ids(Json& json, Argument) {
  json.open('{');
  json.field("pid", getpid()).field("parent", getppid()).field("group", getpgrp());
  json.field("session", getsid(0)).close('}');
}

// Limits of getrlimit(2); "unlimited" for RLIM_INFINITY.
void print_limits(Json& json, Argument) {
  static constexpr struct {
    __rlimit_resource resource;
    const char* name;
  } kLimits[] = {
      {RLIMIT_AS, "RLIMIT_AS"},
      {RLIMIT_CORE, "RLIMIT_CORE"},
      {RLIMIT_CPU, "RLIMIT_CPU"},
      {RLIMIT_DATA, "RLIMIT_DATA"},
      {RLIMIT_FSIZE, "RLIMIT_FSIZE"},
      {__RLIMIT_LOCKS, "RLIMIT_LOCKS"},
      {__RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK"},
      {__RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE"},
      {__RLIMIT_NICE, "RLIMIT_NICE"},
      {RLIMIT_NOFILE, "RLIMIT_NOFILE"},
      {__RLIMIT_NPROC, "RLIMIT_NPROC"},
      {__RLIMIT_RSS, "RLIMIT_RSS"},
      {__RLIMIT_RTPRIO, "RLIMIT_RTPRIO"},
      {__RLIMIT_RTTIME, "RLIMIT_RTTIME"},
      {__RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING"},
      {RLIMIT_STACK, "RLIMIT_STACK"},
  };
  const auto value = [&](const char* name, rlim_t limit) {
    json.key(name);
    if (limit == RLIM_INFINITY) {
      json.text("unlimited");
    } else {
      json.unsigned_number(limit);
    }
  };
  json.open('{');
  for (const auto& [resource, name] : kLimits) {
    rlimit limit;
    if (getrlimit(resource, &limit) != 0) continue;
    json.key(name).open('{');
    value("soft", limit.rlim_cur);
    value("hard", limit.rlim_max);
    json.close('}');
  }
  json.close('}');
}

// Numbers of the signals that are blocked or ignored.
void print_signals(Json& json, Argument) {
  sigset_t mask;
  sigprocmask(SIG_SETMASK, nullptr, &mask);
  std::vector<int64_t> blocked;
  std::vector<int64_t> ignored;
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action;
    if (sigismember(&mask, number) == 1) blocked.push_back(number);
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
      ignored.push_back(number);
    }
  }
  json.open('{').key("blocked").numbers(blocked).key("ignored").numbers(ignored).close('}');
}

// Open descriptors by number, each with what it refers to.
void print_descriptors(Json& json, Argument) {
  json.open('{');
  for (int fd = 0; fd < 4096; fd++) {
    if (fcntl(fd, F_GETFD) < 0) continue;
    char target[4096];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t length = readlink(link.c_str(), target, sizeof target);
    json.key(std::to_string(fd));
    json.text({target, length < 0 ? 0 : static_cast<size_t>(length)});
  }
  json.close('}');
}

// Of standard input: whether it is a terminal, its size, and whether it is the controlling one.
void print_terminal(Json& json, Argument) {
  winsize size{};
  const bool is_terminal = ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0;
  const int controlling = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct stat own {};
  fstat(STDIN_FILENO, &own);
  json.open('{').key("isTerminal").flag(is_terminal).key("controlling").flag(controlling >= 0);
  json.field("rows", size.ws_row).field("columns", size.ws_col);
  json.field("uid", own.st_uid).field("foreground", tcgetpgrp(STDIN_FILENO)).close('}');
  if (controlling >= 0) close(controlling);
}

}  // namespace

const Section kProcessSections[] = {
    {"args", print_arguments},    {"env", print_environment},
    {"cwd", print_cwd},           {"umask", print_umask},
    {"process", print_ids},       {"rlimits", print_limits},
    {"signals", print_signals},   {"descriptors", print_descriptors},
    {"terminal", print_terminal}, {"", nullptr},
};

}  // namespace probe
