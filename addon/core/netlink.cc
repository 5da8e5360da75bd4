#include "core/netlink.h"

#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>

namespace sampan {
namespace {

constexpr size_t kAnswerSize = 1 << 16;
constexpr int kMostErrno = 4095;  // MAX_ERRNO of the kernel

// setns(2) to a network namespace is for the calling thread alone.
struct Opening {
  int ns;
  int fd = -1;
  int error = 0;
  const char* call = "";
};

void* open_there(void* argument) {
  auto* opening = static_cast<Opening*>(argument);
  if (setns(opening->ns, CLONE_NEWNET) != 0) {
    opening->error = errno;
    opening->call = "setns";
    return nullptr;
  }
  opening->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  opening->error = opening->fd < 0 ? errno : 0;
  opening->call = "socket";
  return nullptr;
}

// What the kernel says of a refusal (NLMSGERR_ATTR_MSG): behind the error and the header of the
// request, of which NETLINK_CAP_ACK has the kernel leave out the rest.
std::string explanation(const unsigned char* data, size_t size) {
  std::string text;
  if (size < sizeof(nlmsgerr)) return text;
  each_attribute(data + sizeof(nlmsgerr), size - sizeof(nlmsgerr),
                 [&](uint16_t type, const unsigned char* value, size_t length) {
                   if (type != NLMSGERR_ATTR_MSG) return;
                   const auto* start = reinterpret_cast<const char*>(value);
                   text.assign(start, strnlen(start, length));
                 });
  return text;
}

}  // namespace

void NetlinkRequest::append(const void* data, size_t size) {
  if (!fits_ || size > sizeof buffer_ - size_) {
    fits_ = false;
    return;
  }
  memcpy(buffer_ + size_, data, size);
  // The buffer was zeroed, and its size is a multiple of the alignment.
  size_ += NLMSG_ALIGN(size);
}

void NetlinkRequest::add(uint16_t type, const void* data, size_t size) {
  if (size > sizeof buffer_ - sizeof(rtattr)) {
    fits_ = false;
    return;
  }
  rtattr head = {};
  head.rta_len = static_cast<uint16_t>(sizeof head + size);
  head.rta_type = type;
  append(&head, sizeof head);
  append(data, size);
}

const unsigned char* NetlinkRequest::finish(uint32_t sequence) {
  auto* head = reinterpret_cast<nlmsghdr*>(buffer_);
  head->nlmsg_len = static_cast<uint32_t>(size_);
  head->nlmsg_seq = sequence;
  return buffer_;
}

Result<Netlink> Netlink::open_in(int ns) {
  Opening opening = {ns};
  pthread_t thread;
  int error = pthread_create(&thread, nullptr, open_there, &opening);
  if (error != 0) return Error{error, "clone", "a thread"};
  pthread_join(thread, nullptr);
  if (opening.error != 0) return Error{opening.error, opening.call, "a network namespace"};
  Netlink netlink;
  netlink.socket_ = UniqueFd(opening.fd);
  int on = 1;
  for (int option : {NETLINK_EXT_ACK, NETLINK_CAP_ACK}) {
    (void)setsockopt(opening.fd, SOL_NETLINK, option, &on, sizeof on);
  }
  return netlink;
}

Result<std::vector<NetlinkAnswer>> Netlink::call(NetlinkRequest& request, const std::string& what) {
  if (!request.fits()) return Error{EMSGSIZE, "rtnetlink", what};
  const uint32_t sequence = ++sequence_;
  const unsigned char* message = request.finish(sequence);
  if (send(socket_.get(), message, request.size(), 0) < 0) return failed("sendmsg", what);
  NetlinkAnswers answers;
  std::vector<unsigned char> buffer(kAnswerSize);
  while (!answers.complete) {
    ssize_t received = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return failed("recvmsg", what);
    answers.read(buffer.data(), static_cast<size_t>(received), sequence);
  }
  if (answers.error == 0) return answers.list;
  if (!answers.words.empty()) answers.words.insert(0, ": ");
  return Error{answers.error, "rtnetlink", what + answers.words};
}

void NetlinkAnswers::read(const unsigned char* data, size_t size, uint32_t sequence) {
  while (!complete && size >= sizeof(nlmsghdr)) {
    nlmsghdr head;
    memcpy(&head, data, sizeof head);
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > size) return;
    const unsigned char* body = data + sizeof head;
    if (head.nlmsg_seq == sequence) take(head.nlmsg_type, body, head.nlmsg_len - sizeof head);
    const size_t step = NLMSG_ALIGN(size_t{head.nlmsg_len});
    if (step >= size) return;
    data += step;
    size -= step;
  }
}

void NetlinkAnswers::take(uint16_t type, const unsigned char* body, size_t size) {
  if (type != NLMSG_ERROR && type != NLMSG_DONE) {
    list.push_back({type, {body, body + size}});
    return;
  }
  int code = 0;
  if (size >= sizeof code) memcpy(&code, body, sizeof code);
  complete = true;
  if (code >= 0) return;
  error = code < -kMostErrno ? EBADMSG : -code;
  if (type == NLMSG_ERROR) words = explanation(body, size);
}

}  // namespace sampan
