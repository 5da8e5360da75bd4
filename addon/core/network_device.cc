#include "core/network_device.h"

#include <linux/if_addr.h>
#include <net/if.h>

#include "core/netlink.h"

namespace sampan {
namespace {

constexpr int kMostNumbers = 1000;

struct Link {
  int index = 0;
  bool up = false;
};

// What RTM_NEWADDR takes to make an address again.
struct Address {
  ifaddrmsg header = {};
  std::vector<unsigned char> attributes;
};

Result<Link> find(Netlink& netlink, const std::string& name) {
  NetlinkRequest request(RTM_GETLINK, 0, ifinfomsg{});
  request.add(IFLA_IFNAME, name);
  auto answers = netlink.call(request, name);
  if (!answers.ok()) return answers.error();
  ifinfomsg info;
  for (const NetlinkAnswer& answer : answers.value()) {
    if (answer.type != RTM_NEWLINK || !answer.header(&info)) continue;
    return Link{info.ifi_index, (info.ifi_flags & IFF_UP) != 0};
  }
  return Error{ENODEV, "rtnetlink", name};
}

// `name`, or the first of its pattern that is free.
Result<std::string> free_name(Netlink& netlink, const std::string& name) {
  const size_t hole = name.find("%d");
  for (int number = 0; number < kMostNumbers; number++) {
    std::string candidate = name;
    if (hole != std::string::npos) candidate.replace(hole, 2, std::to_string(number));
    if (candidate.size() >= IFNAMSIZ) return Error{ENAMETOOLONG, "rtnetlink", candidate};
    Result<Link> link = find(netlink, candidate);
    if (!link.ok()) {
      if (link.error().number == ENODEV) return candidate;
      return link.error();
    }
    if (hole == std::string::npos) break;
  }
  return Error{EEXIST, "rtnetlink", name};
}

uint32_t flags_of(const ifaddrmsg& header, const std::vector<unsigned char>& attributes) {
  uint32_t flags = header.ifa_flags;
  each_attribute(attributes.data(), attributes.size(),
                 [&](uint16_t type, const unsigned char* data, size_t size) {
                   if (type == IFA_FLAGS && size == sizeof flags) memcpy(&flags, data, size);
                 });
  return flags;
}

Result<std::vector<Address>> addresses_of(Netlink& netlink, const Link& link,
                                          const std::string& name) {
  NetlinkRequest request(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{});
  auto answers = netlink.call(request, name);
  if (!answers.ok()) return answers.error();
  std::vector<Address> addresses;
  for (const NetlinkAnswer& answer : answers.value()) {
    Address address;
    if (answer.type != RTM_NEWADDR || !answer.header(&address.header)) continue;
    if (address.header.ifa_index != static_cast<uint32_t>(link.index)) continue;
    if (address.header.ifa_scope != RT_SCOPE_UNIVERSE) continue;
    const auto start = answer.bytes.begin() + NLMSG_ALIGN(sizeof address.header);
    address.attributes.assign(start, answer.bytes.end());
    if ((flags_of(address.header, address.attributes) & IFA_F_PERMANENT) == 0) continue;
    addresses.push_back(std::move(address));
  }
  return addresses;
}

// Lifetimes, the label with the old name and what the kernel found out by itself stay behind.
bool belongs_to_address(uint16_t type) {
  switch (type) {
    case IFA_ADDRESS:
    case IFA_LOCAL:
    case IFA_BROADCAST:
    case IFA_RT_PRIORITY:
    case IFA_PROTO:
      return true;
    default:
      return false;
  }
}

Result<bool> give(Netlink& netlink, const Link& link, const Address& address,
                  const std::string& name) {
  constexpr uint32_t kKept = IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR |
                             IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN;
  ifaddrmsg header = address.header;
  header.ifa_index = static_cast<uint32_t>(link.index);
  header.ifa_flags = 0;
  NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, header);
  each_attribute(address.attributes.data(), address.attributes.size(),
                 [&](uint16_t type, const unsigned char* data, size_t size) {
                   if (belongs_to_address(type)) request.add(type, data, size);
                 });
  request.add(IFA_FLAGS, flags_of(address.header, address.attributes) & kKept);
  auto answers = netlink.call(request, name);
  if (!answers.ok()) return answers.error();
  return true;
}

Result<bool> set_up(Netlink& netlink, const Link& link, const std::string& name) {
  ifinfomsg header = {};
  header.ifi_index = link.index;
  header.ifi_flags = IFF_UP;
  header.ifi_change = IFF_UP;
  NetlinkRequest request(RTM_NEWLINK, 0, header);
  auto answers = netlink.call(request, name);
  if (!answers.ok()) return answers.error();
  return true;
}

// One side of a move.
struct Side {
  Netlink netlink;
  int ns;
};

Result<bool> transfer(Side& from, const Link& link, const Side& to, const std::string& old_name,
                      const std::string& new_name) {
  ifinfomsg header = {};
  header.ifi_index = link.index;
  NetlinkRequest request(RTM_NEWLINK, 0, header);
  request.add(IFLA_NET_NS_FD, static_cast<uint32_t>(to.ns));
  request.add(IFLA_IFNAME, new_name);
  auto moved = from.netlink.call(request, old_name);
  if (!moved.ok()) return moved.error();
  return true;
}

// What is left to do in the new namespace.
Result<bool> settle(Netlink& there, const std::string& name, const std::vector<Address>& addresses,
                    bool up) {
  Result<Link> link = find(there, name);
  if (!link.ok()) return link.error();
  for (const Address& address : addresses) {
    Result<bool> given = give(there, link.value(), address, name);
    if (!given.ok()) return given;
  }
  return up ? set_up(there, link.value(), name) : Result<bool>(true);
}

// As far as it goes: the failure that led here is what counts.
void put_back(Side& from, Side& to, const std::string& old_name, const std::string& new_name,
              const std::vector<Address>& addresses, bool up) {
  Result<Link> link = find(to.netlink, new_name);
  if (link.ok() && transfer(to, link.value(), from, new_name, old_name).ok()) {
    (void)settle(from.netlink, old_name, addresses, up);
  }
}

}  // namespace

Result<MovedDevice> move_network_device(const NetworkMove& move) {
  Result<Netlink> here = Netlink::open_in(move.from);
  if (!here.ok()) return here.error();
  Result<Netlink> there = Netlink::open_in(move.to);
  if (!there.ok()) return there.error();
  Side from = {std::move(here.value()), move.from};
  Side to = {std::move(there.value()), move.to};
  Result<Link> link = find(from.netlink, move.name);
  if (!link.ok()) return link.error();
  Result<std::string> name = free_name(to.netlink, move.new_name);
  if (!name.ok()) return name.error();
  auto addresses = addresses_of(from.netlink, link.value(), move.name);
  if (!addresses.ok()) return addresses.error();
  Result<bool> moved = transfer(from, link.value(), to, move.name, name.value());
  if (!moved.ok()) return moved.error();
  Result<bool> settled = settle(to.netlink, name.value(), addresses.value(), move.up);
  if (settled.ok()) return MovedDevice{name.value(), link.value().up};
  put_back(from, to, move.name, name.value(), addresses.value(), link.value().up);
  return settled.error();
}

}  // namespace sampan
