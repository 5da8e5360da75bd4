// Messages to and from rtnetlink(7), with lengths that do not fit (CVE-2021-43784).

#include "core/netlink.h"

#include <linux/if_link.h>

#include "testing/check.h"

namespace {

using namespace sampan;

int count_attributes(const std::vector<unsigned char>& bytes) {
  int count = 0;
  each_attribute(bytes.data(), bytes.size(), [&](uint16_t, const unsigned char* data, size_t size) {
    // Reads each byte, for the sanitizer to see.
    unsigned sum = 0;
    for (size_t i = 0; i < size; i++) sum += data[i];
    count += sum == 12345678 ? 2 : 1;
  });
  return count;
}

std::vector<unsigned char> attribute(uint16_t length, std::vector<unsigned char> rest) {
  std::vector<unsigned char> bytes(4);
  const uint16_t type = IFLA_IFNAME;
  memcpy(bytes.data(), &length, 2);
  memcpy(bytes.data() + 2, &type, 2);
  bytes.insert(bytes.end(), rest.begin(), rest.end());
  return bytes;
}

void reads_only_whole_attributes() {
  CHECK(count_attributes({}) == 0);
  CHECK(count_attributes({1, 2, 3}) == 0);
  CHECK(count_attributes(attribute(4, {})) == 1);
  CHECK(count_attributes(attribute(5, {'a', 0, 0, 0})) == 1);
  CHECK(count_attributes(attribute(5, {'a'})) == 1);
  // A length of nothing would go on for ever, one too long out of the message.
  CHECK(count_attributes(attribute(0, {0, 0, 0, 0})) == 0);
  CHECK(count_attributes(attribute(3, {0, 0, 0, 0})) == 0);
  CHECK(count_attributes(attribute(9, {0, 0, 0, 0})) == 0);
  CHECK(count_attributes(attribute(0xffff, {0, 0, 0, 0})) == 0);
}

void never_sends_what_does_not_fit() {
  for (const size_t size :
       {size_t{1000}, size_t{1020}, size_t{65532}, size_t{65533}, size_t{65600}}) {
    NetlinkRequest request(RTM_NEWLINK, 0, ifinfomsg{});
    const size_t before = request.size();
    request.add(IFLA_IFNAME, std::string(size, 'x'));
    CHECK(!request.fits());
    CHECK(request.size() <= before + sizeof(rtattr));
    request.add(IFLA_IFNAME, std::string("eth0"));
    CHECK(!request.fits());
  }
  NetlinkRequest request(RTM_NEWLINK, 0, ifinfomsg{});
  for (int i = 0; i < 1000; i++) request.add(IFLA_IFNAME, std::string("eth0"));
  CHECK(!request.fits());
  CHECK(request.size() <= 1024);
}

void writes_lengths_as_they_are() {
  NetlinkRequest request(RTM_NEWLINK, 0, ifinfomsg{});
  request.add(IFLA_IFNAME, std::string("veth1"));
  request.add(IFLA_MTU, 1400);
  CHECK(request.fits());
  const unsigned char* bytes = request.finish(7);
  nlmsghdr head;
  memcpy(&head, bytes, sizeof head);
  CHECK(head.nlmsg_len == request.size());
  CHECK(head.nlmsg_seq == 7);
  const size_t start = sizeof head + sizeof(ifinfomsg);
  int names = 0;
  each_attribute(bytes + start, request.size() - start,
                 [&](uint16_t type, const unsigned char* data, size_t size) {
                   if (type == IFLA_IFNAME) names += size == 6 && memcmp(data, "veth1", 6) == 0;
                   if (type == IFLA_MTU) names += size == 4;
                 });
  CHECK(names == 2);
}

}  // namespace

int main() {
  reads_only_whole_attributes();
  never_sends_what_does_not_fit();
  writes_lengths_as_they_are();
  return sampan::testing::failures == 0 ? 0 : 1;
}
