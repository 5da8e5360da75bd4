// Answers of the kernel, whatever they hold: nothing outside them is read, their reading ends, and
// what is taken from them fits into a request.

#include <linux/if_addr.h>

#include <algorithm>

#include "core/netlink.h"

namespace {

using namespace sampan;

// Every attribute of an answer into a request, as addresses are carried over.
void carry_over(const NetlinkAnswer& answer) {
  ifaddrmsg header;
  if (!answer.header(&header)) return;
  NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE, header);
  const unsigned char* start = answer.bytes.data() + sizeof header;
  each_attribute(start, answer.bytes.size() - sizeof header,
                 [&](uint16_t type, const unsigned char* data, size_t size) {
                   request.add(type, data, size);
                   if (request.size() > 1024) __builtin_trap();
                 });
  if (!request.fits()) return;
  nlmsghdr head;
  memcpy(&head, request.finish(1), sizeof head);
  if (head.nlmsg_len != request.size()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr uint32_t kSequence = 1;
  NetlinkAnswers answers;
  // In messages of a size that the first byte says.
  const size_t each = size == 0 ? 0 : size_t{16} + data[0];
  for (size_t at = 1; at < size && !answers.complete; at += each) {
    const std::vector<unsigned char> message(data + at, data + at + std::min(each, size - at));
    answers.read(message.data(), message.size(), kSequence);
  }
  if (answers.error < 0 || answers.error > 4095) __builtin_trap();
  if (answers.error != 0 && !answers.complete) __builtin_trap();
  for (const NetlinkAnswer& answer : answers.list) carry_over(answer);
  return 0;
}
