// Hooks run as init runs them: how they end, what is kept of their output, and who ends with them.

#include "hooks/hook.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "testing/check.h"
#include "wire/steps.gen.h"

namespace sampan {
namespace {

using End = HookOutcome::End;

// A list as the wire has it, with the memory that it refers to.
struct List {
  std::string bytes;
  wire::StrList list;
  explicit List(const std::vector<std::string>& items) {
    for (const auto& item : items) {
      const auto size = static_cast<uint32_t>(item.size());
      bytes.append(reinterpret_cast<const char*>(&size), sizeof size).append(item).push_back('\0');
    }
    list = {static_cast<uint32_t>(items.size()),
            reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()};
  }
};

struct Ran {
  HookOutcome outcome;
  std::string output;
};

Ran run_script(const std::string& script, uint32_t timeout = 0, int bound = -1,
               const char* path = "/bin/sh") {
  const List arguments({"sh", "-c", script});
  const List environment({"PATH=/usr/bin:/bin", "A=b"});
  const List state({"before ", " after"});
  wire::RunPoststopHook step;
  step.path = {path, static_cast<uint32_t>(strlen(path))};
  step.arguments = arguments.list;
  step.environment = environment.list;
  step.state = state.list;
  step.timeout = timeout;
  step.directory = {"/", 1};
  HookRequest request(step);
  request.bound = bound;
  HookOutput output;
  const HookOutcome outcome = run_hook(request, &output);
  return {outcome, output.text()};
}

long now_ms() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

void ends_as_the_program_does() {
  CHECK(run_script("exit 0").outcome.end == End::kDone);
  const Ran exits = run_script("echo one; echo two >&2; exit 7");
  CHECK(exits.outcome.end == End::kExit && exits.outcome.number == 7);
  CHECK(exits.output == "one\ntwo\n");
  const Ran killed = run_script("kill -USR1 $$");
  CHECK(killed.outcome.end == End::kSignal && killed.outcome.number == SIGUSR1);
  const Ran missing = run_script("", 0, -1, "/no/such/hook");
  CHECK(missing.outcome.end == End::kRefused && missing.outcome.number == ENOENT);
  CHECK(strcmp(missing.outcome.syscall, "execve") == 0);
}

void is_told_the_state_with_the_pid() {
  const std::string wanted = "before " + std::to_string(getpid()) + " after";
  CHECK(run_script("cat; exit 1").output == wanted);
}

// Of a size that is no divisor of the buffers', so that every cut falls somewhere else.
void keeps_the_end_of_the_output() {
  const Ran loud =
      run_script("i=0; while [ $i -lt 3001 ]; do echo line$i; i=$((i+1)); done; exit 1");
  CHECK(loud.output.size() == 900);
  CHECK(loud.output.substr(loud.output.size() - 18) == "line2999\nline3000\n");
  const Ran nul = run_script("printf 'a\\0b'; exit 1");
  CHECK(nul.output == "a b");
}

void output_is_read_in_pieces_of_any_size() {
  for (const size_t piece : {1u, 7u, 899u, 900u, 901u, 4096u, 5000u}) {
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    HookOutput output;
    std::string all;
    for (int i = 0; i < 5; i++) {
      const std::string text(piece, static_cast<char>('a' + i));
      CHECK(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(piece));
      all += text;
      while (output.read_from(ends[0])) continue;
    }
    const size_t kept = all.size() < 900 ? all.size() : 900;
    CHECK(output.text() == all.substr(all.size() - kept));
    close(ends[0]);
    close(ends[1]);
  }
}

void is_ended_in_time_with_all_that_it_started() {
  const long begun = now_ms();
  const Ran slow = run_script("setsid sleep 100 & (sleep 100 &); sleep 100", 1);
  CHECK(slow.outcome.end == End::kTimeout && slow.outcome.number == 1);
  CHECK(now_ms() - begun >= 1000);
  // This process was their last parent.
  CHECK(waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD);
}

void is_not_waited_for_in_the_background() {
  const long begun = now_ms();
  CHECK(run_script("setsid sleep 3 & exit 0", 0).outcome.end == End::kDone);
  CHECK(now_ms() - begun < 2500);
}

void ends_with_who_asked_for_it() {
  int pair[2];
  CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
  const pid_t other = fork();
  if (other == 0) {
    close(pair[0]);
    usleep(200'000);
    _exit(0);
  }
  close(pair[1]);
  CHECK(run_script("exec sleep 100", 0, pair[0]).outcome.end == End::kAbandoned);
  close(pair[0]);
}

void has_no_descriptor_but_three() {
  const int leak = open("/", O_RDONLY);
  const Ran ran = run_script("exec ls /proc/self/fd; exit 1");
  CHECK(ran.outcome.end == End::kDone && ran.output == "0\n1\n2\n3\n");
  close(leak);
}

}  // namespace
}  // namespace sampan

int main() {
  using namespace sampan;
  ends_as_the_program_does();
  is_told_the_state_with_the_pid();
  keeps_the_end_of_the_output();
  output_is_read_in_pieces_of_any_size();
  is_ended_in_time_with_all_that_it_started();
  is_not_waited_for_in_the_background();
  ends_with_who_asked_for_it();
  has_no_descriptor_but_three();
  return testing::failures == 0 ? 0 : 1;
}
