// exchange A B: gives each of two names what the other had, over and over until it is killed: a
// directory and a symbolic link that change places under whoever resolves a path.

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  for (;;) {
    // RENAME_EXCHANGE, rename(2): there is no moment at which one of them is missing.
    if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE) != 0) {
      return perror("renameat2"), 1;
    }
  }
}
