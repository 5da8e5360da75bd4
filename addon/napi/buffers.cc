// Bytes: ArrayBuffer and the typed arrays.

#include <string.h>

#include "napi/environment.h"

using sampan::napi::failed;
using sampan::napi::give;
using sampan::napi::outcome;
using sampan::napi::value_of;

namespace {

struct Kind {
  napi_typedarray_type node;
  JSTypedArrayEnum engine;
  const char* name;
  size_t bytes;
};

constexpr Kind kinds[] = {
    {napi_uint8_array, JS_TYPED_ARRAY_UINT8, "Uint8Array", 1},
    {napi_uint32_array, JS_TYPED_ARRAY_UINT32, "Uint32Array", 4},
    {napi_int32_array, JS_TYPED_ARRAY_INT32, "Int32Array", 4},
    {napi_float64_array, JS_TYPED_ARRAY_FLOAT64, "Float64Array", 8},
};

JSValue constructor(JSContext* context, const char* name) {
  JSValue global = JS_GetGlobalObject(context);
  JSValue found = JS_GetPropertyStr(context, global, name);
  JS_FreeValue(context, global);
  return found;
}

// Which of `kinds` a value is an instance of, or null.
const Kind* kind_of(JSContext* context, JSValueConst value) {
  if (!JS_IsObject(value)) return nullptr;
  for (const Kind& kind : kinds) {
    JSValue made_by = constructor(context, kind.name);
    const bool is = JS_IsInstanceOf(context, value, made_by) > 0;
    JS_FreeValue(context, made_by);
    if (is) return &kind;
  }
  return nullptr;
}

}  // namespace

napi_status napi_create_arraybuffer(napi_env env, size_t size, void** data, napi_value* result) {
  JSValue length = JS_NewInt64(env->context, static_cast<int64_t>(size));
  JSValue made_by = constructor(env->context, "ArrayBuffer");
  JSValue buffer = JS_CallConstructor(env->context, made_by, 1, &length);
  JS_FreeValue(env->context, made_by);
  if (JS_IsException(buffer)) return failed(env);
  size_t actual = 0;
  if (data != nullptr) *data = JS_GetArrayBuffer(env->context, &actual, buffer);
  return give(env, buffer, result);
}

napi_status napi_get_arraybuffer_info(napi_env env, napi_value buffer, void** data, size_t* size) {
  size_t actual = 0;
  uint8_t* bytes = JS_GetArrayBuffer(env->context, &actual, value_of(env, buffer));
  if (bytes == nullptr && actual != 0) return failed(env);
  if (data != nullptr) *data = bytes;
  if (size != nullptr) *size = actual;
  return outcome(env, napi_ok);
}

napi_status napi_create_typedarray(napi_env env, napi_typedarray_type type, size_t length,
                                   napi_value buffer, size_t offset, napi_value* result) {
  for (const Kind& kind : kinds) {
    if (kind.node != type) continue;
    JSValueConst arguments[] = {
        value_of(env, buffer),
        JS_NewInt64(env->context, static_cast<int64_t>(offset)),
        JS_NewInt64(env->context, static_cast<int64_t>(length)),
    };
    return give(env, JS_NewTypedArray(env->context, 3, arguments, kind.engine), result);
  }
  return outcome(env, napi_invalid_arg);
}

// Node's Buffer is a Uint8Array, and nothing here asks for more.
napi_status napi_create_buffer_copy(napi_env env, size_t size, const void* data, void** copy,
                                    napi_value* result) {
  JSValue buffer = JS_NewArrayBufferCopy(env->context, static_cast<const uint8_t*>(data), size);
  if (JS_IsException(buffer)) return failed(env);
  size_t actual = 0;
  if (copy != nullptr) *copy = JS_GetArrayBuffer(env->context, &actual, buffer);
  JSValueConst arguments[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(env->context, 3, arguments, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(env->context, buffer);
  return give(env, array, result);
}

napi_status napi_is_typedarray(napi_env env, napi_value value, bool* result) {
  *result = kind_of(env->context, value_of(env, value)) != nullptr;
  return outcome(env, napi_ok);
}

napi_status napi_get_typedarray_info(napi_env env, napi_value array, napi_typedarray_type* type,
                                     size_t* length, void** data, napi_value* buffer,
                                     size_t* offset) {
  const Kind* kind = kind_of(env->context, value_of(env, array));
  if (kind == nullptr) return outcome(env, napi_invalid_arg);
  size_t start = 0;
  size_t bytes = 0;
  size_t each = 0;
  JSValue whole = JS_GetTypedArrayBuffer(env->context, value_of(env, array), &start, &bytes, &each);
  if (JS_IsException(whole)) return failed(env);
  size_t all = 0;
  uint8_t* first = JS_GetArrayBuffer(env->context, &all, whole);
  if (type != nullptr) *type = kind->node;
  if (length != nullptr) *length = bytes / kind->bytes;
  if (data != nullptr) *data = first == nullptr ? nullptr : first + start;
  if (offset != nullptr) *offset = start;
  if (buffer == nullptr) {
    JS_FreeValue(env->context, whole);
    return outcome(env, napi_ok);
  }
  return give(env, whole, buffer);
}
