// Unix sockets: messages with descriptors, the start socket, console and pidfd sockets.
#pragma once

#include <stddef.h>

#include <string>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

struct Message {
  bool ended = false;  // the peer is gone
  std::vector<unsigned char> bytes;
  std::vector<UniqueFd> descriptors;
};

// One message; what is larger than a socket buffer may hold goes in several, in order.
Result<bool> send_message(int socket, const void* data, size_t size, const std::vector<int>& fds);
// Waits for one message.
Result<Message> receive_message(int socket);
// SOCK_SEQPACKET socket `name` in `directory`, mode 0600. No limit on the directory's path.
Result<UniqueFd> listen_in(int directory, const std::string& name);
Result<UniqueFd> connect_in(int directory, const std::string& name);
// Connects to the stream socket at `path`; one send or receive on it waits at most `seconds`.
Result<UniqueFd> connect_stream(const std::string& path, int seconds);
// Connects to the stream socket at `path` and sends `fd` with `name` as the message.
Result<bool> send_descriptor(const std::string& path, int fd, const std::string& name);

}  // namespace sampan
