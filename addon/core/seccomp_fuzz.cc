// Filters of any profile are ones that the kernel takes, and answer what the profile says.

#include "core/seccomp_reference.h"
#include "testing/choices.h"

namespace {

using namespace seccomp_rig;

class Bytes : public Choices {
 public:
  Bytes(const uint8_t* data, size_t size) : choices_(data, size) {}
  uint64_t pick(uint64_t below) override { return choices_.pick(static_cast<unsigned>(below)); }

 private:
  sampan::testing::Choices choices_;
};

// Jumps stay inside and the end is a return (bpf_check_classic of the kernel); what the
// interpreter refuses is not looked for here.
void check_form(const std::vector<sock_filter>& program) {
  for (size_t at = 0; at < program.size(); ++at) {
    const sock_filter& in = program[at];
    if (BPF_CLASS(in.code) != BPF_JMP) continue;
    const size_t left = program.size() - at - 1;
    const bool inside = BPF_OP(in.code) == BPF_JA ? in.k < left : in.jt < left && in.jf < left;
    if (!inside) __builtin_trap();
  }
  if (program.empty() || BPF_CLASS(program.back().code) != BPF_RET) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  const Profile profile = any_profile(bytes);
  for (const On& on : kArchitectures) {
    check_form(compiled(profile, on.machine).instructions);
    ask(profile, on, bytes, 8);
  }
  if (failures > 0) __builtin_trap();
  return 0;
}
