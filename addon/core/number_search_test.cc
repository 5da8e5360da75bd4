// Every number is looked up in searches of one and of many ranges.

#include "core/number_search.h"

#include <linux/seccomp.h>
#include <stdio.h>

#include "core/bpf_interpreter.h"

namespace {

using sampan::always;
using sampan::NumberSearch;

constexpr uint32_t kLeft = 0xdead;

uint32_t look_up(const NumberSearch& search, uint32_t number) {
  std::vector<sock_filter> program = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)};
  search.append_to(&program);
  seccomp_data data = {};
  data.nr = static_cast<int>(number);
  return bpf::run(program, data);
}

void expect(const char* promise, uint32_t number, uint32_t got, uint32_t expected) {
  if (got == expected) return;
  fprintf(stderr, "FAILED %s: %u gives %#x, expected %#x\n", promise, number, got, expected);
  exit(1);
}

}  // namespace

int main() {
  const NumberSearch empty(always(kLeft));
  for (const uint32_t number : {0U, 1U, UINT32_MAX}) {
    expect("an empty search has one answer", number, look_up(empty, number), kLeft);
  }

  // 1,600 ranges: both halves are farther than a conditional jump reaches.
  NumberSearch many(always(kLeft));
  for (uint32_t number = 0; number < 2400; number += 3) {
    many.from(number, always(number));
    many.from(number + 1, always(number));
    many.from(number + 2, always(kLeft));
  }
  for (uint32_t number = 0; number < 2410; ++number) {
    const uint32_t expected = number >= 2400 || number % 3 == 2 ? kLeft : number - number % 3;
    expect("each number has its own answer", number, look_up(many, number), expected);
  }

  NumberSearch replaced(always(kLeft));
  replaced.from(5, always(1));
  replaced.from(6, always(kLeft));
  replaced.from(6, always(1));
  replaced.from(UINT32_MAX, always(2));
  const uint32_t numbers[][2] = {{4, kLeft}, {5, 1}, {6, 1}, {UINT32_MAX - 1, 1}, {UINT32_MAX, 2}};
  for (const auto& [number, expected] : numbers) {
    expect("a later answer from the same number replaces", number, look_up(replaced, number),
           expected);
  }
  puts("number search: all promises kept");
  return 0;
}
