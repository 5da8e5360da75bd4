// lift-memlock COMMAND…: runs COMMAND where raising RLIMIT_MEMLOCK is no error, though it has no effect.
// Runtimes raise it before they load a program for devices, which takes CAP_SYS_RESOURCE; since Linux
// 5.11 the memory of such programs is counted by cgroups, and the limit does not matter.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <iterator>

namespace {

constexpr unsigned kResource = offsetof(seccomp_data, args[1]);
constexpr unsigned kNewLimit = offsetof(seccomp_data, args[2]);

// prlimit64(2) with that resource and a new limit gives 0; all else goes on.
sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 7),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kResource),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RLIMIT_MEMLOCK, 0, 5),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNewLimit),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNewLimit + 4),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  sock_fprog filter = {std::size(program), program};
  // Without no_new_privs, which would change what the runtimes do: that takes CAP_SYS_ADMIN.
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return perror("seccomp"), 1;
  execvp(argv[1], argv + 1);
  perror(argv[1]);
  return 127;
}
