// Between JavaScript values and the core's: arguments are checked here, once, and a core Error
// becomes a thrown one with `syscall`, `code`, `errno` and `path`.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "core/result.h"
#include "core/unique_fd.h"

namespace sampan::binding {

// Throws `error` in JavaScript; the value is there to be returned.
Napi::Value throw_error(Napi::Env env, const Error& error);
// Throws a TypeError: a mistake of the calling TypeScript, not of a user.
Napi::Value throw_misuse(Napi::Env env, const char* message);

// False where a value is not of the type asked for.
bool get(const Napi::Value& value, int* out);
bool get(const Napi::Value& value, std::string* out);
bool get(const Napi::Value& value, std::vector<int>* out);
bool get(const Napi::Value& value, std::vector<std::string>* out);

struct ByteSpan {
  const uint8_t* data = nullptr;
  size_t size = 0;
};
// Valid as long as the JavaScript value is.
bool get(const Napi::Value& value, ByteSpan* out);

// All arguments at once, in order; false when one does not fit.
template <class... Out>
bool arguments(const Napi::CallbackInfo& info, Out*... out) {
  size_t i = 0;
  return (get(info[i++], out) && ...);
}

// What a call without a value gives back, or the thrown error.
inline Napi::Value done(Napi::Env env, const Result<bool>& result) {
  return result.ok() ? env.Undefined() : throw_error(env, result.error());
}

// The descriptor, now JavaScript's to close.
inline Napi::Value hand_over(Napi::Env env, Result<UniqueFd> result) {
  if (!result.ok()) return throw_error(env, result.error());
  return Napi::Number::New(env, result.value().release());
}

}  // namespace sampan::binding
