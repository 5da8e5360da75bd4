#include "engine/globals.h"

#include <time.h>

namespace sampan::engine {

namespace {

double milliseconds(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double start;

// As in High Resolution Time, from the moment that the engine was made.
JSValue now(JSContext* context, JSValueConst, int, JSValueConst*) {
  return JS_NewFloat64(context, milliseconds(CLOCK_MONOTONIC) - start);
}

// The bytes of a string, as a Uint8Array.
JSValue utf8_encode(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  size_t length = 0;
  const char* text = count < 1 ? nullptr : JS_ToCStringLen(context, &length, arguments[0]);
  if (text == nullptr) return JS_EXCEPTION;
  JSValue buffer = JS_NewArrayBufferCopy(context, reinterpret_cast<const uint8_t*>(text), length);
  JS_FreeCString(context, text);
  if (JS_IsException(buffer)) return buffer;
  JSValueConst whole[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(context, 3, whole, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(context, buffer);
  return array;
}

// The text in a typed array; what is no UTF-8 becomes U+FFFD.
JSValue utf8_decode(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  if (count < 1) return JS_ThrowTypeError(context, "no bytes");
  size_t offset = 0;
  size_t length = 0;
  size_t each = 0;
  JSValue buffer = JS_GetTypedArrayBuffer(context, arguments[0], &offset, &length, &each);
  if (JS_IsException(buffer)) return buffer;
  size_t all = 0;
  const uint8_t* bytes = JS_GetArrayBuffer(context, &all, buffer);
  JSValue text =
      length == 0 ? JS_NewStringLen(context, "", 0)
                  : JS_NewStringLen(context, reinterpret_cast<const char*>(bytes + offset), length);
  JS_FreeValue(context, buffer);
  return text;
}

// What import() gives for the embedded module of that name (scripts/bytecode.ts).
JSValue import_module(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  const char* name = count < 1 ? nullptr : JS_ToCString(context, arguments[0]);
  if (name == nullptr) return JS_EXCEPTION;
  JSValue promise = JS_LoadModule(context, "", name);
  JS_FreeCString(context, name);
  return promise;
}

void add(JSContext* context, JSValueConst object, const char* name, JSCFunction* function) {
  JS_SetPropertyStr(context, object, name, JS_NewCFunction(context, function, name, 1));
}

}  // namespace

void add_globals(JSContext* context, int argc, char** argv) {
  JSValue global = JS_GetGlobalObject(context);
  JSValue performance = JS_NewObject(context);
  start = milliseconds(CLOCK_MONOTONIC);
  add(context, performance, "now", now);
  JS_SetPropertyStr(context, performance, "timeOrigin",
                    JS_NewFloat64(context, milliseconds(CLOCK_REALTIME)));
  JS_SetPropertyStr(context, global, "performance", performance);
  add(context, global, "utf8Encode", utf8_encode);
  add(context, global, "utf8Decode", utf8_decode);
  add(context, global, "importModule", import_module);
  JSValue words = JS_NewArray(context);
  for (int i = 0; i < argc; i++) {
    JS_SetPropertyUint32(context, words, static_cast<uint32_t>(i), JS_NewString(context, argv[i]));
  }
  JS_SetPropertyStr(context, global, "sampanArguments", words);
  JS_FreeValue(context, global);
}

}  // namespace sampan::engine
