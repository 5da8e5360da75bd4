// Requests to the kernel about network devices (netlink(7), rtnetlink(7)). Every length is checked:
// what is built never outgrows its buffer or a 16-bit attribute (CVE-2021-43784), what is read
// never leads out of its message.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <string>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan {

// A message under construction: a header of the protocol, then attributes.
class NetlinkRequest {
 public:
  template <class Header>
  NetlinkRequest(uint16_t type, uint16_t flags, const Header& header) {
    auto* head = reinterpret_cast<nlmsghdr*>(buffer_);
    head->nlmsg_type = type;
    head->nlmsg_flags = static_cast<uint16_t>(flags | NLM_F_REQUEST | NLM_F_ACK);
    append(&header, sizeof header);
  }

  void add(uint16_t type, const void* data, size_t size);
  void add(uint16_t type, const std::string& text) { add(type, text.c_str(), text.size() + 1); }
  void add(uint16_t type, uint32_t value) { add(type, &value, sizeof value); }

  // False when something did not fit: then the message is not to be sent.
  bool fits() const { return fits_; }
  // The finished message.
  const unsigned char* finish(uint32_t sequence);
  size_t size() const { return size_; }

 private:
  void append(const void* data, size_t size);

  alignas(nlmsghdr) unsigned char buffer_[1024] = {};
  size_t size_ = sizeof(nlmsghdr);
  bool fits_ = true;
};

// An answer without its netlink header.
struct NetlinkAnswer {
  uint16_t type = 0;
  std::vector<unsigned char> bytes;

  // The header of the protocol; false where the answer is too short for it.
  template <class Header>
  bool header(Header* out) const {
    if (bytes.size() < sizeof *out) return false;
    memcpy(out, bytes.data(), sizeof *out);
    return true;
  }
};

// What the kernel answers to one request, in one message or more.
struct NetlinkAnswers {
  std::vector<NetlinkAnswer> list;
  // The request was carried out or refused: no more messages come.
  bool complete = false;
  // errno of a refusal, and what the kernel says of it.
  int error = 0;
  std::string words;

  // Takes in a message of `size` bytes; what is for another request than `sequence` is passed over.
  void read(const unsigned char* data, size_t size, uint32_t sequence);

 private:
  void take(uint16_t type, const unsigned char* body, size_t size);
};

// Calls `visit(type, data, size)` for each whole attribute in `size` bytes.
template <class Visit>
void each_attribute(const unsigned char* data, size_t size, Visit&& visit) {
  while (size >= sizeof(rtattr)) {
    rtattr head;
    memcpy(&head, data, sizeof head);
    if (head.rta_len < sizeof head || head.rta_len > size) return;
    visit(static_cast<uint16_t>(head.rta_type & NLA_TYPE_MASK), data + sizeof head,
          size_t{head.rta_len} - sizeof head);
    const size_t step = RTA_ALIGN(size_t{head.rta_len});
    if (step >= size) return;
    data += step;
    size -= step;
  }
}

// A rtnetlink socket.
class Netlink {
 public:
  Netlink() = default;
  // In the network namespace behind `ns`, which only a thread of this call enters.
  static Result<Netlink> open_in(int ns);

  // Sends the request and collects what comes before the acknowledgement. What the kernel says of
  // a refusal is the error's path, else `what`.
  Result<std::vector<NetlinkAnswer>> call(NetlinkRequest& request, const std::string& what);

 private:
  UniqueFd socket_;
  uint32_t sequence_ = 0;
};

}  // namespace sampan
