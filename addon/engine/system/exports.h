#pragma once

#include <napi.h>

void export_system(Napi::Env env, Napi::Object exports);
