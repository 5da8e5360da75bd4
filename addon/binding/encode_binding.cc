// encodePlan: steps as the bytes that init and the foreground helper read.

#include <math.h>
#include <napi.h>
#include <string.h>

#include <string>

#include "binding/convert.h"
#include "binding/exports.h"
#include "wire/writer.h"

namespace sampan::binding {
namespace {

constexpr double kEndOf64 = 18446744073709551616.0;
constexpr double kEndOfSigned64 = 9223372036854775808.0;

// Writes each field of a step from the property of its name. A value of the wrong type is a mistake
// of the compiler of plans, not of a user: it throws, and what comes after is left out.
class Encoder {
 public:
  Encoder(Napi::Object slots, wire::Writer* out) : slots_(slots), out_(*out) {}

  // Whether all of it could be written.
  template <class Step>
  bool write(const Step& shape, const Napi::Object& step) {
    step_ = step;
    out_.begin_step(Step::kOp);
    shape.visit(*this);
    out_.end_step();
    return ok_;
  }

  void operator()(const char* name, bool) {
    if (!ok_) return;
    const Napi::Value value = step_.Get(name);
    if (!value.IsBoolean()) return refuse(name, "is no flag");
    out_.number(uint32_t{value.As<Napi::Boolean>().Value()});
  }

  void operator()(const char* name, uint32_t) {
    if (ok_) u32(name, step_.Get(name));
  }

  // The largest limit stands for none: what is larger becomes that.
  void operator()(const char* name, uint64_t) {
    double value = 0;
    if (!whole(name, &value, 0, INFINITY)) return;
    out_.number(value >= kEndOf64 ? UINT64_MAX : static_cast<uint64_t>(value));
  }

  // The end of what there is is one more as a double.
  void operator()(const char* name, int64_t) {
    double value = 0;
    if (!whole(name, &value, -kEndOfSigned64, kEndOfSigned64)) return;
    out_.number(value == kEndOfSigned64 ? INT64_MAX : static_cast<int64_t>(value));
  }

  // One that is not there has no index.
  void operator()(const char* name, const wire::Slot&) {
    if (!ok_) return;
    const Napi::Value index = slots_.Get(step_.Get(name));
    if (index.IsUndefined()) return out_.number(wire::kNoDescriptor);
    u32(name, index);
  }

  void operator()(const char* name, const wire::Str&) {
    if (ok_) text(name, step_.Get(name));
  }

  void operator()(const char* name, const wire::Bytes&) {
    ByteSpan bytes;
    if (!ok_) return;
    if (!get(step_.Get(name), &bytes)) return refuse(name, "is no bytes");
    out_.bytes(bytes.data, static_cast<uint32_t>(bytes.size));
  }

  void operator()(const char* name, const wire::StrList&) {
    each(name, [&](const Napi::Value& item) { text(name, item); });
  }

  void operator()(const char* name, const wire::U32List&) {
    each(name, [&](const Napi::Value& item) { u32(name, item); });
  }

 private:
  void refuse(const char* name, const char* why) {
    ok_ = false;
    throw_misuse(slots_.Env(), (std::string(name) + " " + why).c_str());
  }

  bool whole(const char* name, double* out, double least, double most) {
    if (!ok_) return false;
    const Napi::Value value = step_.Get(name);
    *out = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (*out >= least && *out <= most && *out == trunc(*out)) return true;
    refuse(name, "has no 64 bits");
    return false;
  }

  void u32(const char* name, const Napi::Value& value) {
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (!(number >= 0 && number <= UINT32_MAX)) return refuse(name, "has no 32 bits");
    out_.number(static_cast<uint32_t>(number));
  }

  void text(const char* name, const Napi::Value& value) {
    const int64_t size = out_.text([&](char* place, size_t room) {
      size_t copied = 0;
      const auto status = napi_get_value_string_utf8(slots_.Env(), value, place, room, &copied);
      return status == napi_ok ? static_cast<int64_t>(copied) : -1;
    });
    if (size < 0) return refuse(name, "is no text");
    // C would take it for the end.
    if (memchr(out_.behind(size), 0, static_cast<size_t>(size)) != nullptr) {
      refuse(name, "holds a NUL byte");
    }
  }

  template <class Write>
  void each(const char* name, Write&& write) {
    if (!ok_) return;
    const Napi::Value value = step_.Get(name);
    if (!value.IsArray()) return refuse(name, "is no list");
    const auto list = value.As<Napi::Array>();
    const uint32_t count = list.Length();
    out_.number(count);
    for (uint32_t i = 0; i < count && ok_; i++) write(list.Get(i));
  }

  Napi::Object slots_;
  Napi::Object step_;
  wire::Writer& out_;
  bool ok_ = true;
};

// Whether the step has a name that is known, and all its fields.
bool encode_step(Encoder& encoder, const Napi::Object& step) {
  char name[64];
  size_t size = 0;
  const Napi::Value value = step.Get("step");
  if (napi_get_value_string_utf8(step.Env(), value, name, sizeof name, &size) != napi_ok) size = 0;
  bool known = false;
  const bool written = wire::dispatch_named(name, size, [&](const auto& shape) {
    known = true;
    return encoder.write(shape, step);
  });
  if (!known) throw_misuse(step.Env(), "a step without a form");
  return written;
}

Napi::Value encode(const Napi::CallbackInfo& info) {
  if (!info[0].IsArray() || !info[1].IsObject()) {
    return throw_misuse(info.Env(), "encodePlan(steps, slots)");
  }
  const auto steps = info[0].As<Napi::Array>();
  wire::Writer out;
  Encoder encoder(info[1].As<Napi::Object>(), &out);
  const uint32_t count = steps.Length();
  for (uint32_t i = 0; i < count; i++) {
    const Napi::HandleScope scope(info.Env());
    const Napi::Value step = steps.Get(i);
    if (!step.IsObject()) return throw_misuse(info.Env(), "a step is no object");
    if (!encode_step(encoder, step.As<Napi::Object>())) return info.Env().Undefined();
  }
  size_t size = 0;
  const unsigned char* bytes = out.finish(&size);
  return Napi::Buffer<uint8_t>::Copy(info.Env(), bytes, size);
}

}  // namespace
}  // namespace sampan::binding

void export_encode(Napi::Env env, Napi::Object exports) {
  exports.Set("encodePlan", Napi::Function::New(env, sampan::binding::encode));
}
