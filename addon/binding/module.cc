// The module: every binding file adds its functions.

#include <napi.h>

#include "binding/exports.h"

namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  export_seccomp(env, exports);
  export_spawn(env, exports);
  export_sockets(env, exports);
  export_processes(env, exports);
  export_cgroup(env, exports);
  export_network(env, exports);
  export_plans(env, exports);
  export_encode(env, exports);
  export_mounts(env, exports);
  export_waiting(env, exports);
  export_tracing(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(sampan, initialise)
