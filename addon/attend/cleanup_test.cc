// The clean-up of cgroups, on a cgroup made for each promise below the test's own.

#include "attend/cleanup.h"

#include <fstream>
#include <sstream>

#include "attend/attend_rig.h"

namespace {

using namespace sampan::rig;

// A new cgroup in the first hierarchy of `type` that lets one be made; empty when none does.
std::string new_cgroup(const std::string& type) {
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string word, target, fs_type;
    for (int i = 0; i < 5; i++) words >> target;
    while (words >> word && word != "-") {
    }
    words >> fs_type;
    if (fs_type != type) continue;
    std::string path = target + "/sampan-test-" + std::to_string(getpid());
    // cpuset takes no process before it is configured.
    if (target.find("cpuset") == std::string::npos && mkdir(path.c_str(), 0755) == 0) return path;
  }
  return {};
}

// A process in the cgroup that ignores what can be ignored.
pid_t inhabit(const std::string& cgroup) {
  Pipe ready;
  const pid_t pid = fork();
  if (pid == 0) {
    signal(SIGTERM, SIG_IGN);
    std::ofstream(cgroup + "/cgroup.procs") << getpid();
    if (write(ready.in, "r", 1) != 1) _exit(1);
    for (;;) pause();
  }
  expect("the process runs", read_all(ready.out, 1), "r");
  return pid;
}

void nest(const std::string& cgroup) {
  for (const char* name : {"/a", "/a/b", "/a/b/c", "/d"}) mkdir((cgroup + name).c_str(), 0755);
}

void killed_and_removed(const std::string& type, const std::string& promise) {
  const std::string cgroup = new_cgroup(type);
  if (cgroup.empty()) return skip(promise.c_str(), ("no writable " + type + " hierarchy").c_str());
  nest(cgroup);
  const pid_t processes[] = {inhabit(cgroup), inhabit(cgroup + "/a/b/c"), inhabit(cgroup + "/d")};
  sampan::kill_cgroup(cgroup.c_str());
  for (const pid_t pid : processes) expect(promise, finish(pid), -SIGKILL);
  sampan::remove_cgroup(cgroup.c_str(), false);
  expect(promise, exists(cgroup), false);
}

void deep_nesting_is_removed() {
  const std::string promise = "cgroups nested deeper than a path may be long are removed";
  const std::string cgroup = new_cgroup("cgroup2");
  if (cgroup.empty()) return skip(promise.c_str(), "no writable cgroup2 hierarchy");
  const char* name = "a-name-of-20-letters";
  int at = open(cgroup.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; i < 400; i++) {
    expect("a cgroup can be nested", mkdirat(at, name, 0755), 0);
    const int next = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    close(at);
    at = next;
  }
  close(at);
  sampan::remove_cgroup(cgroup.c_str(), false);
  expect(promise, exists(cgroup), false);
}

void busy_cgroup_is_told() {
  const std::string cgroup = new_cgroup("cgroup2");
  if (cgroup.empty()) return skip("a busy cgroup is told", "no writable cgroup2 hierarchy");
  nest(cgroup);
  const pid_t stranger = inhabit(cgroup + "/a");
  int code = 0;
  const std::string text = run_for_stderr(
      {.container = [] { return 5; }, .clean_up = [&](PlanWriter& p) { p.remove_cgroup(cgroup); }},
      &code);
  expect("a busy cgroup is told", text,
         "sampan: remove cgroup " + cgroup + ": rmdir: device or resource busy (EBUSY)\n");
  expect("a busy cgroup does not change the exit status", code, 5);
  expect("what is below and not busy is removed", exists(cgroup + "/d"), false);
  kill(stranger, SIGKILL);
  finish(stranger);
  sampan::remove_cgroup(cgroup.c_str(), false);
  expect("later it can be removed", exists(cgroup), false);
}

void cgroup_that_empties_in_time_is_removed() {
  const std::string cgroup = new_cgroup("cgroup2");
  if (cgroup.empty()) return skip("removal waits", "no writable cgroup2 hierarchy");
  const pid_t late = inhabit(cgroup);
  const pid_t killer = fork();
  if (killer == 0) {
    sleep_ms(300);
    kill(late, SIGKILL);
    _exit(0);
  }
  sampan::remove_cgroup(cgroup.c_str(), false);
  expect("removal waits for a process that is about to end", exists(cgroup), false);
  finish(late);
  finish(killer);
}

void missing_cgroup_is_no_error() {
  int code = 0;
  const std::string text = run_for_stderr({.container = [] { return 0; },
                                           .clean_up =
                                               [](PlanWriter& p) {
                                                 p.kill_cgroup("/sys/fs/cgroup/never/made");
                                                 p.remove_cgroup("/sys/fs/cgroup/never/made");
                                               }},
                                          &code);
  expect("a cgroup that is gone already is no error", text, "");
}

}  // namespace

int main(int argc, char** argv) {
  if (is_helper(argc, argv)) return attend_main(argc, argv);
  alarm(120);
  killed_and_removed("cgroup2", "every process of a cgroup and those below it is killed");
  killed_and_removed("cgroup", "also where the kernel has no cgroup.kill");
  deep_nesting_is_removed();
  busy_cgroup_is_told();
  cgroup_that_empties_in_time_is_removed();
  missing_cgroup_is_no_error();
  return failures == 0 ? 0 : 1;
}
