// What init writes to /proc arrives in a procfs, and in the file that was meant.

#include "init/proc.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "testing/check.h"

namespace sampan::init {
namespace {

std::string own_name() {
  char name[16] = "";
  CHECK(prctl(PR_GET_NAME, name) == 0);
  return name;
}

void a_file_of_this_process_is_written() {
  Proc proc;
  CHECK(proc.open(false).ok());
  CHECK(proc.write_own("comm", "written").ok());
  CHECK(own_name() == "written");
}

void without_more_than_the_processes_nothing_else_is_there() {
  Proc proc;
  CHECK(proc.open(false).ok());
  // Where no procfs of its own is allowed, it is that of the machine.
  if (geteuid() == 0) CHECK(proc.write("sys/kernel/hostname", "x").error == ENOENT);
}

void links_are_not_followed() {
  Proc proc;
  CHECK(proc.open(true).ok());
  CHECK(proc.write("self/comm", "x").error == ELOOP);
  CHECK(proc.write_own("cwd/file", "x").error == ELOOP);
  CHECK(proc.write_own("fd/0", "x").error == ELOOP);
  CHECK(proc.write("../etc/passwd", "x").error == EXDEV);
  CHECK(proc.write("/etc/passwd", "x").error == EXDEV);
}

void the_refusal_of_a_write_names_the_call() {
  Proc proc;
  CHECK(proc.open(true).ok());
  Status status = proc.write("sys/kernel/shm_rmid_forced", "neither 0 nor 1");
  CHECK(geteuid() != 0 || (status.error == EINVAL && strcmp(status.syscall, "write") == 0));
  CHECK(proc.write_own("no-such-file", "x").error == ENOENT);
}

// Runs `body` in a user namespace that owns no pid namespace: a procfs of its own is refused.
template <class Body>
void without_rights(Body body) {
  (void)fflush(stdout);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
      (void)puts("skipped: no user namespaces here");
      (void)fflush(stdout);
      _exit(0);
    }
    body();
    _exit(testing::failures == 0 ? 0 : 1);
  }
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void the_visible_proc_serves_where_a_new_one_is_refused() {
  without_rights([] {
    Proc proc;
    CHECK(proc.open(true).ok());
    CHECK(proc.write_own("comm", "fallback").ok());
    CHECK(own_name() == "fallback");
  });
}

void cve_2019_16884_another_file_system_on_proc_is_refused() {
  without_rights([] {
    CHECK(mount("tmpfs", "/proc", "tmpfs", 0, nullptr) == 0);
    Proc proc;
    Status status = proc.open(true);
    CHECK(status.error == EXDEV);
    CHECK(strcmp(status.detail, "it is not in a procfs") == 0);
  });
}

void a_part_of_a_procfs_on_proc_is_refused() {
  without_rights([] {
    CHECK(mount("/proc/sys", "/proc", nullptr, MS_BIND | MS_REC, nullptr) == 0);
    Proc proc;
    Status status = proc.open(true);
    CHECK(status.error == EXDEV);
    CHECK(strcmp(status.detail, "it is not the root of a procfs") == 0);
  });
}

void cve_2025_52881_what_is_mounted_on_a_part_is_not_entered() {
  without_rights([] {
    CHECK(mount("tmpfs", "/proc/sys", "tmpfs", 0, nullptr) == 0);
    CHECK(mount("/dev/null", "/proc/self/comm", nullptr, MS_BIND, nullptr) == 0);
    Proc proc;
    CHECK(proc.open(true).ok());
    CHECK(proc.write("sys/kernel/hostname", "x").error == EXDEV);
    CHECK(proc.write_own("comm", "covered").error == EXDEV);
  });
}

}  // namespace
}  // namespace sampan::init

int main() {
  using namespace sampan::init;
  a_file_of_this_process_is_written();
  without_more_than_the_processes_nothing_else_is_there();
  links_are_not_followed();
  the_refusal_of_a_write_names_the_call();
  the_visible_proc_serves_where_a_new_one_is_refused();
  cve_2019_16884_another_file_system_on_proc_is_refused();
  a_part_of_a_procfs_on_proc_is_refused();
  cve_2025_52881_what_is_mounted_on_a_part_is_not_entered();
  return sampan::testing::failures == 0 ? 0 : 1;
}
