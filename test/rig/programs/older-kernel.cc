// older-kernel CALL,… COMMAND…: runs COMMAND where these system calls give ENOSYS, as on a kernel
// that does not have them. `setns-many` stands for setns(2) to several namespaces at once (EINVAL
// before Linux 5.8). The filter stays, with or without no_new_privs, for whatever COMMAND starts.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <vector>

namespace {

struct Call {
  const char* name;
  unsigned number;
};

constexpr Call kCalls[] = {
    {"clone3", SYS_clone3},         {"close_range", SYS_close_range},
    {"fsopen", SYS_fsopen},         {"mount_setattr", SYS_mount_setattr},
    {"move_mount", SYS_move_mount}, {"open_tree", SYS_open_tree},
    {"openat2", SYS_openat2},       {"pidfd_open", SYS_pidfd_open},
};

using Program = std::vector<sock_filter>;

void Load(Program* program, size_t offset) {
  program->push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset)));
}

void Answer(Program* program, unsigned error) {
  program->push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
}

bool Refuse(Program* program, const char* name) {
  for (const Call& call : kCalls) {
    if (strcmp(call.name, name) != 0) continue;
    program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call.number, 0, 1));
    Answer(program, ENOSYS);
    return true;
  }
  if (strcmp(name, "setns-many") != 0) return false;
  // More than one bit of the second argument: n & (n - 1).
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setns, 0, 7));
  Load(program, offsetof(seccomp_data, args[1]));
  program->push_back(BPF_STMT(BPF_MISC | BPF_TAX, 0));
  program->push_back(BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 1));
  program->push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_X, 0));
  program->push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0));
  Answer(program, EINVAL);
  Load(program, offsetof(seccomp_data, nr));
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  Program program;
  Load(&program, offsetof(seccomp_data, nr));
  for (char* name; (name = strsep(&argv[1], ",")) != nullptr;) {
    if (Refuse(&program, name)) continue;
    fprintf(stderr, "older-kernel: no call %s\n", name);
    return 2;
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  sock_fprog filter = {static_cast<unsigned short>(program.size()), program.data()};
  // Only root can do without no_new_privs, which newuidmap(1) would suffer from.
  if (geteuid() != 0) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) {
    perror("older-kernel: seccomp");
    return 2;
  }
  execvp(argv[2], argv + 2);
  perror(argv[2]);
  return 2;
}
