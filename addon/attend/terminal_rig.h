// For tests of the terminal relay: pseudo-terminals whose masters the test holds, and a container
// that runs on one.
#pragma once

#include <errno.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>

#include <utility>

#include "attend/attend_rig.h"

namespace sampan::rig {

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

inline bool same_mode(const termios& a, const termios& b) {
  return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag &&
         a.c_lflag == b.c_lflag && memcmp(a.c_cc, b.c_cc, sizeof a.c_cc) == 0;
}

// Puts the container on a terminal without output processing: every byte arrives as written.
inline void put_on(const Terminal& terminal, Launch* launch) {
  // Before anything is typed, or it would be echoed.
  termios mode = terminal.mode();
  cfmakeraw(&mode);
  tcsetattr(terminal.slave, TCSANOW, &mode);
  launch->master = terminal.master;
  launch->slave = terminal.slave;
}

// A helper that is a session leader on the caller's terminal, as after `setsid`.
inline Launch between(const Terminal& caller, const Terminal& container,
                      std::function<int()> body) {
  const int slave = caller.slave;
  Launch launch;
  launch.container = std::move(body);
  launch.before = [=] { take_terminal(slave); };
  launch.in = launch.out = slave;
  put_on(container, &launch);
  return launch;
}

inline bool put(const std::string& text) {
  size_t at = 0;
  while (at < text.size()) {
    const ssize_t n = write(1, text.data() + at, text.size() - at);
    if (n < 0) return false;
    at += static_cast<size_t>(n);
  }
  return true;
}

// Reads until `wanted` has come; what has come.
inline std::string read_until(int fd, const std::string& wanted) {
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

}  // namespace sampan::rig
