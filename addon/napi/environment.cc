#include "napi/environment.h"

#include <stdint.h>
#include <unistd.h>

namespace sampan::napi {

napi_env environment(JSContext* context) {
  auto* env = static_cast<napi_env>(JS_GetContextOpaque(context));
  if (env != nullptr) return env;
  env = new napi_env__{.context = context};
  env->handles.reserve(64);
  JS_SetContextOpaque(context, env);
  return env;
}

JSValueConst value_of(napi_env env, napi_value handle) {
  return env->handles[reinterpret_cast<uintptr_t>(handle) - 1];
}

napi_value handle_of(napi_env env, JSValue value) {
  env->handles.push_back(value);
  return reinterpret_cast<napi_value>(env->handles.size());
}

void release_handles(napi_env env, size_t keep) {
  while (env->handles.size() > keep) {
    JS_FreeValue(env->context, env->handles.back());
    env->handles.pop_back();
  }
}

napi_status outcome(napi_env env, napi_status status) {
  env->last.error_code = status;
  return status;
}

napi_status failed(napi_env env) {
  JSValue exception = JS_GetException(env->context);
  if (threw(env)) {
    JS_FreeValue(env->context, exception);
  } else {
    env->exception = exception;
  }
  return outcome(env, napi_pending_exception);
}

napi_status give(napi_env env, JSValue value, napi_value* result) {
  if (JS_IsException(value)) return failed(env);
  *result = handle_of(env, value);
  return outcome(env, napi_ok);
}

}  // namespace sampan::napi

using sampan::napi::outcome;

napi_status napi_get_last_error_info(node_api_basic_env env,
                                     const napi_extended_error_info** result) {
  *result = &env->last;
  return napi_ok;
}

napi_status napi_open_handle_scope(napi_env env, napi_handle_scope* result) {
  *result = reinterpret_cast<napi_handle_scope>(env->handles.size() + 1);
  return outcome(env, napi_ok);
}

napi_status napi_close_handle_scope(napi_env env, napi_handle_scope scope) {
  sampan::napi::release_handles(env, reinterpret_cast<uintptr_t>(scope) - 1);
  return outcome(env, napi_ok);
}

napi_status napi_create_reference(napi_env env, napi_value value, uint32_t /*count*/,
                                  napi_ref* result) {
  JSValue held = JS_DupValue(env->context, sampan::napi::value_of(env, value));
  *result = new napi_ref__{held};
  return outcome(env, napi_ok);
}

napi_status napi_delete_reference(node_api_basic_env env, napi_ref ref) {
  JS_FreeValue(env->context, ref->value);
  delete ref;
  return outcome(env, napi_ok);
}

napi_status napi_get_reference_value(napi_env env, napi_ref ref, napi_value* result) {
  return sampan::napi::give(env, JS_DupValue(env->context, ref->value), result);
}

// What native code keeps for as long as an object lives is kept for good: a command is short.
napi_status napi_add_finalizer(napi_env env, napi_value, void*, node_api_basic_finalize, void*,
                               napi_ref* result) {
  if (result != nullptr) *result = nullptr;
  return outcome(env, napi_ok);
}
