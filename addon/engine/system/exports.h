// The module sampan:system, on which src/engine stands: system calls whose errors look as Node's
// do.
#pragma once

#include <napi.h>

void export_system(Napi::Env env, Napi::Object exports);

namespace sampan::system {

// What each file adds to it.
void export_contents(Napi::Env env, Napi::Object exports);
void export_descriptors(Napi::Env env, Napi::Object exports);
void export_entries(Napi::Env env, Napi::Object exports);
void export_folders(Napi::Env env, Napi::Object exports);
void export_process(Napi::Env env, Napi::Object exports);
void export_programs(Napi::Env env, Napi::Object exports);

}  // namespace sampan::system
