#include "core/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace sampan {
namespace {

int exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string read_all(int fd) {
  std::string text;
  char buffer[1024];
  for (;;) {
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return text;
    text.append(buffer, static_cast<size_t>(n));
  }
}

}  // namespace

Result<UniqueFd> open_pidfd(pid_t pid) {
  UniqueFd fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!fd.ok()) return failed("pidfd_open", std::to_string(pid));
  return fd;
}

Result<bool> signal_pidfd(int pidfd, int signal) {
  if (syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0) return true;
  return failed("pidfd_send_signal");
}

Result<int> wait_for(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return failed("waitpid", std::to_string(pid));
  }
  return exit_code(status);
}

void keep_children() {
  struct sigaction action = {};
  if (sigaction(SIGCHLD, nullptr, &action) != 0) return;
  bool ignored = (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_IGN;
  if (ignored) action.sa_handler = SIG_DFL;
  if (!ignored && (action.sa_flags & SA_NOCLDWAIT) == 0) return;
  action.sa_flags &= ~SA_NOCLDWAIT;
  (void)sigaction(SIGCHLD, &action, nullptr);
}

Result<bool> wait_ended(int pidfd, int ms) {
  pollfd event = {pidfd, POLLIN, 0};
  int ready = poll(&event, 1, ms);
  if (ready < 0 && errno != EINTR) return failed("poll");
  return ready > 0;
}

Result<HelperOutcome> run_helper(const std::string& path,
                                 const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return failed("pipe2", path);
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), 2);
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  char* environment[] = {nullptr};
  keep_children();
  pid_t pid;
  int error = posix_spawn(&pid, path.c_str(), &actions, nullptr, argv.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Error{error, "execve", path};
  writer = UniqueFd();
  HelperOutcome outcome;
  outcome.output = read_all(reader.get());
  Result<int> status = wait_for(pid);
  if (!status.ok()) return status.error();
  outcome.status = status.value();
  return outcome;
}

}  // namespace sampan
