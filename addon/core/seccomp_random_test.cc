// Filters of random profiles answer what the profile says, asked without BPF.

#include <random>

#include "core/seccomp_reference.h"

namespace {

class Random : public seccomp_rig::Choices {
 public:
  uint64_t pick(uint64_t below) override { return bits_() % below; }

 private:
  std::mt19937_64 bits_{20261121};
};

}  // namespace

int main() {
  using namespace seccomp_rig;
  Random random;
  for (int i = 0; i < 2000 && failures == 0; ++i) {
    const Profile profile = any_profile(random);
    for (const On& on : kArchitectures) ask(profile, on, random, 200);
  }
  return finish("random seccomp profiles");
}
