// The reader never leaves its bytes, whatever they say, and refuses what it does not know.

#include "wire/plan.h"

#include <string.h>

#include <vector>

#include "testing/check.h"

namespace sampan::wire {
namespace {

using Bytestring = std::vector<unsigned char>;

void add(Bytestring* out, uint32_t value) {
  for (int i = 0; i < 4; i++) out->push_back(static_cast<unsigned char>(value >> (8 * i)));
}

void add(Bytestring* out, const char* text) {
  add(out, static_cast<uint32_t>(strlen(text)));
  out->insert(out->end(), text, text + strlen(text) + 1);
}

Bytestring plan_of(uint32_t version, uint32_t count, const Bytestring& steps) {
  Bytestring plan;
  add(&plan, kMagic);
  add(&plan, version);
  add(&plan, count);
  add(&plan, static_cast<uint32_t>(16 + steps.size()));
  plan.insert(plan.end(), steps.begin(), steps.end());
  return plan;
}

Bytestring step_of(uint32_t op, const Bytestring& body) {
  Bytestring step;
  add(&step, op);
  add(&step, static_cast<uint32_t>(body.size()));
  step.insert(step.end(), body.begin(), body.end());
  return step;
}

Bytestring hostname_step(const char* name) {
  Bytestring body;
  add(&body, name);
  return step_of(SetHostname::kOp, body);
}

// 0 when the whole plan decodes.
int decode(const Bytestring& bytes) {
  // A copy of exactly this size, so that the address sanitizer sees a read beyond its end.
  Bytestring exact(bytes);
  exact.shrink_to_fit();
  Plan plan(exact.data(), exact.size());
  uint32_t op;
  Reader body(nullptr, 0);
  while (plan.next(&op, &body)) {
    int error = dispatch_init(op, body, [](const auto&) { return 0; });
    if (error != 0) return error;
  }
  return plan.finished() ? 0 : EBADMSG;
}

void a_plan_decodes() {
  Bytestring plan = plan_of(kVersion, 1, hostname_step("boat"));
  CHECK(decode(plan) == 0);
}

void an_unknown_version_or_step_is_refused() {
  CHECK(decode(plan_of(kVersion + 1, 1, hostname_step("boat"))) == EBADMSG);
  CHECK(decode(plan_of(kVersion, 1, step_of(9999, {}))) == EBADMSG);
  // A step of the foreground helper is none of init's.
  Bytestring pid;
  add(&pid, 1u);
  CHECK(decode(plan_of(kVersion, 1, step_of(WaitProcess::kOp, pid))) == EBADMSG);
}

void a_wrong_count_is_refused() {
  CHECK(decode(plan_of(kVersion, 2, hostname_step("boat"))) == EBADMSG);
  CHECK(decode(plan_of(kVersion, 0, hostname_step("boat"))) == EBADMSG);
}

void a_body_with_bytes_left_over_is_refused() {
  Bytestring body;
  add(&body, "boat");
  body.push_back(0);
  CHECK(decode(plan_of(kVersion, 1, step_of(SetHostname::kOp, body))) == EBADMSG);
}

void a_string_with_a_nul_inside_is_refused() {
  Bytestring body;
  add(&body, "a/b");
  body[5] = 0;
  CHECK(decode(plan_of(kVersion, 1, step_of(SetHostname::kOp, body))) == EBADMSG);
}

void every_truncation_is_refused() {
  Bytestring body;
  add(&body, "tmpfs");
  add(&body, "tmpfs");
  add(&body, 2u);
  add(&body, "mode=755");
  add(&body, "size=1m");
  for (int i = 0; i < 3; i++) add(&body, 0u);
  add(&body, "/dev");
  add(&body, 0u);
  Bytestring whole = plan_of(kVersion, 1, step_of(MountFilesystem::kOp, body));
  CHECK(decode(whole) == 0);
  for (size_t size = 0; size < whole.size(); size++) {
    CHECK(decode(Bytestring(whole.begin(), whole.begin() + static_cast<long>(size))) != 0);
  }
}

// Every word of the plan replaced by extreme values: wrong lengths and counts never read outside.
void every_wrong_number_stays_inside() {
  Bytestring body;
  add(&body, 1u);
  add(&body, 5u);
  add(&body, 1u);
  add(&body, 3u);
  for (uint32_t i = 0; i < 3; i++) add(&body, i);
  Bytestring whole = plan_of(kVersion, 1, step_of(SetUser::kOp, body));
  CHECK(decode(whole) == 0);
  for (size_t at = 0; at + 4 <= whole.size(); at += 4) {
    for (uint32_t value : {0u, 1u, 0x7fffffffu, 0x80000000u, 0xfffffff0u, 0xffffffffu}) {
      Bytestring changed(whole);
      memcpy(&changed[at], &value, 4);
      (void)decode(changed);
    }
  }
}

}  // namespace
}  // namespace sampan::wire

int main() {
  using namespace sampan::wire;
  a_plan_decodes();
  an_unknown_version_or_step_is_refused();
  a_wrong_count_is_refused();
  a_body_with_bytes_left_over_is_refused();
  a_string_with_a_nul_inside_is_refused();
  every_truncation_is_refused();
  every_wrong_number_stays_inside();
  return sampan::testing::failures == 0 ? 0 : 1;
}
