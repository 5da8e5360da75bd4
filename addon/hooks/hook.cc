#include "hooks/hook.h"

#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/close_range.h"
#include "core/descriptor_table.h"
#include "core/unique_fd.h"
#include "hooks/descendants.h"
#include "program/end.h"
#include "program/text.h"
#include "wire/strings.h"

namespace sampan {
namespace {

using End = HookOutcome::End;

// Their pointers are on the stack.
constexpr uint32_t kMostStrings = 1 << 15;

HookOutcome refused(const char* syscall) { return {End::kRefused, errno, syscall}; }

// SIGCHLD interrupts ppoll(2) and nothing else: no end of a child falls between a look and a wait.
// Only calls that the filters of containers allow: a hook of startContainer runs under one.
class ChildSignal {
 public:
  ChildSignal() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &before_);
    waiting_ = before_;
    sigdelset(&waiting_, SIGCHLD);
    struct sigaction wakes = {};
    wakes.sa_handler = [](int) {};
    sigaction(SIGCHLD, &wakes, &action_);
  }
  ~ChildSignal() {
    sigaction(SIGCHLD, &action_, nullptr);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  ChildSignal(const ChildSignal&) = delete;
  ChildSignal& operator=(const ChildSignal&) = delete;
  const sigset_t* waiting() const { return &waiting_; }

 private:
  sigset_t before_;
  sigset_t waiting_;
  struct sigaction action_;
};

// The state as a file: a hook that reads nothing keeps nobody waiting.
HookOutcome write_state(const wire::StrList& parts, UniqueFd* out) {
  constexpr unsigned kNoExecSeal = 8;  // MFD_NOEXEC_SEAL, Linux 6.3
  *out = UniqueFd(memfd_create("state", MFD_CLOEXEC | kNoExecSeal));
  if (!out->ok() && errno == EINVAL) *out = UniqueFd(memfd_create("state", MFD_CLOEXEC));
  if (!out->ok()) return refused("memfd_create");
  wire::Reader reader(parts);
  wire::Str part;
  for (uint32_t i = 0; i < parts.count && reader.get(&part); i++) {
    Text<16> pid;
    if (i > 0) pid << static_cast<uint32_t>(getpid());
    if (!write_fully(out->get(), pid.view()) || !write_fully(out->get(), {part.data, part.size})) {
      return refused("write");
    }
  }
  return lseek(out->get(), 0, SEEK_SET) == 0 ? HookOutcome{} : refused("lseek");
}

struct Pipe {
  UniqueFd reader;
  UniqueFd writer;
  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    reader = UniqueFd(ends[0]);
    writer = UniqueFd(ends[1]);
    return true;
  }
};

// What the child says when it cannot become the hook; both are of one program.
struct Refusal {
  int error;
  const char* syscall;
};

void reset_signals() {
  struct sigaction plain = {};
  plain.sa_handler = SIG_DFL;
  for (int signal = 1; signal < _NSIG; signal++) (void)sigaction(signal, &plain, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// The bundle may be gone when a container is deleted.
bool enter_directory(const HookRequest& request) {
  if (request.directory_descriptor >= 0) return fchdir(request.directory_descriptor) == 0;
  return chdir(request.directory) == 0 || chdir("/") == 0;
}

// In the child: standard input is the state, both outputs the pipe, and nothing else is open.
[[noreturn]] void become(const HookRequest& request, int state, int output, int refusals,
                         char** arguments, char** environment) {
  int descriptors[] = {state, output, output, refusals};
  auto give_up = [&](const char* syscall) {
    const Refusal refusal{errno, syscall};
    (void)!write(descriptors[3], &refusal, sizeof refusal);
    end_process(127);
  };
  // A group of its own, to be ended as a whole. The hook does not outlive who waits for it.
  if (setpgid(0, 0) != 0) give_up("setpgid");
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  // init works with none.
  const mode_t own = umask(022);
  if (own != 0) umask(own);
  reset_signals();
  if (!enter_directory(request)) give_up("chdir");
  if (!place_descriptors(descriptors, 4, 0)) give_up("dup2");
  if (fcntl(3, F_SETFD, FD_CLOEXEC) != 0) give_up("fcntl");
  if (close_range_of(4, ~0u, CLOSE_RANGE_CLOEXEC) != 0) give_up("close_range");
  execve(request.path, arguments, environment);
  give_up("execve");
  end_process(127);
}

class Deadline {
 public:
  explicit Deadline(uint32_t seconds) : seconds_(seconds), start_(now()) {}
  // Milliseconds that are left; -1 for no limit.
  long left() const {
    if (seconds_ == 0) return -1;
    const long past = now() - start_;
    const long all = static_cast<long>(seconds_) * 1000;
    return past < all ? all - past : 0;
  }

 private:
  static long now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
  }
  uint32_t seconds_;
  long start_;
};

HookOutcome outcome_of(int status) {
  if (WIFSIGNALED(status)) return {End::kSignal, WTERMSIG(status)};
  if (WEXITSTATUS(status) != 0) return {End::kExit, WEXITSTATUS(status)};
  return {};
}

// Until the hook itself has ended: what it left in the background is not waited for.
HookOutcome attend_to(pid_t pid, const HookRequest& request, int reader, const ChildSignal& signal,
                      HookOutput* output) {
  const Deadline deadline(request.timeout);
  pollfd events[3] = {{reader, POLLIN, 0}, {request.bound, 0, 0}, {request.container, POLLIN, 0}};
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    const long left = deadline.left();
    if (left == 0) return {End::kTimeout, static_cast<int>(request.timeout)};
    const timespec limit{left / 1000, left % 1000 * 1'000'000};
    if (ppoll(events, 3, left < 0 ? nullptr : &limit, signal.waiting()) < 0) continue;
    if (events[0].revents != 0 && !output->read_from(reader)) events[0].fd = -1;
    if (events[1].revents != 0 || events[2].revents != 0) return {End::kAbandoned};
  }
  // A pipe's worth and no more: others may go on writing.
  for (int i = 0; i < 32 && output->read_from(reader); i++) continue;
  return outcome_of(status);
}

