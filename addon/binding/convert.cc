#include "binding/convert.h"

#include "core/error_text.h"

namespace sampan::binding {

Napi::Value throw_error(Napi::Env env, const Error& error) {
  std::string message = std::string(error.syscall) + ": " + error_text(error.number);
  if (!error.path.empty()) message += ": " + error.path;
  Napi::Error thrown = Napi::Error::New(env, message);
  Napi::Object value = thrown.Value();
  value.Set("syscall", error.syscall);
  value.Set("code", error_name(error.number));
  value.Set("errno", error.number);
  if (!error.path.empty()) value.Set("path", error.path);
  thrown.ThrowAsJavaScriptException();
  return env.Undefined();
}

Napi::Value throw_misuse(Napi::Env env, const char* message) {
  Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  return env.Undefined();
}

bool get(const Napi::Value& value, int* out) {
  if (!value.IsNumber()) return false;
  *out = value.As<Napi::Number>().Int32Value();
  return true;
}

bool get(const Napi::Value& value, std::string* out) {
  if (!value.IsString()) return false;
  *out = value.As<Napi::String>().Utf8Value();
  return true;
}

namespace {

template <class Item>
bool get_list(const Napi::Value& value, std::vector<Item>* out) {
  if (!value.IsArray()) return false;
  auto array = value.As<Napi::Array>();
  out->resize(array.Length());
  for (uint32_t i = 0; i < array.Length(); i++) {
    if (!get(Napi::Value(array[i]), &(*out)[i])) return false;
  }
  return true;
}

}  // namespace

bool get(const Napi::Value& value, std::vector<int>* out) {
  return value.IsUndefined() || get_list(value, out);
}

bool get(const Napi::Value& value, std::vector<std::string>* out) { return get_list(value, out); }

bool get(const Napi::Value& value, ByteSpan* out) {
  if (!value.IsTypedArray()) return false;
  auto array = value.As<Napi::Uint8Array>();
  *out = {array.Data(), array.ByteLength()};
  return true;
}

}  // namespace sampan::binding
