// Exceptions.

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "napi/environment.h"

using sampan::napi::failed;
using sampan::napi::give;
using sampan::napi::outcome;
using sampan::napi::value_of;

namespace {

// `new NAME(message)`, with `code` if there is one.
napi_status create_error(napi_env env, const char* name, napi_value code, napi_value message,
                         napi_value* result) {
  JSContext* context = env->context;
  JSValue global = JS_GetGlobalObject(context);
  JSValue constructor = JS_GetPropertyStr(context, global, name);
  JSValueConst argument = value_of(env, message);
  JSValue error = JS_CallConstructor(context, constructor, 1, &argument);
  JS_FreeValue(context, constructor);
  JS_FreeValue(context, global);
  if (JS_IsException(error)) return failed(env);
  if (code != nullptr) {
    JS_SetPropertyStr(context, error, "code", JS_DupValue(context, value_of(env, code)));
  }
  return give(env, error, result);
}

}  // namespace

napi_status napi_create_error(napi_env env, napi_value code, napi_value message,
                              napi_value* result) {
  return create_error(env, "Error", code, message, result);
}

napi_status napi_create_type_error(napi_env env, napi_value code, napi_value message,
                                   napi_value* result) {
  return create_error(env, "TypeError", code, message, result);
}

napi_status napi_throw(napi_env env, napi_value error) {
  if (sampan::napi::threw(env)) JS_FreeValue(env->context, env->exception);
  env->exception = JS_DupValue(env->context, value_of(env, error));
  return outcome(env, napi_ok);
}

napi_status napi_is_exception_pending(napi_env env, bool* result) {
  *result = sampan::napi::threw(env);
  return outcome(env, napi_ok);
}

napi_status napi_get_and_clear_last_exception(napi_env env, napi_value* result) {
  JSValue exception = sampan::napi::threw(env) ? env->exception : JS_UNDEFINED;
  env->exception = JS_UNINITIALIZED;
  return give(env, exception, result);
}

void napi_fatal_error(const char* location, size_t, const char* message, size_t) {
  for (const char* part : {"fatal: ", location, ": ", message, "\n"}) {
    if (part != nullptr && write(STDERR_FILENO, part, strlen(part)) < 0) break;
  }
  abort();
}
