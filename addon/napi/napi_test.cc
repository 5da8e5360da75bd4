// Node-API on the engine: values keep their types both ways, what is thrown arrives, nothing leaks.

#include <napi.h>
#include <stdio.h>
#include <string.h>

#include <string>

#include "engine/memory.h"
#include "napi/environment.h"
#include "testing/check.h"

namespace {

Napi::Value type_of(const Napi::CallbackInfo& info) {
  const Napi::Value it = info[0];
  const char* type = it.IsUndefined()    ? "undefined"
                     : it.IsNull()       ? "null"
                     : it.IsBoolean()    ? "boolean"
                     : it.IsNumber()     ? "number"
                     : it.IsString()     ? "string"
                     : it.IsBigInt()     ? "bigint"
                     : it.IsFunction()   ? "function"
                     : it.IsArray()      ? "array"
                     : it.IsTypedArray() ? "bytes"
                                         : "object";
  return Napi::String::New(info.Env(), type);
}

Napi::Value numbers(const Napi::CallbackInfo& info) {
  Napi::Array all = Napi::Array::New(info.Env(), 5);
  const double given = info[0].As<Napi::Number>().DoubleValue();
  all.Set(0U, Napi::Number::New(info.Env(), given));
  all.Set(1U, info[0].As<Napi::Number>().Int32Value());
  all.Set(2U, static_cast<double>(info[0].As<Napi::Number>().Int64Value()));
  all.Set(3U, Napi::BigInt::New(info.Env(), static_cast<uint64_t>(1) << 63));
  all.Set(4U, Napi::BigInt::New(info.Env(), static_cast<int64_t>(-5)));
  return all;
}

Napi::Value sum(const Napi::CallbackInfo& info) {
  const auto bytes = info[0].As<Napi::Uint8Array>();
  int total = 0;
  for (size_t i = 0; i < bytes.ElementLength(); i++) total += bytes[i];
  return Napi::Number::New(info.Env(), total);
}

Napi::Value bytes_of(const Napi::CallbackInfo& info) {
  const std::string text = info[0].As<Napi::String>().Utf8Value();
  return Napi::Buffer<char>::Copy(info.Env(), text.data(), text.size());
}

Napi::Value refuse(const Napi::CallbackInfo& info) {
  Napi::Error error = Napi::Error::New(info.Env(), "open: no");
  error.Value().Set("code", "ENOENT");
  error.ThrowAsJavaScriptException();
  return info.Env().Undefined();
}

Napi::Value misuse(const Napi::CallbackInfo& info) {
  Napi::TypeError::New(info.Env(), "misused").ThrowAsJavaScriptException();
  return info.Env().Undefined();
}

// A property that throws when it is read: the exception goes through the native function.
Napi::Value read_value(const Napi::CallbackInfo& info) {
  return info[0].As<Napi::Object>().Get("value");
}

Napi::Value has_value(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), info[0].As<Napi::Object>().Has("value"));
}

struct Named {
  const char* name;
  Napi::Value (*function)(const Napi::CallbackInfo& info);
};

constexpr Named functions[] = {
    {"typeOf", type_of},       {"numbers", numbers},    {"sum", sum},
    {"bytesOf", bytes_of},     {"refuse", refuse},      {"misuse", misuse},
    {"readValue", read_value}, {"hasValue", has_value},
};

void add_functions(JSContext* context) {
  napi_env env = sampan::napi::environment(context);
  JSValue global = JS_GetGlobalObject(context);
  napi_value exports = sampan::napi::handle_of(env, global);
  for (const Named& named : functions) {
    Napi::Object(env, exports).Set(named.name, Napi::Function::New(env, named.function));
  }
  for (JSValue handle : env->handles) JS_FreeValue(context, handle);
  env->handles.clear();
}

// What an expression gives, as text; `threw: …` when it throws.
std::string evaluate(JSContext* context, const char* expression) {
  const std::string code = std::string("try { String(") + expression +
                           ") } catch (e) { `threw: ${e.name} ${e.message} ${e.code}` }";
  JSValue value = JS_Eval(context, code.c_str(), code.size(), "test", JS_EVAL_TYPE_GLOBAL);
  const char* text = JS_ToCString(context, value);
  std::string result = text == nullptr ? "nothing" : text;
  JS_FreeCString(context, text);
  JS_FreeValue(context, value);
  return result;
}

struct Case {
  const char* expression;
  const char* expected;
};

constexpr Case cases[] = {
    {"[undefined, null, true, 1, 1.5, 'a', 1n, () => 1, [], new Uint8Array(1), {}].map((v) => "
     "typeOf(v))",
     "undefined,null,boolean,number,number,string,bigint,function,array,bytes,object"},
    {"typeOf()", "undefined"},
    {"numbers(7)", "7,7,7,9223372036854775808,-5"},
    {"numbers(-0).map((v) => Object.is(v, -0))", "true,false,false,false,false"},
    {"numbers(2 ** 40 + 0.5)[0]", "1099511627776.5"},
    {"numbers(2 ** 40)[2]", "1099511627776"},
    {"sum(new Uint8Array([1, 2, 3, 250]).subarray(1))", "255"},
    {"sum(new Uint8Array())", "0"},
    {"bytesOf('a€\\u{1f600}')", "97,226,130,172,240,159,152,128"},
    {"bytesOf('')", ""},
    {"bytesOf('a\\0b')", "97,0,98"},
    {"refuse()", "threw: Error open: no ENOENT"},
    {"misuse()", "threw: TypeError misused undefined"},
    {"readValue({ value: 5 })", "5"},
    {"readValue({ get value() { throw new RangeError('mine'); } })",
     "threw: RangeError mine undefined"},
    {"hasValue({ value: 0 })", "true"},
    {"hasValue({})", "false"},
    {"[1, 2, 3].map(() => { try { refuse() } catch { return typeOf('') } })",
     "string,string,string"},
};

// What a function was made with is kept for as long as its environment, which is for good.
napi_env kept;

}  // namespace

int main() {
  JSRuntime* runtime = JS_NewRuntime2(&sampan::engine::memory_functions(), nullptr);
  JSContext* context = JS_NewContext(runtime);
  add_functions(context);
  for (const Case& it : cases) {
    const std::string got = evaluate(context, it.expression);
    if (got == it.expected) continue;
    fprintf(stderr, "%s gives %s, not %s\n", it.expression, got.c_str(), it.expected);
    sampan::testing::failures++;
  }
  kept = sampan::napi::environment(context);
  CHECK(kept->handles.empty());
  CHECK(!sampan::napi::threw(kept));
  // Ends the program when a value is still referred to.
  JS_FreeContext(context);
  JS_FreeRuntime(runtime);
  return sampan::testing::failures == 0 ? 0 : 1;
}
