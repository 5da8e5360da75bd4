// Moving a network device from one network namespace to another (config-linux.md#network-devices).
#pragma once

#include <string>

#include "core/result.h"

namespace sampan {

struct NetworkMove {
  // Descriptors of the two network namespaces.
  int from = -1;
  int to = -1;
  std::string name;
  // Its name there; `%d` at its end stands for the first number that is free.
  std::string new_name;
  // Whether it is set up there.
  bool up = true;
};

struct MovedDevice {
  std::string name;
  bool was_up = false;
};

// Moves and renames the device; what the kernel does not carry over by itself is restored: the
// permanent addresses of global scope. EEXIST where the name is taken, and then nothing was moved.
Result<MovedDevice> move_network_device(const NetworkMove& move);

}  // namespace sampan
