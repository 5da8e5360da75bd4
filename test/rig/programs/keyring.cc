// keyring: prints the number of the session keyring of this process.
// keyring NAME: joins the one of that name, which is made where there is none, lets everybody use
// it, prints its number, and stays.

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>

int main(int argc, char** argv) {
  const long keyring =
      argc > 1 ? syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, argv[1])
               : syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
  if (keyring < 0) {
    perror("keyctl");
    return 1;
  }
  if (argc > 1 && syscall(SYS_keyctl, KEYCTL_SETPERM, keyring, 0x3f3f3f3f) != 0) {
    perror("KEYCTL_SETPERM");
    return 1;
  }
  printf("%ld\n", keyring);
  fflush(stdout);
  if (argc > 1) pause();
}
