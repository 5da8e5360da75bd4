// nest-directories DIR NAME COUNT [PROGRAM ARG…]: makes COUNT directories in DIR, each in the one
// before, all with that name. With a program, joins the innermost as a cgroup and executes it.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc < 4 || chdir(argv[1]) != 0) return 2;
  for (int left = atoi(argv[3]); left > 0; left--) {
    if (mkdir(argv[2], 0755) != 0 || chdir(argv[2]) != 0) {
      perror("nest-directories");
      return 1;
    }
  }
  if (argc == 4) return 0;
  const int procs = open("cgroup.procs", O_WRONLY);
  if (procs < 0 || write(procs, "0", 1) != 1) {
    perror("cgroup.procs");
    return 1;
  }
  close(procs);
  execvp(argv[4], argv + 4);
  return 127;
}
