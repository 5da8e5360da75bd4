#include "init/channel.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "program/end.h"

namespace sampan::init {
namespace {

inline constexpr size_t kHeaderSize = 16;
inline constexpr size_t kMaxPlan = 64u << 20;

ssize_t receive(int socket, void* data, size_t size, int flags) {
  ssize_t n;
  do {
    n = recv(socket, data, size, flags);
  } while (n < 0 && errno == EINTR);
  return n;
}

// Appends `text` and its NUL; cuts what does not fit.
size_t append(char* buffer, size_t at, size_t size, const char* text) {
  const size_t length = text == nullptr ? 0 : strnlen(text, size - at - 1);
  if (length > 0) memcpy(buffer + at, text, length);
  buffer[at + length] = '\0';
  return at + length + 1;
}

}  // namespace

void Channel::send_failure(uint32_t index, const Status& status) {
  char message[12 + 4 * 1100];
  uint32_t head[3] = {static_cast<uint32_t>(Report::kFailed), index,
                      static_cast<uint32_t>(status.error)};
  memcpy(message, head, sizeof head);
  size_t at = append(message, 12, 12 + 100, status.syscall);
  at = append(message, at, at + 2000, status.path);
  at = append(message, at, at + 1000, status.detail);
  at = append(message, at, at + 200, status.pointer);
  (void)::send(socket_.get(), message, at, MSG_NOSIGNAL);
}

Status Channel::send(Report kind, uint32_t value, int fd) {
  uint32_t words[2] = {static_cast<uint32_t>(kind), value};
  iovec part = {words, sizeof words};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
  }
  return sendmsg(socket_.get(), &message, MSG_NOSIGNAL) < 0 ? failed("sendmsg") : kOk;
}

void Channel::await_go() {
  char word;
  if (receive(socket_.get(), &word, 1, 0) != 1 || word != 'g') end_process(1);
}

Received receive_plan(int socket) {
  uint32_t header[kHeaderSize / 4];
  if (receive(socket, header, sizeof header, MSG_PEEK) != sizeof header) return {};
  size_t total = header[3];
  if (total < kHeaderSize || total > kMaxPlan) return {};
  // A string of the plan takes five bytes at least. What is not used costs nothing.
  const size_t lists = (total + sizeof(char*) - 1) / sizeof(char*) * sizeof(char*);
  const size_t size = lists + (total / 5 + 8) * sizeof(char*);
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return {};
  auto* bytes = static_cast<unsigned char*>(memory);
  for (size_t at = 0; at < total;) {
    ssize_t n = receive(socket, bytes + at, total - at, 0);
    if (n <= 0) return {};
    at += static_cast<size_t>(n);
  }
  return {bytes, total, reinterpret_cast<char**>(bytes + lists)};
}

}  // namespace sampan::init
