#include "engine/system/exports.h"

void export_system(Napi::Env env, Napi::Object exports) {
  using namespace sampan::system;
  export_contents(env, exports);
  export_descriptors(env, exports);
  export_entries(env, exports);
  export_folders(env, exports);
  export_process(env, exports);
  export_programs(env, exports);
}
