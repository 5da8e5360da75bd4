// receive-descriptor SOCKET: listens on the unix socket SOCKET, takes one descriptor from who
// connects (SCM_RIGHTS, unix(7)), prints the message that came with it and for a pidfd the line
// `Pid:` of its fdinfo, then relays: what can be read from the descriptor to stdout, until its end.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

int Failed(const char* call) {
  fprintf(stderr, "%s: %s\n", call, strerror(errno));
  return 1;
}

int Receive(int connection, char* text, size_t size) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  iovec data{text, size - 1};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t length = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  cmsghdr* header = length < 0 ? nullptr : CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
  text[length] = '\0';
  int descriptor;
  memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  return descriptor;
}

void PrintPid(int descriptor) {
  char line[256];
  snprintf(line, sizeof line, "/proc/self/fdinfo/%d", descriptor);
  FILE* info = fopen(line, "re");
  while (info != nullptr && fgets(line, sizeof line, info) != nullptr) {
    if (strncmp(line, "Pid:", 4) == 0) printf("%s", line);
  }
  if (info != nullptr) fclose(info);
}

}  // namespace

int main(int argc, char** argv) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (argc != 2 || strlen(argv[1]) + 2 > sizeof address.sun_path) return 2;
  // Under another name at first: who sees the right one can connect.
  strcat(strcpy(address.sun_path, argv[1]), "~");
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return Failed("bind");
  }
  if (listen(listener, 1) != 0) return Failed("listen");
  if (rename(address.sun_path, argv[1]) != 0) return Failed("rename");
  int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection < 0) return Failed("accept4");
  char text[4096];
  int descriptor = Receive(connection, text, sizeof text);
  if (descriptor < 0) return Failed("recvmsg");
  printf("received %s\n", text);
  PrintPid(descriptor);
  fflush(stdout);
  // EIO is how the master of a pseudo-terminal tells that the other side is closed.
  for (ssize_t n; (n = read(descriptor, text, sizeof text)) > 0;) {
    if (write(STDOUT_FILENO, text, n) != n) return Failed("write");
  }
  return 0;
}
