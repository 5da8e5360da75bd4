#include "attend/terminal_relay.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "attend/complaint.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

namespace sampan {
namespace {

RelayBuffer to_container;
RelayBuffer to_caller;

// What a signal handler must be able to reach.
termios saved_mode;
volatile sig_atomic_t mode_is_saved = 0;

bool would_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

void restore_mode() {
  if (mode_is_saved) tcsetattr(STDIN_FILENO, TCSANOW, &saved_mode);
}

void on_fault(int signal) {
  restore_mode();
  // With SA_RESETHAND it now has its default action, once this handler has returned.
  raise(signal);
}

void restore_on_faults() {
  struct sigaction action = {};
  action.sa_handler = on_fault;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  constexpr int kFaults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (const int fault : kFaults) sigaction(fault, &action, nullptr);
}

void set_raw_mode() {
  if (!mode_is_saved) return;
  termios raw = saved_mode;
  cfmakeraw(&raw);
  if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0) {
    complain("set the terminal to raw mode", "", "tcsetattr", errno);
  }
}

}  // namespace

void TerminalRelay::open(int master) {
  master_ = master;
  // The master's description came from init alone, so nobody else is affected.
  fcntl(master_, F_SETFL, fcntl(master_, F_GETFL) | O_NONBLOCK);
  // While one slave is open, a container that closes its terminal and opens it again (as systemd
  // does) is not taken for one that hung up.
  slave_ = ioctl(master_, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  input_.open(STDIN_FILENO, O_RDONLY);
  output_.open(STDOUT_FILENO, O_WRONLY);
  resize();
  if (tcgetattr(STDIN_FILENO, &saved_mode) != 0) return;
  mode_is_saved = 1;
  restore_on_faults();
  set_raw_mode();
}

void TerminalRelay::resize() const {
  winsize size = {};
  const bool known =
      ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  // A terminal that does not know its size has 0 0; config.json's consoleSize is better.
  if (known && size.ws_row != 0 && size.ws_col != 0) ioctl(master_, TIOCSWINSZ, &size);
}

void TerminalRelay::resume() const {
  set_raw_mode();
  resize();
}

void TerminalRelay::restore() const {
  restore_mode();
  mode_is_saved = 0;
}

void TerminalRelay::interests(pollfd* fds) const {
  const bool takes_input = input_open_ && to_container.empty() && !finishing_;
  const bool takes_output = !output_ended_ && to_caller.empty();
  short master_events = takes_output ? POLLIN : 0;
  if (!to_container.empty() && !finishing_) master_events |= POLLOUT;
  // poll(2) reports a hang-up whether asked or not, hence -1 for what is of no interest.
  fds[0] = {takes_input ? input_.fd() : -1, POLLIN, 0};
  fds[1] = {master_events != 0 ? master_ : -1, master_events, 0};
  fds[2] = {to_caller.empty() ? -1 : output_.fd(), POLLOUT, 0};
}

void TerminalRelay::serve(const pollfd* fds) {
  if (fds[0].revents != 0) read_input(fds[0].revents);
  if (!to_container.empty()) write_input();
  if (fds[2].revents != 0 && !write_output()) return;
  // Bounded, so that a container that only writes does not keep signals waiting.
  for (int round = 0; round < 8 && to_caller.empty(); round++) {
    if (!read_output() || !write_output()) return;
  }
}

void TerminalRelay::read_input(short events) {
  const ssize_t n = input_.read(to_container.data, sizeof to_container.data);
  if (n > 0) {
    to_container.begin = 0;
    to_container.end = static_cast<size_t>(n);
    line_is_open_ = to_container.data[n - 1] != '\n';
    return;
  }
  if (n < 0 && would_wait(errno)) return;
  // A terminal that is gone takes the container's with it.
  input_open_ = false;
  if (!mode_is_saved) {
    end_input();
  } else if ((events & POLLHUP) != 0) {
    hang_up();
  }
}

// A pipe or file that ends is the end of the container's input too: without the character for it a
// program that reads to the end would wait for ever. The first one only closes a line begun.
void TerminalRelay::end_input() {
  termios mode;
  if (master_ < 0 || tcgetattr(master_, &mode) != 0) return;
  to_container.begin = 0;
  to_container.end = line_is_open_ ? 2 : 1;
  memset(to_container.data, mode.c_cc[VEOF], to_container.end);
}

void TerminalRelay::write_input() {
  RelayBuffer& buffer = to_container;
  if (master_ < 0 || finishing_) return;
  const ssize_t n = write(master_, buffer.data + buffer.begin, buffer.end - buffer.begin);
  if (n >= 0) {
    buffer.begin += static_cast<size_t>(n);
  } else if (!would_wait(errno)) {
    buffer.begin = buffer.end;
    input_open_ = false;
  }
}

// Whether there is something to write.
bool TerminalRelay::read_output() {
  if (master_ < 0 || output_ended_) return false;
  const ssize_t n = read(master_, to_caller.data, sizeof to_caller.data);
  if (n > 0) {
    to_caller.begin = 0;
    to_caller.end = static_cast<size_t>(n);
    if (finishing_) {
      // Another holder of the slave could write for ever.
      const size_t size = to_caller.end;
      finish_budget_ = size < finish_budget_ ? finish_budget_ - size : 0;
      if (finish_budget_ == 0) output_ended_ = true;
    }
    return true;
  }
  // EIO: no slave is open (pty(7)).
  if (n == 0 || !would_wait(errno) || (finishing_ && errno != EINTR)) output_ended_ = true;
  return false;
}

// Whether all has been written.
bool TerminalRelay::write_output() {
  RelayBuffer& buffer = to_caller;
  if (buffer.empty()) return true;
  const ssize_t n = output_.write(buffer.data + buffer.begin, buffer.end - buffer.begin);
  if (n >= 0) {
    buffer.begin += static_cast<size_t>(n);
    return buffer.empty();
  }
  if (would_wait(errno)) return false;
  if (errno != EPIPE && errno != EIO) complain("write the terminal's output", "", "write", errno);
  hang_up();
  return false;
}

// What happened to the caller's end happens to the container's: reads end, writes are EIO, and
// its foreground processes get SIGHUP.
void TerminalRelay::hang_up() {
  input_open_ = false;
  output_ended_ = true;
  to_container.begin = to_container.end;
  to_caller.begin = to_caller.end;
  if (slave_ >= 0) close(slave_);
  if (master_ >= 0) close(master_);
  slave_ = master_ = -1;
}

bool TerminalRelay::finished() const { return output_ended_ && to_caller.empty(); }

}  // namespace sampan
