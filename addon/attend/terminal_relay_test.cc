// The foreground helper and the caller's terminal, whose master the test holds as a person would:
// its mode, its size, job control.

#include "attend/terminal_rig.h"

namespace {

using namespace sampan::rig;

void mode_is_raw_meanwhile_and_restored_after() {
  Terminal caller;
  Terminal container;
  const termios before = caller.mode();
  const pid_t helper = start(between(caller, container, [] {
    char typed[4] = {};
    put("ready");
    size_t got = 0;
    while (got < sizeof typed) {
      const ssize_t n = read(0, typed + got, sizeof typed - got);
      if (n <= 0) return 1;
      got += static_cast<size_t>(n);
    }
    return memcmp(typed, "\x03\x1a\x04\r", 4) == 0 ? 21 : 1;
  }));
  expect("the container's words arrive", read_until(caller.master, "ready"), "ready");
  expect("the terminal is raw meanwhile", eventually([&] { return caller.is_raw(); }), true);
  expect("type", write(caller.master, "\x03\x1a\x04\r", 4), 4);
  expect("^C ^Z ^D and return reach the container as bytes", finish(helper), 21);
  expect("the terminal has its mode back", same_mode(before, caller.mode()), true);
}

void mode_is_restored_after_a_signal() {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV}) {
    Terminal caller;
    Terminal container;
    const termios before = caller.mode();
    const pid_t helper = start(between(caller, container, [] {
      put("ready");
      for (;;) pause();
      return 0;
    }));
    read_until(caller.master, "ready");
    expect("raw", eventually([&] { return caller.is_raw(); }), true);
    kill(helper, signal);
    // A fault's signal ends the helper itself, and the terminal with it the container.
    const int code = finish(helper);
    const char* program = getenv("SAMPAN_INIT");
    // The address sanitizer makes another exit of a fault.
    const bool sanitized = program == nullptr && signal == SIGSEGV;
    if (!sanitized) {
      expect("a signal ends helper or container", code, signal == SIGSEGV ? -signal : 128 + signal);
    }
    expect("the terminal has its mode back after a signal", same_mode(before, caller.mode()), true);
  }
}

std::string told_size() {
  winsize size = {};
  ioctl(0, TIOCGWINSZ, &size);
  return std::to_string(size.ws_row) + "x" + std::to_string(size.ws_col) + ";";
}

void size_follows_the_callers_terminal() {
  Terminal caller;
  Terminal container;
  caller.set_size(33, 101);
  const pid_t helper = start(between(caller, container, [] {
    sigset_t resized;
    sigemptyset(&resized);
    sigaddset(&resized, SIGWINCH);
    sigprocmask(SIG_BLOCK, &resized, nullptr);
    char go;
    put("ready;");
    if (read(0, &go, 1) != 1) return 1;
    int signal;
    // The size at the start may itself have been a change.
    timespec none = {};
    sigtimedwait(&resized, nullptr, &none);
    put(told_size());
    sigwait(&resized, &signal);
    put(told_size());
    return 0;
  }));
  read_until(caller.master, "ready;");
  eventually([&] { return caller.is_raw(); });
  expect("type", write(caller.master, "g", 1), 1);
  expect("the size is the caller's from the start", read_until(caller.master, ";"), "33x101;");
  caller.set_size(50, 132);
  expect("a change of size reaches the container", read_until(caller.master, ";"), "50x132;");
  expect("status", finish(helper), 0);
}

void size_of_the_configuration_stays_where_the_caller_has_none() {
  Terminal caller;
  Terminal container;
  container.set_size(24, 80);
  const pid_t helper = start(between(caller, container, [] {
    char go;
    put("ready;");
    if (read(0, &go, 1) != 1) return 1;
    put(told_size());
    return 0;
  }));
  read_until(caller.master, "ready;");
  eventually([&] { return caller.is_raw(); });
  expect("type", write(caller.master, "g", 1), 1);
  expect("consoleSize stays where the caller has no size", read_until(caller.master, ";"),
         "24x80;");
  finish(helper);
}

void callers_descriptors_stay_blocking() {
  Terminal caller;
  Terminal container;
  const pid_t helper = start(between(caller, container, [] {
    char go;
    put("ready");
    return read(0, &go, 1) == 1 ? 0 : 1;
  }));
  read_until(caller.master, "ready");
  eventually([&] { return caller.is_raw(); });
  expect("the caller's terminal is not made non-blocking",
         fcntl(caller.slave, F_GETFL) & O_NONBLOCK, 0);
  expect("type", write(caller.master, "g", 1), 1);
  finish(helper);
}

// A shell with job control: the helper begins in the background, is stopped at its first touch of
// the terminal, and goes on when it is put in the foreground.
void a_background_helper_stops_and_goes_on() {
  Terminal caller;
  Terminal container;
  const int slave = caller.slave;
  const pid_t shell = fork();
  if (shell == 0) {
    take_terminal(slave);
    signal(SIGTTOU, SIG_IGN);
    Launch launch = between(caller, container, [] {
      char go = 0;
      put("ready");
      return read(0, &go, 1) == 1 && go == 'g' ? 19 : 1;
    });
    launch.before = [] {
      setpgid(0, 0);
      signal(SIGTTOU, SIG_DFL);
    };
    const pid_t helper = start(launch);
    setpgid(helper, helper);
    int status = 0;
    if (waitpid(helper, &status, WUNTRACED) != helper || !WIFSTOPPED(status)) _exit(100);
    if (WSTOPSIG(status) != SIGTTOU || caller.is_raw()) _exit(101);
    tcsetpgrp(slave, helper);
    kill(-helper, SIGCONT);
    if (waitpid(helper, &status, 0) != helper) _exit(102);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 103);
  }
  read_until(caller.master, "ready");
  expect("raw once in the foreground", eventually([&] { return caller.is_raw(); }), true);
  expect("type", write(caller.master, "g", 1), 1);
  expect("a background helper stops and goes on in the foreground", finish(shell), 19);
}

void raw_mode_comes_back_after_a_stop() {
  Terminal caller;
  Terminal container;
  const termios before = caller.mode();
  const pid_t helper = start(between(caller, container, [] {
    char go = 0;
    put("ready");
    return read(0, &go, 1) == 1 ? 0 : 1;
  }));
  read_until(caller.master, "ready");
  expect("raw", eventually([&] { return caller.is_raw(); }), true);
  kill(helper, SIGSTOP);
  int status;
  waitpid(helper, &status, WUNTRACED);
  tcsetattr(caller.slave, TCSANOW, &before);
  caller.set_size(12, 34);
  kill(helper, SIGCONT);
  expect("raw mode comes back after a stop", eventually([&] { return caller.is_raw(); }), true);
  winsize size = {};
  expect("and so does the size", eventually([&] {
           ioctl(container.master, TIOCGWINSZ, &size);
           return size.ws_row == 12 && size.ws_col == 34;
         }),
         true);
  expect("type", write(caller.master, "g", 1), 1);
  finish(helper);
}

}  // namespace

int main(int argc, char** argv) {
  if (is_helper(argc, argv)) return attend_main(argc, argv);
  alarm(120);
  signal(SIGPIPE, SIG_IGN);
  mode_is_raw_meanwhile_and_restored_after();
  mode_is_restored_after_a_signal();
  size_follows_the_callers_terminal();
  size_of_the_configuration_stays_where_the_caller_has_none();
  callers_descriptors_stay_blocking();
  a_background_helper_stops_and_goes_on();
  raw_mode_comes_back_after_a_stop();
  return failures == 0 ? 0 : 1;
}
