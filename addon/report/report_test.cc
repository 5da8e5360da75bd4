// The report against a process whose isolation the test has made itself.

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <sstream>
#include <string>

#include "program/roles.h"

namespace {

int failures = 0;

// The row that begins with `label`, its continuations included and runs of blanks made one.
std::string row(const std::string& report, const std::string& label) {
  std::istringstream lines(report);
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    const bool begins = line.compare(0, 2 + label.size() + 1, "  " + label + " ") == 0;
    const bool goes_on = !found.empty() && line.compare(0, 6, "      ") == 0;
    if (!found.empty() && !goes_on) break;
    if (!begins && !goes_on) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) found += (found.empty() ? "" : " ") + word;
  }
  return found;
}

void expect(const char* promise, const std::string& got, const std::string& wanted) {
  if (got == wanted) return;
  failures++;
  fprintf(stderr, "FAILED %s: got \"%s\", expected \"%s\"\n", promise, got.c_str(), wanted.c_str());
}

// The report of a child after `isolate`; empty when that was refused.
std::string report_after(const std::function<bool()>& isolate) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    dup2(ends[1], 1);
    if (!isolate()) _exit(1);
    // A child of its own, since the caller of unshare(2) stays in its pid namespace.
    const pid_t inner = fork();
    if (inner == 0) _exit(report_main());
    waitpid(inner, nullptr, 0);
    _exit(0);
  }
  close(ends[1]);
  std::string report;
  char buffer[4096];
  for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) {
    report.append(buffer, static_cast<size_t>(n));
  }
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return report;
}

std::string link_of(const char* path) {
  char link[64] = {};
  return readlink(path, link, sizeof link - 1) > 0 ? link : "";
}

bool write_file(const char* path, const std::string& text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  const bool written =
      fd >= 0 && write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  return written;
}

// A new user namespace in which the caller is `uid` and `gid`.
bool enter_user_namespace(int uid, int gid) {
  const std::string outside_user = " " + std::to_string(getuid()) + " 1\n";
  const std::string outside_group = " " + std::to_string(getgid()) + " 1\n";
  return unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/uid_map", std::to_string(uid) + outside_user) &&
         write_file("/proc/self/gid_map", std::to_string(gid) + outside_group);
}

bool isolate_names() {
  const std::string host = link_of("/proc/self/ns/uts") + "," + link_of("/proc/self/ns/net");
  setenv("SAMPAN_HOST_NS", host.c_str(), 1);
  return enter_user_namespace(5, 6) && unshare(CLONE_NEWUTS | CLONE_NEWPID) == 0 &&
         sethostname("aboard", 6) == 0;
}

void namespaces_and_ids() {
  const std::string host_net = link_of("/proc/self/ns/net");
  const std::string report = report_after(isolate_names);
  if (report.empty()) {
    fprintf(stderr, "skipped: namespaces and ids: no new user namespace can be made here\n");
    return;
  }
  expect("the pid is the one in the own namespace", row(report, "process").substr(0, 14),
         "process pid 1,");
  expect("ids are those inside", row(report, "user"), "user uid 5, gid 6");
  expect("the user map is told", row(report, "uid map"),
         "uid map 5 is " + std::to_string(getuid()) + " outside, 1 id");
  expect("the group map is told", row(report, "gid map"),
         "gid map 6 is " + std::to_string(getgid()) + " outside, 1 id");
  expect("the hostname is told", row(report, "hostname"), "hostname aboard");
  expect("a namespace of the host is shared", row(report, "net"),
         "net " + host_net + " shared with the host");
  const std::string uts = row(report, "uts");
  expect("another one is own", uts.substr(uts.rfind(' ') + 1), "own");
  expect("of an unknown one nothing is said", row(report, "ipc"),
         "ipc " + link_of("/proc/self/ns/ipc"));
}

bool isolate_mounts() {
  if (getuid() != 0 && !enter_user_namespace(0, 0)) return false;
  if (unshare(CLONE_NEWNS) != 0) return false;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  // Hidden by the one after it.
  mount("tmpfs", "/mnt", "tmpfs", 0, nullptr);
  mkdir("/mnt/hidden", 0755);
  mount("tmpfs", "/mnt/hidden", "tmpfs", 0, nullptr);
  mount("tmpfs", "/mnt", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  mount("/dev/null", "/proc/kallsyms", nullptr, MS_BIND, nullptr);
  mount("tmpfs", "/proc/tty", "tmpfs", MS_RDONLY, nullptr);
  mount("/proc/fs", "/proc/fs", nullptr, MS_BIND, nullptr);
  mount(nullptr, "/proc/fs", nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr);
  // Not masked: somebody put another device there.
  mount("/dev/zero", "/proc/version", nullptr, MS_BIND, nullptr);
  return true;
}

void mounts() {
  const std::string report = report_after(isolate_mounts);
  if (report.empty()) {
    fprintf(stderr, "skipped: mounts: no new mount namespace can be made here\n");
    return;
  }
  expect("a mount is told with its flags", row(report, "/mnt"),
         "/mnt tmpfs ro nosuid nodev noexec");
  expect("a covered mount is not", row(report, "/mnt/hidden"), "");
  const std::string masked = " " + row(report, "masked") + " ";
  expect("a file under /dev/null is masked",
         std::to_string(masked.find(" /proc/kallsyms ") != std::string::npos), "1");
  expect("a directory under an empty tmpfs is masked",
         std::to_string(masked.find(" /proc/tty ") != std::string::npos), "1");
  expect("a file under another device is not",
         std::to_string(masked.find(" /proc/version ") == std::string::npos), "1");
  const std::string read_only = " " + row(report, "read-only") + " ";
  expect("a read-only part of proc is told",
         std::to_string(read_only.find(" /proc/fs ") != std::string::npos), "1");
}

bool restrict_process() {
  for (int bit = 0; bit < 64; bit++) {
    // CAP_KILL and CAP_CHECKPOINT_RESTORE: one from either end of the list.
    if (bit != 5 && bit != 40) prctl(PR_CAPBSET_DROP, bit, 0, 0, 0);
  }
  sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_fprog program{1, &allow};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

void restrictions() {
  const std::string free = report_after([] { return true; });
  expect("no restriction is told as none", row(free, "seccomp"), "seccomp off");
  if (getuid() != 0 || row(free, "bounding").find("CAP_KILL") == std::string::npos) {
    fprintf(stderr, "skipped: capabilities by name: only root can drop from the bounding set\n");
    return;
  }
  const std::string report = report_after(restrict_process);
  expect("capabilities are told by name", row(report, "bounding"),
         "bounding CAP_KILL CAP_CHECKPOINT_RESTORE");
  expect("no_new_privs is told", row(report, "no_new_privs"), "no_new_privs on");
  expect("a seccomp filter is told", row(report, "seccomp"), "seccomp filter (1 loaded)");
}

}  // namespace

int main() {
  namespaces_and_ids();
  mounts();
  restrictions();
  return failures == 0 ? 0 : 1;
}
