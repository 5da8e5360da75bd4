// The foreground helper without a terminal: statuses, signals, orphans, clean-up, bad plans.

#include <sys/socket.h>
#include <sys/un.h>

#include <fstream>

#include "attend/attend_rig.h"

namespace {

using namespace sampan::rig;

void exit_status_is_the_containers() {
  for (const int code : {0, 1, 7, 255}) {
    expect("the exit status is the container's", run({.container = [=] { return code; }}), code);
  }
}

void death_by_signal_is_128_and_the_signal() {
  for (const int signal : {SIGKILL, SIGTERM, SIGSEGV}) {
    const int code = run({.container = [=] {
      ::signal(signal, SIG_DFL);
      raise(signal);
      return 0;
    }});
    expect("a container ended by signal n gives 128 + n", code, 128 + signal);
  }
}

void container_that_ended_before_the_helper_began() {
  Launch launch{.container = [] { return 9; }, .between = [] { sleep_ms(100); }};
  expect("a container that ended before the helper began keeps its status", run(launch), 9);
}

void ignored_sigchld_loses_no_status() {
  Launch launch{
      .container =
          [] {
            sleep_ms(200);
            return 5;
          },
      .between = [] { signal(SIGCHLD, SIG_IGN); },
  };
  expect("a caller that ignores SIGCHLD costs no status", run(launch), 5);
}

// A container that tells each signal it gets as a byte, until SIGTERM ends it.
int tell_signals(int fd) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  for (;;) {
    if (write(fd, "r", 1) != 1) return 90;
    int signal = 0;
    if (sigwait(&all, &signal) != 0) return 91;
    const char told = static_cast<char>(signal);
    if (signal == SIGTERM) return 42;
    if (write(fd, &told, 1) != 1) return 92;
  }
}

// Which of `signals` the container got, each sent to the helper once the one before was answered.
std::vector<int> received(const std::vector<int>& signals, Launch launch, int* code) {
  Pipe told;
  launch.container = [&] { return tell_signals(told.in); };
  const pid_t helper = start(launch);
  char byte;
  std::vector<int> got;
  if (read(told.out, &byte, 1) != 1) return got;
  until_it_waits(helper);
  for (const int signal : signals) {
    kill(helper, signal);
    pollfd waiting{told.out, POLLIN, 0};
    if (poll(&waiting, 1, 300) != 1) continue;
    if (read(told.out, &byte, 1) != 1) break;
    got.push_back(byte);
    if (read(told.out, &byte, 1) != 1) break;
  }
  kill(helper, SIGTERM);
  *code = finish(helper);
  return got;
}

void signals_reach_the_container() {
  const std::vector<int> forwarded = {SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1, SIGUSR2,      SIGALRM,
                                      SIGTSTP, SIGTTIN, SIGABRT, SIGSEGV, SIGRTMIN + 3, SIGRTMAX};
  int code = 0;
  const auto got = received(forwarded, {}, &code);
  expect("every catchable signal reaches the container", got == forwarded, true);
  expect("SIGTERM reaches the container", code, 42);
}

void signals_about_the_helper_stay_with_it() {
  int code = 0;
  const auto got = received({SIGCHLD, SIGWINCH, SIGURG, SIGPIPE}, {}, &code);
  expect("SIGCHLD, SIGWINCH, SIGURG and SIGPIPE are not forwarded", got.size(), 0u);
  expect("and do not end the helper", code, 42);
}

void nohup_keeps_its_word() {
  int code = 0;
  Launch launch{.before = [] { signal(SIGHUP, SIG_IGN); }};
  const auto got = received({SIGHUP, SIGUSR1}, launch, &code);
  expect("SIGHUP ignored by nohup(1) is not forwarded", got == std::vector<int>{SIGUSR1}, true);
}

