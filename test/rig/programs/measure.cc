// measure FILE COMMAND…: runs the command and appends to FILE one line of JSON: when it was started
// (microseconds of CLOCK_MONOTONIC), how long it took (microseconds, spawn to wait), the
// time on processors (microseconds) and the peak resident memory of the largest process (KiB) of it
// and those it waited for (wait4(2)), and its status as a shell gives it.
//
// A program of its own since a child's peak begins with what its parent had at fork(2), and a
// JavaScript engine has tens of megabytes.

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

extern char** environ;

static long long Microseconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000LL + t.tv_nsec / 1000;
}

static long long Microseconds(const timeval& t) { return t.tv_sec * 1'000'000LL + t.tv_usec; }

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  int file = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return perror(argv[1]), 1;
  long long start = Microseconds();
  pid_t pid;
  int error = posix_spawnp(&pid, argv[2], nullptr, nullptr, argv + 2, environ);
  if (error != 0) return fprintf(stderr, "%s: %s\n", argv[2], strerror(error)), 127;
  int status;
  rusage usage;
  if (wait4(pid, &status, 0, &usage) != pid) return perror("wait4"), 1;
  long long took = Microseconds() - start;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  long long busy = Microseconds(usage.ru_utime) + Microseconds(usage.ru_stime);
  dprintf(file, "{\"at\":%lld,\"us\":%lld,\"busyUs\":%lld,\"peakKiB\":%ld,\"status\":%d}\n", start,
          took, busy, usage.ru_maxrss, code);
  return code;
}
