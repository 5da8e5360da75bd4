// Network interfaces with their addresses.

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "probe.h"

namespace probe {
namespace {

short flags_of(const char* name) {
  ifreq request{};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ioctl(fd, SIOCGIFFLAGS, &request);
  close(fd);
  return request.ifr_flags;
}

// `10.0.0.1`, `fe80::1`; nothing for an address of another family.
std::string address(const sockaddr* found) {
  char text[INET6_ADDRSTRLEN];
  const void* bytes = nullptr;
  if (found == nullptr) return "";
  if (found->sa_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(found)->sin_addr;
  } else if (found->sa_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(found)->sin6_addr;
  }
  if (bytes == nullptr || inet_ntop(found->sa_family, bytes, text, sizeof text) == nullptr)
    return "";
  return text;
}

void print_interfaces(Json& json, Argument) {
  struct if_nameindex* names = if_nameindex();
  if (names == nullptr) return void(json.error(errno));
  ifaddrs* addresses = nullptr;
  if (getifaddrs(&addresses) != 0) addresses = nullptr;
  json.open('{');
  for (const struct if_nameindex* entry = names; entry->if_index != 0; entry++) {
    std::vector<std::string> found;
    for (const ifaddrs* one = addresses; one != nullptr; one = one->ifa_next) {
      const std::string text = address(one->ifa_addr);
      if (strcmp(one->ifa_name, entry->if_name) == 0 && !text.empty()) found.push_back(text);
    }
    json.key(entry->if_name).open('{').key("up").flag((flags_of(entry->if_name) & IFF_UP) != 0);
    json.key("addresses").texts(found).close('}');
  }
  json.close('}');
  if (addresses != nullptr) freeifaddrs(addresses);
  if_freenameindex(names);
}

}  // namespace

const Section kNetworkSections[] = {
    {"interfaces", print_interfaces},
    {"", nullptr},
};

}  // namespace probe
