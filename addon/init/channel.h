// Messages between init and the runtime (or the process that says start): one SOCK_SEQPACKET
// socket.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "init/descriptor.h"
#include "init/status.h"

namespace sampan::init {

// Kinds of message to the runtime; src/launch reads them.
enum class Report : uint32_t { kFailed = 1, kReached, kForked, kTerminal, kReady, kListener };

class Channel {
 public:
  explicit Channel(int socket) : socket_(socket) {}

  // Step `index` of the plan failed.
  void send_failure(uint32_t index, const Status& status);
  // `kind` with one number, and a descriptor when `fd` is not negative.
  Status send(Report kind, uint32_t value = 0, int fd = -1);
  // Waits for the runtime's word to go on. When the runtime is gone, init has no one to work for:
  // the process ends, so that a killed `create` leaves nothing behind.
  void await_go();
  // From here on reports go to `socket`.
  void move_to(int socket) { socket_.reset(socket); }
  int socket() const { return socket_.get(); }

 private:
  Descriptor socket_;
};

struct Received {
  // Null when the runtime ended first.
  const unsigned char* plan = nullptr;
  size_t size = 0;
  // Room for the lists that execve(2) takes: as many pointers as the plan has strings, and 8 more.
  // Not the stack's, whose limit may be the container's by then (RLIMIT_STACK); and with a filter
  // loaded, a system call for memory might be refused.
  char** lists = nullptr;
};

// Reads the whole encoded plan, which may come in several messages, into memory that stays.
Received receive_plan(int socket);

}  // namespace sampan::init
