// The part of Node-API that the binding uses, on QuickJS: the same binding is an addon under Node
// and a part of the executable. Semantics: https://nodejs.org/api/n-api.html.
#pragma once

#include <node_api.h>
#include <quickjs.h>

#include <vector>

// A JavaScript function made of a native one.
struct NativeFunction {
  napi_callback call;
  void* data;
};

struct napi_env__ {
  JSContext* context;
  // Values that native code holds; a napi_value is a place in here, counted from 1.
  std::vector<JSValue> handles;
  std::vector<NativeFunction> functions;
  // What was thrown and not yet caught; JS_UNINITIALIZED when nothing was.
  JSValue exception = JS_UNINITIALIZED;
  napi_extended_error_info last = {};
};

struct napi_callback_info__ {
  JSValueConst self;
  int count;
  JSValueConst* arguments;
  void* data;
};

struct napi_ref__ {
  JSValue value;
};

namespace sampan::napi {

// The environment of a context; made when first asked for.
napi_env environment(JSContext* context);

// The value behind a handle; it stays the handle's.
JSValueConst value_of(napi_env env, napi_value handle);

// A handle that owns `value`.
napi_value handle_of(napi_env env, JSValue value);

// Gives up all handles but the oldest `keep`.
void release_handles(napi_env env, size_t keep);

inline bool threw(napi_env env) { return !JS_IsUninitialized(env->exception); }

// Remembers the outcome for napi_get_last_error_info.
napi_status outcome(napi_env env, napi_status status);

// An engine call failed: its exception waits from now on in the environment.
napi_status failed(napi_env env);

// Gives `value` out by `result`; an exception becomes pending.
napi_status give(napi_env env, JSValue value, napi_value* result);

}  // namespace sampan::napi
