// seccomp-agent SOCKET CONTAINERS: listens on the unix stream socket SOCKET and decides for whoever
// sends a seccomp listener there (seccomp_unotify(2)): mkdir(2) and mkdirat(2) fail with ENOMEDIUM,
// all else goes on. Prints what came with each listener once its connection is closed, a line each.
// Ends when CONTAINERS of them have no process any more; with 0 as soon as it has the first.

#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

int Failed(const char* call) {
  fprintf(stderr, "%s: %s\n", call, strerror(errno));
  return 1;
}

int Listen(const char* path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (strlen(path) + 2 > sizeof address.sun_path) return -1;
  // Under another name at first: who sees the right one can connect.
  strcat(strcpy(address.sun_path, path), "~");
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool bound = bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  if (!bound || listen(listener, 4) != 0) return -1;
  return rename(address.sun_path, path) == 0 ? listener : -1;
}

// The descriptor that comes with the first bytes; prints all that comes until the end.
int Receive(int connection) {
  char bytes[4096];
  alignas(cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))];
  iovec data{bytes, sizeof bytes};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t length = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  cmsghdr* header = length <= 0 ? nullptr : CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_len != CMSG_LEN(sizeof(int))) return -1;
  int descriptor;
  memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  std::string text(bytes, length);
  while ((length = read(connection, bytes, sizeof bytes)) > 0) text.append(bytes, length);
  printf("%s\n", text.c_str());
  fflush(stdout);
  return descriptor;
}

bool IsMkdir(int number) {
#ifdef SYS_mkdir
  if (number == SYS_mkdir) return true;
#endif
  return number == SYS_mkdirat;
}

void Decide(int listener) {
  seccomp_notif asked{};
  // ENOENT: the process was killed meanwhile.
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) return;
  seccomp_notif_resp answer{};
  answer.id = asked.id;
  if (IsMkdir(asked.data.nr)) {
    answer.error = -ENOMEDIUM;
  } else {
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  }
  (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  int left = atoi(argv[2]);
  const bool leaves = left == 0;
  std::vector<pollfd> watched = {{Listen(argv[1]), POLLIN, 0}};
  if (watched[0].fd < 0) return Failed("listen");
  while (leaves || left > 0) {
    if (poll(watched.data(), watched.size(), -1) < 0) return Failed("poll");
    for (size_t i = watched.size() - 1; i > 0; i--) {
      if ((watched[i].revents & POLLIN) != 0) {
        Decide(watched[i].fd);
      } else if (watched[i].revents != 0) {
        close(watched[i].fd);
        watched.erase(watched.begin() + static_cast<long>(i));
        left--;
      }
    }
    if (watched[0].revents == 0) continue;
    int connection = accept4(watched[0].fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return Failed("accept4");
    int listener = Receive(connection);
    if (listener < 0) return Failed("recvmsg");
    close(connection);
    if (leaves) return 0;
    watched.push_back({listener, POLLIN, 0});
  }
  return 0;
}
