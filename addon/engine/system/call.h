// What the functions of this folder share: arguments, and errors as Node throws them.
#pragma once

#include <napi.h>

#include <string>

#include "binding/convert.h"

namespace sampan::system {

using binding::ByteSpan;
using binding::get;
using binding::throw_misuse;

// A path: a text without NUL, with which the kernel would see another one.
struct Path {
  std::string text;
  const char* c_str() const { return text.c_str(); }
};
bool get(const Napi::Value& value, Path* out);

// open(2), close-on-exec. Not by open(3): musl's asks the kernel for close-on-exec twice.
int open_path(const Path& path, int flags, int mode = 0);

// A path, or a descriptor that is open already.
struct File {
  Path path;
  int descriptor = -1;
};
bool get(const Napi::Value& value, File* out);

// What is to be written: a text, which is kept here, or bytes.
struct Data {
  std::string text;
  ByteSpan bytes;
};
bool get(const Napi::Value& value, Data* out);

// Throws the error of a call that has just failed: `ENOENT: no such file or directory, open
// 'PATH'`, with `code`, `errno` (negative), `syscall`, and `path` and `dest` where there are.
Napi::Value refuse(Napi::Env env, const char* syscall, const std::string* path = nullptr,
                   const std::string* destination = nullptr);

// All arguments at once; false when one does not fit.
template <class... Out>
bool take(const Napi::CallbackInfo& info, Out*... out) {
  size_t i = 0;
  return (get(info[i++], out) && ...);
}

}  // namespace sampan::system
