// Plain values in and out.

#include <math.h>
#include <string.h>

#include "napi/environment.h"
#include "napi/utf8.h"

using sampan::napi::failed;
using sampan::napi::give;
using sampan::napi::outcome;
using sampan::napi::value_of;

napi_status napi_get_undefined(napi_env env, napi_value* result) {
  return give(env, JS_UNDEFINED, result);
}

napi_status napi_get_null(napi_env env, napi_value* result) { return give(env, JS_NULL, result); }

napi_status napi_get_boolean(napi_env env, bool value, napi_value* result) {
  return give(env, JS_NewBool(env->context, value), result);
}

napi_status napi_create_double(napi_env env, double value, napi_value* result) {
  // Small whole numbers are what arrays and comparisons are quick with.
  const bool whole = value >= INT32_MIN && value <= INT32_MAX && value == trunc(value) &&
                     !(value == 0 && signbit(value));
  return give(env,
              whole ? JS_NewInt32(env->context, static_cast<int32_t>(value))
                    : JS_NewFloat64(env->context, value),
              result);
}

napi_status napi_create_bigint_int64(napi_env env, int64_t value, napi_value* result) {
  return give(env, JS_NewBigInt64(env->context, value), result);
}

napi_status napi_create_bigint_uint64(napi_env env, uint64_t value, napi_value* result) {
  return give(env, JS_NewBigUint64(env->context, value), result);
}

napi_status napi_create_string_utf8(napi_env env, const char* text, size_t length,
                                    napi_value* result) {
  if (length == NAPI_AUTO_LENGTH) length = strlen(text);
  return give(env, JS_NewStringLen(env->context, text, length), result);
}

napi_status napi_typeof(napi_env env, napi_value value, napi_valuetype* result) {
  JSValueConst it = value_of(env, value);
  if (JS_IsUndefined(it)) {
    *result = napi_undefined;
  } else if (JS_IsNull(it)) {
    *result = napi_null;
  } else if (JS_IsBool(it)) {
    *result = napi_boolean;
  } else if (JS_IsNumber(it)) {
    *result = napi_number;
  } else if (JS_IsString(it)) {
    *result = napi_string;
  } else if (JS_IsSymbol(it)) {
    *result = napi_symbol;
  } else if (JS_IsBigInt(env->context, it)) {
    *result = napi_bigint;
  } else {
    *result = JS_IsFunction(env->context, it) ? napi_function : napi_object;
  }
  return outcome(env, napi_ok);
}

napi_status napi_get_value_bool(napi_env env, napi_value value, bool* result) {
  JSValueConst it = value_of(env, value);
  if (!JS_IsBool(it)) return outcome(env, napi_boolean_expected);
  *result = JS_ToBool(env->context, it) != 0;
  return outcome(env, napi_ok);
}

napi_status napi_get_value_int32(napi_env env, napi_value value, int32_t* result) {
  JSValueConst it = value_of(env, value);
  if (!JS_IsNumber(it)) return outcome(env, napi_number_expected);
  JS_ToInt32(env->context, result, it);
  return outcome(env, napi_ok);
}

napi_status napi_get_value_int64(napi_env env, napi_value value, int64_t* result) {
  JSValueConst it = value_of(env, value);
  if (!JS_IsNumber(it)) return outcome(env, napi_number_expected);
  JS_ToInt64(env->context, result, it);
  return outcome(env, napi_ok);
}

napi_status napi_get_value_double(napi_env env, napi_value value, double* result) {
  JSValueConst it = value_of(env, value);
  if (!JS_IsNumber(it)) return outcome(env, napi_number_expected);
  JS_ToFloat64(env->context, result, it);
  return outcome(env, napi_ok);
}

napi_status napi_get_value_string_utf8(napi_env env, napi_value value, char* buffer, size_t size,
                                       size_t* result) {
  JSValueConst it = value_of(env, value);
  if (!JS_IsString(it)) return outcome(env, napi_string_expected);
  size_t length = 0;
  const char* text = JS_ToCStringLen(env->context, &length, it);
  if (text == nullptr) return failed(env);
  if (buffer == nullptr) {
    *result = length;
  } else if (size > 0) {
    const size_t copied = length < size ? length : size - 1;
    memcpy(buffer, text, copied);
    buffer[copied] = '\0';
    sampan::napi::replace_halves(reinterpret_cast<uint8_t*>(buffer), copied);
    if (result != nullptr) *result = copied;
  }
  JS_FreeCString(env->context, text);
  return outcome(env, napi_ok);
}
