#include "core/sockets.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <memory>

namespace sampan {
namespace {

inline constexpr size_t kChunk = 64 * 1024;
inline constexpr size_t kMaxMessage = 64 * 1024;
inline constexpr size_t kMaxDescriptors = 8;

// A unix address reached through a directory descriptor, so that sun_path is never too short.
Result<sockaddr_un> address_in(int directory, const std::string& name) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::string path = "/proc/self/fd/" + std::to_string(directory) + "/" + name;
  if (path.size() >= sizeof address.sun_path) return Error{ENAMETOOLONG, "connect", name};
  memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

bool send_once(int socket, const void* data, size_t size, const std::vector<int>& fds) {
  iovec part = {const_cast<void*>(data), size};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    memcpy(CMSG_DATA(head), fds.data(), fds.size() * sizeof(int));
  }
  ssize_t n;
  do {
    n = sendmsg(socket, &message, MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  return n >= 0;
}

void take_descriptors(msghdr* message, std::vector<UniqueFd>* out) {
  for (cmsghdr* head = CMSG_FIRSTHDR(message); head != nullptr; head = CMSG_NXTHDR(message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(head) + i * sizeof fd, sizeof fd);
      out->emplace_back(fd);
    }
  }
}

}  // namespace

Result<bool> send_message(int socket, const void* data, size_t size, const std::vector<int>& fds) {
  if (fds.size() > kMaxDescriptors) return Error{E2BIG, "sendmsg", {}};
  const char* at = static_cast<const char*>(data);
  size_t first = std::min(size, kChunk);
  if (!send_once(socket, at, first, fds)) return failed("sendmsg");
  for (size_t done = first; done < size; done += kChunk) {
    if (!send_once(socket, at + done, std::min(size - done, kChunk), {})) return failed("sendmsg");
  }
  return true;
}

Result<Message> receive_message(int socket) {
  Message result;
  // Not a vector, which would touch all of it.
  const std::unique_ptr<unsigned char[]> bytes(new unsigned char[kMaxMessage]);
  iovec part = {bytes.get(), kMaxMessage};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))];
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t n;
  do {
    n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (n < 0 && errno == EINTR);
  // ECONNRESET: the peer ended with something of ours unread.
  if (n < 0 && errno != ECONNRESET) return failed("recvmsg");
  if (n <= 0) {
    result.ended = true;
    return result;
  }
  result.bytes.assign(bytes.get(), bytes.get() + n);
  take_descriptors(&message, &result.descriptors);
  return result;
}

Result<UniqueFd> listen_in(int directory, const std::string& name) {
  Result<sockaddr_un> address = address_in(directory, name);
  if (!address.ok()) return address.error();
  UniqueFd fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd.ok()) return failed("socket", name);
  // The mode of the file that bind(2) makes comes from the socket's own, less the umask.
  if (fchmod(fd.get(), 0600) != 0) return failed("fchmod", name);
  if (bind(fd.get(), generic(address.value()), sizeof(sockaddr_un)) != 0)
    return failed("bind", name);
  if (listen(fd.get(), 1) != 0) return failed("listen", name);
  return fd;
}

Result<UniqueFd> connect_in(int directory, const std::string& name) {
  Result<sockaddr_un> address = address_in(directory, name);
  if (!address.ok()) return address.error();
  UniqueFd fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd.ok()) return failed("socket", name);
  if (connect(fd.get(), generic(address.value()), sizeof(sockaddr_un)) != 0) {
    return failed("connect", name);
  }
  return fd;
}

Result<UniqueFd> connect_stream(const std::string& path, int seconds) {
  size_t slash = path.rfind('/');
  std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  UniqueFd parent(open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!parent.ok()) return failed("open", directory);
  Result<sockaddr_un> address =
      address_in(parent.get(), slash == std::string::npos ? path : path.substr(slash + 1));
  if (!address.ok()) return address.error();
  UniqueFd stream(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!stream.ok()) return failed("socket", path);
  if (seconds > 0) {
    const timeval limit = {seconds, 0};
    for (int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      if (setsockopt(stream.get(), SOL_SOCKET, option, &limit, sizeof limit) != 0) {
        return failed("setsockopt", path);
      }
    }
  }
  if (connect(stream.get(), generic(address.value()), sizeof(sockaddr_un)) != 0) {
    return failed("connect", path);
  }
  return stream;
}

Result<bool> send_descriptor(const std::string& path, int fd, const std::string& name) {
  Result<UniqueFd> stream = connect_stream(path, 0);
  if (!stream.ok()) return stream.error();
  return send_once(stream.value().get(), name.data(), name.size(), {fd}) ? Result<bool>(true)
                                                                         : failed("sendmsg", path);
}

}  // namespace sampan
