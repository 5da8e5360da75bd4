// Carries bytes between the caller's stdin and stdout and the container's pseudo-terminal, keeps
// its size that of the caller's terminal, and holds that terminal in raw mode meanwhile.
//
// It never waits: `interests` says what to wait for, `serve` does what can be done at once. When
// the reader is slower than the writer, no more is read (back-pressure), so memory stays fixed.
#pragma once

#include <poll.h>
#include <stddef.h>
#include <termios.h>

#include "attend/byte_stream.h"

namespace sampan {

// Bytes read and not yet written.
struct RelayBuffer {
  char data[16384];
  size_t begin = 0;
  size_t end = 0;
  bool empty() const { return begin == end; }
};

class TerminalRelay {
 public:
  // How many pollfd `interests` fills.
  static constexpr nfds_t kInterests = 3;

  // Takes over `master`. What of the caller's terminal cannot be set is told on stderr.
  void open(int master);

  // What to poll for now; entries with fd -1 are none.
  void interests(pollfd* fds) const;
  // Moves what can be moved; `fds` as poll(2) left them.
  void serve(const pollfd* fds);

  // The caller's terminal has another size (SIGWINCH).
  void resize() const;
  // The helper was stopped and goes on (SIGCONT): the shell has set its own mode meanwhile.
  void resume() const;

  // The container's process has ended: no more input, and output only to what the pseudo-terminal
  // still holds.
  void finish() { finishing_ = true; }
  // All output has been written, or nobody is left to read it.
  bool finished() const;

  // Gives the caller's terminal its former mode back.
  void restore() const;

 private:
  void read_input(short events);
  void end_input();
  void write_input();
  bool read_output();
  bool write_output();
  void hang_up();

  int master_ = -1;
  int slave_ = -1;
  ByteStream input_;
  ByteStream output_;
  bool input_open_ = true;
  bool line_is_open_ = false;
  bool output_ended_ = false;
  bool finishing_ = false;
  size_t finish_budget_ = size_t{1} << 20;
};

}  // namespace sampan
