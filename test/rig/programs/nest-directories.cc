// nest-directories DIR COUNT [PROGRAM ARG…]: makes COUNT directories in DIR, each in the one before,
// each with a name of 20 letters. With a program, joins the innermost as a cgroup and executes it.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc < 3 || chdir(argv[1]) != 0) return 2;
  for (int left = atoi(argv[2]); left > 0; left--) {
    if (mkdir("a-name-of-20-letters", 0755) != 0 || chdir("a-name-of-20-letters") != 0) {
      perror("nest-directories");
      return 1;
    }
  }
  if (argc == 3) return 0;
  const int procs = open("cgroup.procs", O_WRONLY);
  if (procs < 0 || write(procs, "0", 1) != 1) {
    perror("cgroup.procs");
    return 1;
  }
  close(procs);
  execvp(argv[3], argv + 3);
  return 127;
}
