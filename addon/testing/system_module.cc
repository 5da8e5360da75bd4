// sampan:system as an addon of Node.

#include <napi.h>

#include "engine/system/exports.h"

namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  export_system(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(system, initialise)
