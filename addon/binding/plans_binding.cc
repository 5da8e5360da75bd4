// decodePlan: what the C++ side reads out of an encoded plan, for the test that both sides agree.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "wire/plan.h"

namespace sampan::binding {
namespace {

// Turns each field of a decoded step into a property.
class Dump {
 public:
  explicit Dump(Napi::Object out) : out_(out) {}

  void operator()(const char* name, bool value) {
    out_.Set(name, Napi::Boolean::New(env(), value));
  }
  void operator()(const char* name, uint32_t value) { out_.Set(name, value); }
  void operator()(const char* name, uint64_t value) {
    out_.Set(name, Napi::BigInt::New(env(), value));
  }
  void operator()(const char* name, int64_t value) {
    out_.Set(name, Napi::BigInt::New(env(), value));
  }
  void operator()(const char* name, const wire::Slot& value) { out_.Set(name, value.index); }
  void operator()(const char* name, const wire::Str& value) {
    out_.Set(name, Napi::String::New(env(), value.data, value.size));
  }
  void operator()(const char* name, const wire::Bytes& value) {
    out_.Set(name, Napi::Buffer<uint8_t>::Copy(env(), value.data, value.size));
  }
  void operator()(const char* name, const wire::U32List& value) {
    Napi::Array list = Napi::Array::New(env(), value.count);
    for (uint32_t i = 0; i < value.count; i++) list.Set(i, value[i]);
    out_.Set(name, list);
  }
  void operator()(const char* name, const wire::StrList& value) {
    Napi::Array list = Napi::Array::New(env(), value.count);
    wire::Reader reader(value);
    wire::Str item;
    for (uint32_t i = 0; i < value.count && reader.get(&item); i++) {
      list.Set(i, Napi::String::New(env(), item.data, item.size));
    }
    out_.Set(name, list);
  }

 private:
  Napi::Env env() { return out_.Env(); }
  Napi::Object out_;
};

Napi::Value decode(const Napi::CallbackInfo& info) {
  ByteSpan bytes;
  if (!arguments(info, &bytes)) return throw_misuse(info.Env(), "decodePlan(bytes)");
  Napi::Array steps = Napi::Array::New(info.Env());
  auto dump = [&](const auto& step) {
    Napi::Object out = Napi::Object::New(info.Env());
    out.Set("step", step.kName);
    step.visit(Dump(out));
    steps.Set(steps.Length(), out);
    return 0;
  };
  wire::Plan plan(bytes.data, bytes.size);
  uint32_t op;
  wire::Reader body(nullptr, 0);
  while (plan.next(&op, &body)) {
    if (wire::dispatch_init(op, body, dump) == 0) continue;
    if (wire::dispatch_attend(op, body, dump) != 0) return info.Env().Null();
  }
  return plan.finished() ? Napi::Value(steps) : info.Env().Null();
}

}  // namespace
}  // namespace sampan::binding

void export_plans(Napi::Env env, Napi::Object exports) {
  exports.Set("decodePlan", Napi::Function::New(env, sampan::binding::decode));
}