void a_stopped_container_is_waited_for() {
  Pipe told;
  const pid_t helper = start({.container = [&] {
    if (write(told.in, "s", 1) != 1) return 90;
    raise(SIGSTOP);
    return 6;
  }});
  expect("the container runs", read_all(told.out, 1), "s");
  sleep_ms(100);
  int status;
  expect("a stopped container does not end the helper", waitpid(helper, &status, WNOHANG), 0);
  kill(helper, SIGCONT);
  expect("SIGCONT is forwarded", finish(helper), 6);
}

void orphans_are_waited_for() {
  Pipe told;
  Pipe go;
  const pid_t helper = start({.container = [&] {
    read_all(go.out, 1);
    const pid_t child = fork();
    if (child == 0) {
      const pid_t orphan = fork();
      // Long enough that its parent is gone when it ends.
      if (orphan == 0) sleep_ms(100);
      if (orphan == 0) _exit(77);
      _exit(write(told.in, &orphan, sizeof orphan) == sizeof orphan ? 0 : 1);
    }
    waitpid(child, nullptr, 0);
    read_all(go.out, 1);
    return 4;
  }});
  until_it_waits(helper);
  expect("go", write(go.in, "g", 1), 1);
  pid_t orphan = 0;
  expect("the orphan's pid is told", read(told.out, &orphan, sizeof orphan),
         ssize_t{sizeof orphan});
  const std::string path = "/proc/" + std::to_string(orphan);
  expect("an orphan becomes the helper's child", eventually([&] {
           std::ifstream status(path + "/status");
           for (std::string line; std::getline(status, line);) {
             if (line == "PPid:\t" + std::to_string(helper)) return true;
           }
           return false;
         }),
         true);
  expect("an orphan is reaped while the container runs", eventually([&] { return !exists(path); }),
         true);
  expect("go", write(go.in, "g", 1), 1);
  expect("an orphan's status is not the container's", finish(helper), 4);
}

void no_other_descriptor_stays_open() {
  Pipe hold;
  const pid_t helper = start({
      .container =
          [&] {
            close(hold.in);
            read_all(hold.out);
            return 0;
          },
      .between =
          [] {
            for (int i = 0; i < 20; i++) dup(1);
          },
  });
  until_it_waits(helper);
  expect("only the standard descriptors, a signalfd and a pidfd stay open",
         open_descriptors(helper).size(), 5u);
  close(hold.in);
  hold.in = -1;
  finish(helper);
}

