// The foreground helper carries every byte between the container's pseudo-terminal and whatever the
// caller's stdin and stdout are, and ends when there is nothing more to carry.

#include <sys/socket.h>

#include "attend/terminal_rig.h"

namespace {

using namespace sampan::rig;

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
  Launch launch{.container = [&] { return put(sent) ? 3 : 1; }, .in = nothing, .out = write_end};
  put_on(container, &launch);
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
  Launch launch{.container = [&] { return put(sent) ? 0 : 1; }, .in = nothing, .out = fd};
  put_on(container, &launch);
  expect("status", run(launch), 0);
  lseek(fd, 0, SEEK_SET);
  expect("a file goes on where the caller's offset was", read_all(fd) == "before\n" + sent, true);
  close(fd);
  close(nothing);
}

void input_that_ends_leaves_the_container_running() {
  Terminal container;
  Pipe in;
  Pipe out;
  Launch launch{.container =
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
                    },
                .in = in.out,
                .out = out.in};
  put_on(container, &launch);
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
  Launch launch{.container =
                    [=] {
                      size_t got = 0;
                      char buffer[1000];
                      for (int i = 0; got < size; i++) {
                        const ssize_t n = read(0, buffer, sizeof buffer);
                        if (n <= 0) return 1;
                        for (ssize_t k = 0; k < n; k++, got++) {
                          if (buffer[k] != static_cast<char>(got % 251)) return 2;
                        }
                        if (i % 100 == 0) sleep_ms(10);
                      }
                      return 14;
                    },
                .in = in.out,
                .out = out.in};
  put_on(container, &launch);
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
  Launch launch{.container =
                    [&] {
                      close(out.out);
                      close(out.in);
                      signal(SIGHUP, SIG_IGN);
                      while (put("y\n")) {
                      }
                      return errno == EIO ? 13 : 1;
                    },
                .in = in.out,
                .out = out.in};
  put_on(container, &launch);
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
  Launch launch{.container =
                    [] {
                      while (put("y\n")) {
                      }
                      return 1;
                    },
                .in = in.out,
                .out = out.in};
  put_on(container, &launch);
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
  Launch launch{.container =
                    [] {
                      put("last words");
                      return 17;
                    },
                .between = [] { sleep_ms(200); },
                .in = nothing,
                .out = out.in};
  put_on(container, &launch);
  const pid_t helper = start(launch);
  close(out.in);
  out.in = -1;
  close(container.slave);
  container.slave = -1;
  expect("last words are not lost", read_all(out.out), "last words");
  expect("status", finish(helper), 17);
  close(nothing);
}

// The end of a session's leader hangs its terminal up (setsid(2)); only without a leader can others
// go on writing.
void a_left_over_writer_does_not_hold_the_helper() {
  Terminal container;
  Pipe out;
  Pipe left;
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto leave_a_writer = [&] {
    dup2(container.slave, 1);
    const pid_t child = fork();
    // Until both the pipe and the terminal are full.
    if (child != 0) sleep_ms(300);
    if (child != 0) return write(left.in, &child, sizeof child) > 0 ? 18 : 1;
    close(out.in);
    while (put(std::string(4096, 'z'))) {
    }
    return 0;
  };
  const pid_t helper = start(
      {.container = leave_a_writer, .in = nothing, .out = out.in, .master = container.master});
  pid_t child = 0;
  expect("left over", read(left.out, &child, sizeof child), static_cast<ssize_t>(sizeof child));
  close(out.in);
  out.in = -1;
  // Slower than the writer, so that the terminal never runs empty.
  size_t size = 0;
  for (size_t n; (n = read_all(out.out, 4096).size()) > 0; size += n) sleep_ms(1);
  expect("of what others write after the end 1 MB is relayed", size < 1'400'000, true);
  expect("a process that keeps writing does not hold the helper", finish(helper), 18);
  kill(child, SIGKILL);
  close(nothing);
}

}  // namespace

int main(int argc, char** argv) {
  if (is_helper(argc, argv)) return attend_main(argc, argv);
  alarm(120);
  signal(SIGPIPE, SIG_IGN);
  output_is_intact_through_every_kind_of_stdout();
  output_is_intact_in_a_file();
  input_that_ends_leaves_the_container_running();
  input_waits_for_a_slow_container();
  a_reader_that_leaves_hangs_the_container_up();
  signals_pass_while_the_reader_is_stuck();
  a_terminal_closed_and_opened_again_still_works();
  output_of_a_container_that_already_ended_is_relayed();
  a_left_over_writer_does_not_hold_the_helper();
  return failures == 0 ? 0 : 1;
}
