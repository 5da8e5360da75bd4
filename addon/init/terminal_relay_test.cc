// The foreground helper between two pseudo-terminals: the caller's, whose master the test holds as
// a person would, and the container's.

#include <errno.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

#include <algorithm>

#include "init/attend_rig.h"

namespace {

using namespace sampan::rig;

struct Terminal {
  int master = -1;
  int slave = -1;
  Terminal() {
    expect("openpty", openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
  }
  ~Terminal() { close(master), close(slave); }

  termios mode() const {
    termios now = {};
    tcgetattr(slave, &now);
    return now;
  }
  bool is_raw() const { return (mode().c_lflag & (ICANON | ECHO | ISIG)) == 0; }
  void set_size(unsigned short rows, unsigned short columns) const {
    const winsize size{rows, columns, 0, 0};
    ioctl(master, TIOCSWINSZ, &size);
  }
};

bool same_mode(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag &&
         a.c_lflag == b.c_lflag && memcmp(a.c_cc, b.c_cc, sizeof a.c_cc) == 0;
}

// In a new process: a session with `slave` as its terminal.
void take_terminal(int slave) {
  setsid();
  ioctl(slave, TIOCSCTTY, 0);
}

// A container on its terminal, without output processing: every byte arrives as written.
std::function<int()> on_terminal(const Terminal& terminal, std::function<int()> body) {
  const int slave = terminal.slave;
  const int master = terminal.master;
  return [=] {
    take_terminal(slave);
    termios mode = {};
    tcgetattr(slave, &mode);
    cfmakeraw(&mode);
    tcsetattr(slave, TCSANOW, &mode);
    for (int fd = 0; fd < 3; fd++) dup2(slave, fd);
    close(slave);
    close(master);
    return body();
  };
}

// A helper that is a session leader on the caller's terminal, as after `setsid`.
Launch between(const Terminal& caller, const Terminal& container, std::function<int()> body) {
  const int slave = caller.slave;
  return {.container = on_terminal(container, std::move(body)),
          .before = [=] { take_terminal(slave); },
          .in = slave,
          .out = slave,
          .err = -1,
          .master = container.master};
}

bool put(const std::string& text) {
  size_t at = 0;
  while (at < text.size()) {
    const ssize_t n = write(1, text.data() + at, text.size() - at);
    if (n < 0) return false;
    at += static_cast<size_t>(n);
  }
  return true;
}

// Reads until `wanted` has come; what has come.
std::string read_until(int fd, const std::string& wanted) {
  std::string all;
  while (all.find(wanted) == std::string::npos) {
    pollfd waiting{fd, POLLIN, 0};
    if (poll(&waiting, 1, 5000) != 1) break;
    char buffer[4096];
    const ssize_t n = read(fd, buffer, sizeof buffer);
    if (n <= 0) break;
    all.append(buffer, static_cast<size_t>(n));
  }
  return all;
}

std::string a_megabyte() {
  std::string text;
  for (int i = 0; text.size() < 1'000'000; i++)
    text += "line " + std::to_string(i) + " \x01\xff\r\n";
  return text;
}

// Every kind of caller's stdout must carry it unchanged, also when it is read slowly.
void output_is_intact(const char* promise, int read_end, int write_end, long pause_ms) {
  Terminal container;
  const std::string sent = a_megabyte();
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  Launch launch{.container = on_terminal(container, [&] { return put(sent) ? 3 : 1; }),
                .in = nothing,
                .out = write_end,
                .master = container.master};
  const pid_t helper = start(launch);
  close(write_end);
  close(container.slave);
  container.slave = -1;
  std::string got;
  for (int part = 0; part < 20; part++) {
    got += read_all(read_end, 50'000);
    sleep_ms(pause_ms);
  }
  got += read_all(read_end, sent.size() - got.size());
  expect(std::string(promise) + ": size", got.size(), sent.size());
  expect(std::string(promise) + ": bytes", got == sent, true);
  expect(std::string(promise) + ": status", finish(helper), 3);
  close(read_end);
  close(nothing);
}

void output_is_intact_through_every_kind_of_stdout() {
  for (const long pause : {0, 20}) {
    int ends[2];
    expect("pipe2", pipe2(ends, O_CLOEXEC), 0);
    output_is_intact("1 MB through a pipe", ends[0], ends[1], pause);
    expect("socketpair", socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    output_is_intact("1 MB through a socket", ends[0], ends[1], pause);
    Terminal caller;
    termios raw = caller.mode();
    cfmakeraw(&raw);
    tcsetattr(caller.slave, TCSANOW, &raw);
    output_is_intact("1 MB through a terminal", dup(caller.master), dup(caller.slave), pause);
  }
}

void output_is_intact_in_a_file() {
  Scratch scratch;
  Terminal container;
  const std::string path = scratch.path + "/out";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  expect("write", write(fd, "before\n", 7), 7);
  const std::string sent = a_megabyte();
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  Launch launch{.container = on_terminal(container, [&] { return put(sent) ? 0 : 1; }),
                .in = nothing,
                .out = fd,
                .master = container.master};
  expect("status", run(launch), 0);
  lseek(fd, 0, SEEK_SET);
  expect("a file goes on where the caller's offset was", read_all(fd) == "before\n" + sent, true);
  close(fd);
  close(nothing);
}

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

void input_that_ends_leaves_the_container_running() {
  Terminal container;
  Pipe in;
  Pipe out;
  Launch launch{.container = on_terminal(container,
                                         [] {
                                           char got[6] = {};
                                           size_t n = 0;
                                           while (n < 5) {
                                             const ssize_t more = read(0, got + n, 5 - n);
                                             if (more <= 0) return 1;
                                             n += static_cast<size_t>(more);
                                           }
                                           sleep_ms(200);
                                           put(std::string("got ") + got);
                                           return 12;
                                         }),
                .in = in.out,
                .out = out.in,
                .master = container.master};
  const pid_t helper = start(launch);
  expect("write", write(in.in, "hello", 5), 5);
  close(in.in);
  close(out.in);
  in.in = out.in = -1;
  expect("output goes on after the end of input", read_all(out.out), "got hello");
  expect("status", finish(helper), 12);
}

void input_waits_for_a_slow_container() {
  Terminal container;
  Pipe in;
  Pipe out;
  const size_t size = 300'000;
  Launch launch{.container = on_terminal(container,
                                         [=] {
                                           size_t got = 0;
                                           char buffer[1000];
                                           for (int i = 0; got < size; i++) {
                                             const ssize_t n = read(0, buffer, sizeof buffer);
                                             if (n <= 0) return 1;
                                             for (ssize_t k = 0; k < n; k++, got++) {
                                               if (buffer[k] != static_cast<char>(got % 251))
                                                 return 2;
                                             }
                                             if (i % 100 == 0) sleep_ms(10);
                                           }
                                           return 14;
                                         }),
                .in = in.out,
                .out = out.in,
                .master = container.master};
  const pid_t helper = start(launch);
  std::string sent(size, '\0');
  for (size_t i = 0; i < size; i++) sent[i] = static_cast<char>(i % 251);
  expect("write", write(in.in, sent.data(), size), static_cast<ssize_t>(size));
  expect("300 KB of input arrive in order", finish(helper), 14);
}

void a_reader_that_leaves_hangs_the_container_up() {
  Terminal container;
  Pipe in;
  Pipe out;
  Launch launch{.container = on_terminal(container,
                                         [&] {
                                           close(out.out);
                                           close(out.in);
                                           signal(SIGHUP, SIG_IGN);
                                           while (put("y\n")) {
                                           }
                                           return errno == EIO ? 13 : 1;
                                         }),
                .in = in.out,
                .out = out.in,
                .master = container.master};
  const pid_t helper = start(launch);
  close(out.in);
  out.in = -1;
  read_all(out.out, 2);
  close(out.out);
  out.out = -1;
  // The test's own ends would keep the terminal up.
  close(container.master);
  close(container.slave);
  container.master = container.slave = -1;
  expect("when nobody reads the output, the container's terminal hangs up", finish(helper), 13);
}

void signals_pass_while_the_reader_is_stuck() {
  Terminal container;
  Pipe in;
  Pipe out;
  Launch launch{.container = on_terminal(container,
                                         [] {
                                           while (put("y\n")) {
                                           }
                                           return 1;
                                         }),
                .in = in.out,
                .out = out.in,
                .master = container.master};
  const pid_t helper = start(launch);
  sleep_ms(300);
  kill(helper, SIGTERM);
  int status;
  sleep_ms(200);
  expect("output that was written waits for its reader", waitpid(helper, &status, WNOHANG), 0);
  kill(helper, SIGTERM);
  expect("a second signal gives the rest of the output up", finish(helper), 128 + SIGTERM);
}

void a_terminal_closed_and_opened_again_still_works() {
  Terminal caller;
  Terminal container;
  const std::string name = ttyname(container.slave);
  const pid_t helper = start(between(caller, container, [=] {
    put("first;");
    for (int fd = 0; fd < 3; fd++) close(fd);
    sleep_ms(200);
    for (int fd = 0; fd < 3; fd++) {
      if (open(name.c_str(), O_RDWR) != fd) return 1;
    }
    put("second;");
    return 0;
  }));
  close(container.slave);
  container.slave = -1;
  expect("first", read_until(caller.master, "first;"), "first;");
  expect("a terminal closed and opened again still works", read_until(caller.master, "second;"),
         "second;");
  expect("status", finish(helper), 0);
}

void output_of_a_container_that_already_ended_is_relayed() {
  Terminal container;
  Pipe out;
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  Launch launch{.container = on_terminal(container,
                                         [] {
                                           put("last words");
                                           return 17;
                                         }),
                .between = [] { sleep_ms(200); },
                .in = nothing,
                .out = out.in,
                .master = container.master};
  const pid_t helper = start(launch);
  close(out.in);
  out.in = -1;
  close(container.slave);
  container.slave = -1;
  expect("last words are not lost", read_all(out.out), "last words");
  expect("status", finish(helper), 17);
  close(nothing);
}

void a_left_over_writer_does_not_hold_the_helper() {
  Terminal container;
  Pipe out;
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  Pipe left;
  Launch launch{.container = on_terminal(container,
                                         [&] {
                                           const pid_t child = fork();
                                           if (child == 0) {
                                             close(out.in);
                                             signal(SIGHUP, SIG_IGN);
                                             setsid();
                                             while (put("z")) {
                                             }
                                             _exit(0);
                                           }
                                           return write(left.in, &child, sizeof child) > 0 ? 18 : 1;
                                         }),
                .in = nothing,
                .out = out.in,
                .master = container.master};
  const pid_t helper = start(launch);
  pid_t child = 0;
  expect("left over", read(left.out, &child, sizeof child), static_cast<ssize_t>(sizeof child));
  close(out.in);
  out.in = -1;
  read_all(out.out);
  expect("a process that keeps writing does not hold the helper", finish(helper), 18);
  kill(child, SIGKILL);
  close(nothing);
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
  alarm(180);
  signal(SIGPIPE, SIG_IGN);
  output_is_intact_through_every_kind_of_stdout();
  output_is_intact_in_a_file();
  mode_is_raw_meanwhile_and_restored_after();
  mode_is_restored_after_a_signal();
  size_follows_the_callers_terminal();
  size_of_the_configuration_stays_where_the_caller_has_none();
  callers_descriptors_stay_blocking();
  input_that_ends_leaves_the_container_running();
  input_waits_for_a_slow_container();
  a_reader_that_leaves_hangs_the_container_up();
  signals_pass_while_the_reader_is_stuck();
  a_terminal_closed_and_opened_again_still_works();
  output_of_a_container_that_already_ended_is_relayed();
  a_left_over_writer_does_not_hold_the_helper();
  a_background_helper_stops_and_goes_on();
  raw_mode_comes_back_after_a_stop();
  return failures == 0 ? 0 : 1;
}
