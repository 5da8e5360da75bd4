// push-into-terminal TEXT: types TEXT for the user of every terminal that can be reached (TIOCSTI,
// TIOCLINUX; ioctl_tty(2)) and prints for each how that went; then whether there is a controlling
// terminal, and whether this process leads its session.

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

void Push(const char* name, int fd, const char* text) {
  for (const char* c = text; *c != '\0'; c++) {
    if (ioctl(fd, TIOCSTI, c) != 0) {
      printf("%s refused: %s\n", name, strerror(errno));
      return;
    }
  }
  printf("%s PUSHED\n", name);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const char* names[] = {"stdin", "stdout", "stderr"};
  for (int fd = 0; fd < 3; fd++) Push(names[fd], fd, argv[1]);
  char paste[] = {3, 0};  // TIOCL_PASTESEL
  if (ioctl(0, TIOCLINUX, paste) == 0) printf("selection PUSHED\n");
  int terminal = open("/dev/tty", O_RDWR);
  printf("terminal %s\n", terminal < 0 ? strerror(errno) : "opened");
  if (terminal >= 0) Push("terminal", terminal, argv[1]);
  printf("session %s\n", getsid(0) == getpid() ? "own" : "another's");
  return 0;
}