HookOutcome follow(pid_t pid, const HookRequest& request, Pipe* refusals, Pipe* outputs,
                   const ChildSignal& signal, HookOutput* output) {
  refusals->writer = UniqueFd();
  outputs->writer = UniqueFd();
  Refusal refusal;
  ssize_t n;
  do {
    n = read(refusals->reader.get(), &refusal, sizeof refusal);
  } while (n < 0 && errno == EINTR);
  if (n == sizeof refusal) {
    waitpid(pid, nullptr, 0);
    return {End::kRefused, refusal.error, refusal.syscall};
  }
  const HookOutcome outcome = attend_to(pid, request, outputs->reader.get(), signal, output);
  if (outcome.end == End::kTimeout || outcome.end == End::kAbandoned) end_descendants(pid);
  return outcome;
}

}  // namespace

bool HookOutput::read_from(int fd) {
  char piece[4096];
  const ssize_t n = read(fd, piece, sizeof piece);
  if (n <= 0) return n < 0 && errno == EINTR;
  auto size = static_cast<size_t>(n);
  const char* from = piece;
  if (size > kSize) {
    from += size - kSize;
    size = kSize;
  }
  const size_t kept = used_ < kSize - size ? used_ : kSize - size;
  memmove(text_, text_ + used_ - kept, kept);
  memcpy(text_ + kept, from, size);
  used_ = kept + size;
  text_[used_] = '\0';
  for (size_t i = 0; i < used_; i++) {
    if (text_[i] == '\0') text_[i] = ' ';
  }
  return true;
}

HookOutcome run_hook(const HookRequest& request, HookOutput* output) {
  UniqueFd state;
  HookOutcome prepared = write_state(request.state, &state);
  if (prepared.end != End::kDone) return prepared;
  Pipe outputs;
  Pipe refusals;
  if (!outputs.open() || !refusals.open()) return refused("pipe2");
  // This end only: the hook's own is to block as any pipe does.
  if (fcntl(outputs.reader.get(), F_SETFL, O_NONBLOCK) != 0) return refused("fcntl");
  if (request.arguments.count > kMostStrings || request.environment.count > kMostStrings) {
    return {End::kRefused, E2BIG, "execve"};
  }
  const size_t count = request.arguments.count;
  auto** arguments = static_cast<char**>(alloca((count + 2) * sizeof(char*)));
  auto** environment = static_cast<char**>(alloca((request.environment.count + 1) * sizeof(char*)));
  if (!collect(request.arguments, arguments) || !collect(request.environment, environment)) {
    return {End::kRefused, EBADMSG, "decode"};
  }
  const ChildSignal signal;
  // What the hook leaves behind comes to this process, and is found when it has to be ended.
  (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t pid = fork();
  if (pid < 0) return refused("fork");
  if (pid == 0) {
    become(request, state.get(), outputs.writer.get(), refusals.writer.get(), arguments,
           environment);
  }
  const HookOutcome outcome = follow(pid, request, &refusals, &outputs, signal, output);
  (void)prctl(PR_SET_CHILD_SUBREAPER, 0);
  return outcome;
}

}  // namespace sampan
