// Objects, arrays and functions.

#include "napi/environment.h"

using sampan::napi::failed;
using sampan::napi::give;
using sampan::napi::outcome;
using sampan::napi::value_of;

namespace {

JSValue owned(napi_env env, napi_value value) {
  return JS_DupValue(env->context, value_of(env, value));
}

// A JavaScript call of a native function; `which` is its place in the environment.
JSValue enter(JSContext* context, JSValueConst self, int count, JSValueConst* arguments, int which,
              JSValue* /*data*/) {
  napi_env env = sampan::napi::environment(context);
  const NativeFunction function = env->functions[static_cast<size_t>(which)];
  napi_callback_info__ info{self, count, arguments, function.data};
  const size_t before = env->handles.size();
  napi_value returned = function.call(env, &info);
  JSValue result = returned == nullptr ? JS_UNDEFINED : owned(env, returned);
  sampan::napi::release_handles(env, before);
  if (!sampan::napi::threw(env)) return result;
  JS_FreeValue(context, result);
  JSValue exception = env->exception;
  env->exception = JS_UNINITIALIZED;
  return JS_Throw(context, exception);
}

}  // namespace

napi_status napi_create_object(napi_env env, napi_value* result) {
  return give(env, JS_NewObject(env->context), result);
}

napi_status napi_create_array(napi_env env, napi_value* result) {
  return give(env, JS_NewArray(env->context), result);
}

// The length is only a hint here: elements are added in order.
napi_status napi_create_array_with_length(napi_env env, size_t, napi_value* result) {
  return give(env, JS_NewArray(env->context), result);
}

napi_status napi_create_function(napi_env env, const char* /*name*/, size_t /*length*/,
                                 napi_callback call, void* data, napi_value* result) {
  const int which = static_cast<int>(env->functions.size());
  env->functions.push_back({call, data});
  return give(env, JS_NewCFunctionData(env->context, enter, 0, which, 0, nullptr), result);
}

napi_status napi_get_cb_info(napi_env env, napi_callback_info info, size_t* count,
                             napi_value* arguments, napi_value* self, void** data) {
  if (count != nullptr) {
    const auto given = static_cast<size_t>(info->count);
    for (size_t i = 0; arguments != nullptr && i < *count; i++) {
      JSValue argument = i < given ? JS_DupValue(env->context, info->arguments[i]) : JS_UNDEFINED;
      arguments[i] = sampan::napi::handle_of(env, argument);
    }
    *count = given;
  }
  if (self != nullptr) {
    *self = sampan::napi::handle_of(env, JS_DupValue(env->context, info->self));
  }
  if (data != nullptr) *data = info->data;
  return outcome(env, napi_ok);
}

napi_status napi_define_properties(napi_env env, napi_value object, size_t count,
                                   const napi_property_descriptor* properties) {
  for (size_t i = 0; i < count; i++) {
    const napi_property_descriptor& property = properties[i];
    if (property.utf8name == nullptr || property.value == nullptr) {
      return outcome(env, napi_invalid_arg);
    }
    if (JS_DefinePropertyValueStr(env->context, value_of(env, object), property.utf8name,
                                  owned(env, property.value), 0) < 0) {
      return failed(env);
    }
  }
  return outcome(env, napi_ok);
}

napi_status napi_set_named_property(napi_env env, napi_value object, const char* name,
                                    napi_value value) {
  const int set = JS_SetPropertyStr(env->context, value_of(env, object), name, owned(env, value));
  return set < 0 ? failed(env) : outcome(env, napi_ok);
}

napi_status napi_get_named_property(napi_env env, napi_value object, const char* name,
                                    napi_value* result) {
  return give(env, JS_GetPropertyStr(env->context, value_of(env, object), name), result);
}

napi_status napi_get_property(napi_env env, napi_value object, napi_value key, napi_value* result) {
  JSAtom atom = JS_ValueToAtom(env->context, value_of(env, key));
  JSValue value = JS_GetProperty(env->context, value_of(env, object), atom);
  JS_FreeAtom(env->context, atom);
  return give(env, value, result);
}

napi_status napi_set_property(napi_env env, napi_value object, napi_value key, napi_value value) {
  JSAtom atom = JS_ValueToAtom(env->context, value_of(env, key));
  const int set = JS_SetProperty(env->context, value_of(env, object), atom, owned(env, value));
  JS_FreeAtom(env->context, atom);
  return set < 0 ? failed(env) : outcome(env, napi_ok);
}

napi_status napi_has_property(napi_env env, napi_value object, napi_value key, bool* result) {
  JSAtom atom = JS_ValueToAtom(env->context, value_of(env, key));
  const int has = JS_HasProperty(env->context, value_of(env, object), atom);
  JS_FreeAtom(env->context, atom);
  if (has < 0) return failed(env);
  *result = has != 0;
  return outcome(env, napi_ok);
}

napi_status napi_has_named_property(napi_env env, napi_value object, const char* name,
                                    bool* result) {
  JSAtom atom = JS_NewAtom(env->context, name);
  const int has = JS_HasProperty(env->context, value_of(env, object), atom);
  JS_FreeAtom(env->context, atom);
  if (has < 0) return failed(env);
  *result = has != 0;
  return outcome(env, napi_ok);
}

napi_status napi_is_array(napi_env env, napi_value value, bool* result) {
  *result = JS_IsArray(env->context, value_of(env, value)) > 0;
  return outcome(env, napi_ok);
}

napi_status napi_get_array_length(napi_env env, napi_value array, uint32_t* result) {
  JSValue length = JS_GetPropertyStr(env->context, value_of(env, array), "length");
  if (JS_IsException(length) || JS_ToUint32(env->context, result, length) < 0) return failed(env);
  return outcome(env, napi_ok);
}

napi_status napi_get_element(napi_env env, napi_value array, uint32_t index, napi_value* result) {
  return give(env, JS_GetPropertyUint32(env->context, value_of(env, array), index), result);
}

napi_status napi_set_element(napi_env env, napi_value array, uint32_t index, napi_value value) {
  const int set =
      JS_SetPropertyUint32(env->context, value_of(env, array), index, owned(env, value));
  return set < 0 ? failed(env) : outcome(env, napi_ok);
}