void state_directory_is_removed() {
  Scratch scratch;
  const std::string state = scratch.path + "/state";
  const std::string outside = scratch.path + "/outside";
  mkdir(state.c_str(), 0700);
  for (int i = 0; i < 200; i++) {
    close(open((state + "/file" + std::to_string(i)).c_str(), O_CREAT | O_WRONLY, 0600));
  }
  close(open(outside.c_str(), O_CREAT | O_WRONLY, 0600));
  const std::string link = state + "/link";
  expect("symlink", symlink(outside.c_str(), link.c_str()), 0);
  sockaddr_un address{.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s/start.sock", state.c_str());
  const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  expect("bind", bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  int code = 0;
  const std::string text =
      run_for_stderr({.container = [] { return 3; },
                      .clean_up = [&](PlanWriter& p) { p.remove_directory(state); }},
                     &code);
  close(fd);
  expect("the exit status outlives the clean-up", code, 3);
  expect("a clean-up that succeeds is silent", text, "");
  expect("the state directory is gone", exists(state), false);
  expect("what a link in it points to is not", exists(outside), true);
}

void failing_clean_up_is_told_and_the_rest_goes_on() {
  Scratch scratch;
  const std::string first = scratch.path + "/first";
  const std::string second = scratch.path + "/second";
  mkdir(first.c_str(), 0700);
  mkdir((first + "/inner").c_str(), 0700);
  mkdir(second.c_str(), 0700);
  int code = 0;
  const std::string text = run_for_stderr({.container = [] { return 8; },
                                           .clean_up =
                                               [&](PlanWriter& p) {
                                                 p.remove_directory(first);
                                                 p.remove_directory(second);
                                                 p.remove_directory(scratch.path + "/never");
                                               }},
                                          &code);
  expect("a failing clean-up does not change the exit status", code, 8);
  expect("it is told in one line", text,
         "sampan: remove directory " + first + ": unlink: is a directory (EISDIR)\n");
  expect("what it could not remove is there", exists(first + "/inner"), true);
  expect("the step after it is carried out", exists(second), false);
}

void a_link_in_place_of_the_state_directory_is_refused() {
  Scratch scratch;
  const std::string target = scratch.path + "/target";
  const std::string link = scratch.path + "/link";
  mkdir(target.c_str(), 0700);
  close(open((target + "/precious").c_str(), O_CREAT | O_WRONLY, 0600));
  expect("symlink", symlink(target.c_str(), link.c_str()), 0);
  int code = 0;
  const std::string text = run_for_stderr(
      {.container = [] { return 0; }, .clean_up = [&](PlanWriter& p) { p.remove_directory(link); }},
      &code);
  expect("a link is not followed", exists(target + "/precious"), true);
  expect("and is told", text,
         "sampan: remove directory " + link + ": open: not a directory (ENOTDIR)\n");
}

void a_kill_for_want_of_memory_is_told() {
  Scratch scratch;
  const std::string events = scratch.path + "/memory.events";
  const auto told = [&](const char* kills, int signal) {
    std::ofstream(events) << "low 0\nmax 3\noom 1\noom_kill " << kills << "\noom_group_kill 0\n";
    int code = 0;
    const Launch launch{.container = [=] { return raise(signal); },
                        .clean_up = [&](PlanWriter& p) { p.tell_of_memory(events, "too little"); }};
    return run_for_stderr(launch, &code);
  };
  expect("a kill for want of memory is told", told("12", SIGKILL), "sampan: too little\n");
  expect("another kill is not", told("0", SIGKILL), "");
  expect("another end is not", told("1", SIGTERM), "");
  int code = 0;
  const std::string text = run_for_stderr(
      {.container = [] { return raise(SIGKILL); },
       .clean_up = [&](PlanWriter& p) { p.tell_of_memory(scratch.path + "/none", "too little"); }},
      &code);
  expect("nor one in a cgroup that tells nothing", text, "");
}

void a_malformed_plan_changes_nothing() {
  Scratch scratch;
  const std::string state = scratch.path + "/state";
  mkdir(state.c_str(), 0700);
  // A header, a waiting step of 12 bytes and a removal: cut anywhere, with bytes too many, and
  // with an opcode that does not exist.
  for (const int cut : {1, 15, 16, 27, 28, 40}) {
    int code = 0;
    const std::string text =
        run_for_stderr({.container = [] { return 0; },
                        .clean_up = [&](PlanWriter& p) { p.remove_directory(state); },
                        .spoil =
                            [&](std::string& bytes) {
                              if (cut == 27) {
                                bytes += "x";
                              } else if (cut == 28) {
                                bytes[28] = 99;
                              } else {
                                bytes.resize(static_cast<size_t>(cut));
                              }
                            }},
                       &code);
    expect("a malformed plan is an error", code, 1);
    expect("and is told", text, "sampan: read the attend plan: decode: bad message (EBADMSG)\n");
  }
  expect("nothing of it is carried out", exists(state), true);
}

}  // namespace

int main(int argc, char** argv) {
  if (is_helper(argc, argv)) return attend_main(argc, argv);
  alarm(120);
  exit_status_is_the_containers();
  death_by_signal_is_128_and_the_signal();
  container_that_ended_before_the_helper_began();
  ignored_sigchld_loses_no_status();
  signals_reach_the_container();
  signals_about_the_helper_stay_with_it();
  nohup_keeps_its_word();
  a_stopped_container_is_waited_for();
  orphans_are_waited_for();
  no_other_descriptor_stays_open();
  state_directory_is_removed();
  failing_clean_up_is_told_and_the_rest_goes_on();
  a_link_in_place_of_the_state_directory_is_refused();
  a_kill_for_want_of_memory_is_told();
  a_malformed_plan_changes_nothing();
  return failures == 0 ? 0 : 1;
}
