// without-calls NUMBER… -- COMMAND…: executes COMMAND on a kernel that does not know these system
// calls, as a seccomp filter has it that answers ENOSYS.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

int main(int argc, char** argv) {
  std::vector<sock_filter> filter = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  int at = 1;
  for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
    const auto number = static_cast<unsigned>(strtoul(argv[at], nullptr, 10));
    filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  if (at + 1 >= argc) return fprintf(stderr, "without-calls: no command\n"), 2;
  const sock_fprog program = {static_cast<unsigned short>(filter.size()), filter.data()};
  // Only root may do without no_new_privs.
  if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return perror("prctl"), 2;
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) return perror("prctl"), 2;
  execvp(argv[at + 1], argv + at + 1);
  return perror(argv[at + 1]), 2;
}
