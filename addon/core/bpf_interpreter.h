// An interpreter of classic BPF for tests; it shares nothing with the kernel.

#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vector>

namespace bpf {

// Ends the test.
[[noreturn]] inline void broken(const char* what) {
  fprintf(stderr, "FAILED %s\n", what);
  exit(1);
}

// The SECCOMP_RET_* that `program` answers to `data`. Knows the instructions of our filters
// and ends the test on any other, on a load outside of `data` and on a program without an end.
inline uint32_t run(const std::vector<sock_filter>& program, const seccomp_data& data) {
  uint32_t accumulator = 0;
  for (size_t at = 0; at < program.size(); ++at) {
    const sock_filter& in = program[at];
    bool holds = false;
    switch (in.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        if (in.k % 4 != 0 || in.k + 4 > sizeof(data)) broken("load outside of seccomp_data");
        memcpy(&accumulator, reinterpret_cast<const char*>(&data) + in.k, 4);
        continue;
      case BPF_ALU | BPF_AND | BPF_K:
        accumulator &= in.k;
        continue;
      case BPF_RET | BPF_K:
        return in.k;
      case BPF_JMP | BPF_JA:
        at += in.k;
        continue;
      case BPF_JMP | BPF_JEQ | BPF_K:
        holds = accumulator == in.k;
        break;
      case BPF_JMP | BPF_JGT | BPF_K:
        holds = accumulator > in.k;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        holds = accumulator >= in.k;
        break;
      case BPF_JMP | BPF_JSET | BPF_K:
        holds = (accumulator & in.k) != 0;
        break;
      default:
        broken("unknown instruction");
    }
    at += holds ? in.jt : in.jf;
  }
  broken("a program ran over its end");
}

}  // namespace bpf
