// What each binding file adds to the module's exports; module.cc calls them all.

#ifndef SAMPAN_BINDING_EXPORTS_H_
#define SAMPAN_BINDING_EXPORTS_H_

#include <napi.h>

void export_seccomp(Napi::Env env, Napi::Object exports);
void export_spawn(Napi::Env env, Napi::Object exports);
void export_sockets(Napi::Env env, Napi::Object exports);
void export_processes(Napi::Env env, Napi::Object exports);
void export_cgroup(Napi::Env env, Napi::Object exports);
void export_network(Napi::Env env, Napi::Object exports);
void export_plans(Napi::Env env, Napi::Object exports);
void export_encode(Napi::Env env, Napi::Object exports);
void export_mounts(Napi::Env env, Napi::Object exports);
void export_waiting(Napi::Env env, Napi::Object exports);
void export_tracing(Napi::Env env, Napi::Object exports);

#endif  // SAMPAN_BINDING_EXPORTS_H_
