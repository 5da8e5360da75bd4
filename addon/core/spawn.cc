#include "core/spawn.h"

#include <linux/capability.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/clone_call.h"
#include "core/close_range.h"
#include "core/descriptor_table.h"
#include "core/process.h"
#include "core/sealed_program.h"

namespace sampan {
namespace {

inline constexpr size_t kStackSize = 64 * 1024;
inline constexpr int kMaxDescriptors = 256;

// What the child needs, and where it says why it failed: it shares this memory.
struct Child {
  int descriptors[kMaxDescriptors];  // the socket, the slots, the program
  int count = 0;
  int first = 0;
  bool keep_capabilities = false;
  int cgroup_processes = -1;  // cgroup.procs of the cgroup to go to
  bool own_cgroup = false;    // and make a namespace of
  char socket_number[12] = "";
  int error = 0;
  const char* syscall = nullptr;
};

// execve(2) of a process whose user has no id in its namespace yet drops every capability, unless
// they are ambient (capabilities(7)). init clears the set again.
bool make_capabilities_ambient() {
  __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &head, data) != 0) return false;
  for (auto& half : data) half.inheritable = half.permitted;
  if (syscall(SYS_capset, &head, data) != 0) return false;
  for (unsigned capability = 0; capability < 64; capability++) {
    if ((data[capability / 32].permitted >> (capability % 32) & 1) == 0) continue;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0) return false;
  }
  return true;
}

// In the child: shared memory, own descriptor table. Only async-signal-safe calls.
void exec_init(void* argument) {
  auto* child = static_cast<Child*>(argument);
  auto give_up = [child](const char* syscall) {
    child->error = errno;
    child->syscall = syscall;
    _exit(127);
  };
  if (child->cgroup_processes >= 0 && write(child->cgroup_processes, "0", 1) != 1) {
    give_up("cgroup.procs");
  }
  if (child->own_cgroup && syscall(SYS_unshare, CLONE_NEWCGROUP) != 0) give_up("unshare");
  if (child->keep_capabilities && !make_capabilities_ambient()) give_up("capset");
  // Node makes what it inherits close-on-exec when it starts (uv_disable_stdio_inheritance).
  for (int kept = 0; kept < child->first; kept++) (void)fcntl(kept, F_SETFD, 0);
  if (!place_descriptors(child->descriptors, child->count, child->first)) give_up("dup2");
  int program = child->first + child->count - 1;
  if (fcntl(program, F_SETFD, FD_CLOEXEC) != 0) give_up("fcntl");
  if (close_range_of(static_cast<unsigned>(program + 1), ~0u, 0) != 0) give_up("close_range");
  char name[] = "sampan-init";
  char role[] = "init";
  char* arguments[] = {name, role, child->socket_number, nullptr};
  char* environment[] = {nullptr};
  syscall(SYS_execveat, program, "", arguments, environment, AT_EMPTY_PATH);
  give_up("execveat");
}

// Signals must not run the engine's handlers in a child that shares its memory.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_;
};

// Where a process cannot be born in a cgroup (Linux 5.7), it goes there itself before it does
// anything else, and makes its cgroup namespace then: that has for its root where its maker is.
long clone_into(int cgroup, clone_args* args, Child* child) {
  if (cgroup < 0) return clone_call(args, exec_init, child);
  args->flags |= CLONE_INTO_CGROUP;
  args->cgroup = static_cast<uint64_t>(cgroup);
  const long pid = clone_call(args, exec_init, child);
  args->flags &= ~CLONE_INTO_CGROUP;
  args->cgroup = 0;
  if (pid >= 0 || !may_clone_without_3(*args, pid)) return pid;
  const UniqueFd processes(openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC));
  if (!processes.ok()) return -errno;
  child->cgroup_processes = processes.get();
  child->own_cgroup = (args->flags & CLONE_NEWCGROUP) != 0;
  args->flags &= ~static_cast<uint64_t>(CLONE_NEWCGROUP);
  return clone_call(args, exec_init, child);
}

Result<Spawned> clone_child(const SpawnOptions& options, Child* child) {
  void* stack = mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return failed("mmap");
  int pidfd = -1;
  clone_args args = {};
  args.flags = options.flags | CLONE_VM | CLONE_VFORK | CLONE_PIDFD;
  args.pidfd = reinterpret_cast<uint64_t>(&pidfd);
  args.exit_signal = SIGCHLD;
  args.stack = reinterpret_cast<uint64_t>(stack);
  args.stack_size = kStackSize;
  long pid;
  {
    const BlockedSignals blocked;
    pid = clone_into(options.cgroup, &args, child);
  }
  munmap(stack, kStackSize);
  if (pid < 0) return Error{static_cast<int>(-pid), "clone3", {}};
  Spawned spawned;
  spawned.pid = static_cast<pid_t>(pid);
  spawned.pidfd = UniqueFd(pidfd);
  if (child->error == 0) return spawned;
  waitpid(spawned.pid, nullptr, 0);
  return Error{child->error, child->syscall, {}};
}

}  // namespace

Result<Spawned> spawn_init(const SpawnOptions& options) {
  if (options.slots.size() + 2 > kMaxDescriptors) return Error{E2BIG, "clone3", "slots"};
  Result<int> program = sealed_program();
  if (!program.ok()) return program.error();
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return failed("socketpair");
  UniqueFd ours(pair[0]);
  UniqueFd theirs(pair[1]);
  Child child;
  child.first = 3 + options.preserve;
  child.descriptors[child.count++] = theirs.get();
  for (int slot : options.slots) child.descriptors[child.count++] = slot;
  child.descriptors[child.count++] = program.value();
  keep_children();
  child.keep_capabilities = (options.flags & CLONE_NEWUSER) != 0;
  snprintf(child.socket_number, sizeof child.socket_number, "%d", child.first);
  Result<Spawned> spawned = clone_child(options, &child);
  if (spawned.ok()) spawned.value().socket = std::move(ours);
  return spawned;
}

Error become_helper(const void* plan, size_t size, const std::vector<int>& slots) {
  if (slots.size() + 2 > kMaxDescriptors) return {E2BIG, "execveat", "slots"};
  Result<int> program = sealed_program();
  if (!program.ok()) return program.error();
  Result<UniqueFd> memory = sealed_memory("sampan-plan", plan, size, false);
  if (!memory.ok()) return memory.error();
  int descriptors[kMaxDescriptors];
  int count = 0;
  descriptors[count++] = memory.value().get();
  for (int slot : slots) descriptors[count++] = slot;
  descriptors[count++] = program.value();
  // What arrives from here on waits for the helper, which inherits the mask.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  if (!place_descriptors(descriptors, count, 3)) return failed("dup2");
  int executable = descriptors[count - 1];
  fcntl(executable, F_SETFD, FD_CLOEXEC);
  char name[] = "sampan";
  char role[] = "attend";
  char* arguments[] = {name, role, nullptr};
  char* environment[] = {nullptr};
  syscall(SYS_execveat, executable, "", arguments, environment, AT_EMPTY_PATH);
  return failed("execveat", "sampan attend");
}

Result<HelperOutcome> run_program(const std::vector<std::string>& arguments) {
  Result<int> program = sealed_program();
  if (!program.ok()) return program.error();
  return run_helper("/proc/self/fd/" + std::to_string(program.value()), arguments);
}

}  // namespace sampan
