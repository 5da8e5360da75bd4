#include "engine/globals.h"

#include <time.h>

#include "napi/utf8.h"

namespace sampan::engine {

namespace {

double milliseconds() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double start;
double made;

// As in High Resolution Time, from the beginning of main.
JSValue now(JSContext* context, JSValueConst, int, JSValueConst*) {
  return JS_NewFloat64(context, milliseconds() - start);
}

// When the engine was there, on the same clock.
JSValue when_made(JSContext* context, JSValueConst, int, JSValueConst*) {
  return JS_NewFloat64(context, made - start);
}

// The bytes of a string, as a Uint8Array.
JSValue utf8_encode(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  size_t length = 0;
  const char* text = count < 1 ? nullptr : JS_ToCStringLen(context, &length, arguments[0]);
  if (text == nullptr) return JS_EXCEPTION;
  JSValue buffer = JS_NewArrayBufferCopy(context, reinterpret_cast<const uint8_t*>(text), length);
  JS_FreeCString(context, text);
  if (JS_IsException(buffer)) return buffer;
  uint8_t* bytes = JS_GetArrayBuffer(context, &length, buffer);
  napi::replace_halves(bytes, length);
  JSValueConst whole[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(context, 3, whole, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(context, buffer);
  return array;
}

// The bytes behind a typed array, which hold as long as it does. False with an exception.
bool bytes_of(JSContext* context, JSValueConst array, uint8_t** bytes, size_t* length) {
  size_t offset = 0;
  size_t each = 0;
  JSValue buffer = JS_GetTypedArrayBuffer(context, array, &offset, length, &each);
  if (JS_IsException(buffer)) return false;
  size_t all = 0;
  uint8_t* first = JS_GetArrayBuffer(context, &all, buffer);
  *bytes = first == nullptr ? nullptr : first + offset;
  JS_FreeValue(context, buffer);
  return true;
}

// The text in a typed array; what is no UTF-8 becomes U+FFFD.
JSValue utf8_decode(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  uint8_t* bytes = nullptr;
  size_t length = 0;
  if (count < 1) return JS_ThrowTypeError(context, "no bytes");
  if (!bytes_of(context, arguments[0], &bytes, &length)) return JS_EXCEPTION;
  return JS_NewStringLen(context, length == 0 ? "" : reinterpret_cast<const char*>(bytes), length);
}

void add(JSContext* context, JSValueConst object, const char* name, JSCFunction* function) {
  JS_SetPropertyStr(context, object, name, JS_NewCFunction(context, function, name, 1));
}

}  // namespace

void start_clock() { start = milliseconds(); }

void add_globals(JSContext* context) {
  JSValue global = JS_GetGlobalObject(context);
  JSValue performance = JS_NewObject(context);
  add(context, performance, "now", now);
  const JSAtom name = JS_NewAtom(context, "made");
  JSValue getter = JS_NewCFunction(context, when_made, "made", 0);
  JS_DefinePropertyGetSet(context, performance, name, getter, JS_UNDEFINED, JS_PROP_ENUMERABLE);
  JS_FreeAtom(context, name);
  JS_SetPropertyStr(context, global, "performance", performance);
  add(context, global, "utf8Encode", utf8_encode);
  add(context, global, "utf8Decode", utf8_decode);
  JS_FreeValue(context, global);
}

JSValue call_main(JSContext* context, int argc, char** argv) {
  made = milliseconds();
  JSValue words = JS_NewArray(context);
  for (int i = 0; i < argc; i++) {
    JS_SetPropertyUint32(context, words, static_cast<uint32_t>(i), JS_NewString(context, argv[i]));
  }
  JSValue global = JS_GetGlobalObject(context);
  JSValue main = JS_GetPropertyStr(context, global, "sampanMain");
  JSValue promise = JS_Call(context, main, JS_UNDEFINED, 1, &words);
  JS_FreeValue(context, main);
  JS_FreeValue(context, global);
  JS_FreeValue(context, words);
  return promise;
}

}  // namespace sampan::engine
