// compileSeccomp(words, names): hands a flattened profile to the core; the filter and the names
// that it left out.
//
// `names` holds every name, each ended by NUL: the architectures, then the system calls rule by
// rule. `words` holds the numbers, written by src/launch/seccomp.ts in this order:
//
//   default action, ENOSYS above the newest call (0 or 1), architectures, rules,
//   and for each rule: action, names, conditions,
//     and for each condition: argument, comparison (SCMP_CMP_*), value low and high, value two low
//     and high.

#include <napi.h>
#include <string.h>

#include <span>
#include <string>
#include <vector>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/seccomp.h"

namespace sampan::binding {
namespace {

// Reads `words` and never past their end: what is missing reads as 0 and spoils the reader.
class Words {
 public:
  explicit Words(std::span<const uint32_t> words) : words_(words) {}

  uint32_t next() {
    if (at_ < words_.size()) return words_[at_++];
    intact_ = false;
    return 0;
  }
  uint64_t next64() {
    const uint64_t low = next();
    return static_cast<uint64_t>(next()) << 32 | low;
  }
  // A count of things of which each takes at least `least` words.
  uint32_t count(size_t least) {
    const uint32_t announced = next();
    if (announced * least <= words_.size() - at_) return announced;
    intact_ = false;
    return 0;
  }
  bool finished() const { return intact_ && at_ == words_.size(); }

 private:
  std::span<const uint32_t> words_;
  size_t at_ = 0;
  bool intact_ = true;
};

// A profile together with what it borrows.
struct OwnedProfile {
  std::string text;
  std::vector<const char*> names;
  std::vector<SeccompCondition> conditions;
  std::vector<SeccompRule> rules;
  SeccompProfile profile = {};
};

void split_names(OwnedProfile* owned) {
  for (size_t at = 0; at < owned->text.size();) {
    owned->names.push_back(owned->text.c_str() + at);
    at += strlen(owned->text.c_str() + at) + 1;
  }
}

// Whether `words` and the names of `owned` fit each other; fills `owned->profile`.
bool decode(Words words, OwnedProfile* owned) {
  split_names(owned);
  const std::span<const char* const> names(owned->names);
  size_t named = 0;
  bool sound = true;
  const auto take = [&](size_t count) {
    if (count > names.size() - named) {
      sound = false;
      count = 0;
    }
    named += count;
    return names.subspan(named - count, count);
  };

  owned->profile.default_action = words.next();
  owned->profile.enosys_above_newest = words.next() != 0;
  owned->profile.architectures = take(words.next());
  const uint32_t rules = words.count(3);
  std::vector<size_t> condition_counts;
  for (uint32_t i = 0; i < rules; ++i) {
    const uint32_t action = words.next();
    owned->rules.push_back({.action = action, .names = take(words.next()), .conditions = {}});
    condition_counts.push_back(words.count(6));
    for (size_t j = 0; j < condition_counts.back(); ++j) {
      SeccompCondition condition = {};
      condition.argument = words.next();
      const uint32_t comparison = words.next();
      condition.comparison = static_cast<Comparison>(comparison);
      condition.value = words.next64();
      condition.value_two = words.next64();
      sound = sound && condition.argument < 6 && comparison >= 1 && comparison <= 7;
      owned->conditions.push_back(condition);
    }
  }
  // Only now is the vector of conditions done with moving.
  const std::span<const SeccompCondition> conditions(owned->conditions);
  size_t taken = 0;
  for (uint32_t i = 0; i < rules; ++i) {
    owned->rules[i].conditions = conditions.subspan(taken, condition_counts[i]);
    taken += condition_counts[i];
  }
  owned->profile.rules = owned->rules;
  return sound && words.finished() && named == names.size();
}

Napi::Value compile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  OwnedProfile owned;
  if (!info[0].IsTypedArray() || !get(info[1], &owned.text) ||
      info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array) {
    return throw_misuse(env, "compileSeccomp(words, names)");
  }
  const auto words = info[0].As<Napi::Uint32Array>();
  if (!decode(Words({words.Data(), words.ElementLength()}), &owned)) {
    return throw_misuse(env, "compileSeccomp: the words do not fit the names");
  }
  const SeccompProgram program = compile_seccomp(owned.profile);
  const size_t bytes = program.instructions.size() * sizeof(sock_filter);
  Napi::Uint8Array filter = Napi::Uint8Array::New(env, bytes);
  memcpy(filter.Data(), program.instructions.data(), bytes);
  Napi::Array unknown = Napi::Array::New(env, program.unknown.size());
  for (uint32_t i = 0; i < program.unknown.size(); ++i) {
    unknown[i] = Napi::String::New(env, program.unknown[i]);
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("filter", filter);
  result.Set("unknown", unknown);
  return result;
}

}  // namespace
}  // namespace sampan::binding

void export_seccomp(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("compileSeccomp", Napi::Function::New(env, compile));
}
