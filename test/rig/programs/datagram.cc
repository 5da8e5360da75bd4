// datagram receive SOCKET: binds the unix datagram socket SOCKET, prints `bound`, then the first
// datagram that comes. datagram send TEXT: sends TEXT to the socket that NOTIFY_SOCKET names, as
// sd_notify(3) does.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

static int Failed(const char* call) {
  fprintf(stderr, "%s: %s\n", call, strerror(errno));
  return 1;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const bool receive = strcmp(argv[1], "receive") == 0;
  const char* path = receive ? argv[2] : getenv("NOTIFY_SOCKET");
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path == nullptr || strlen(path) >= sizeof address.sun_path) return 2;
  strcpy(address.sun_path, path);
  const auto* name = reinterpret_cast<sockaddr*>(&address);
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (!receive) {
    const size_t length = strlen(argv[2]);
    const ssize_t sent = sendto(socket, argv[2], length, 0, name, sizeof address);
    return sent == static_cast<ssize_t>(length) ? 0 : Failed("sendto");
  }
  if (bind(socket, name, sizeof address) != 0) return Failed("bind");
  printf("bound\n");
  fflush(stdout);
  char text[4096];
  const ssize_t length = recv(socket, text, sizeof text - 1, 0);
  if (length < 0) return Failed("recv");
  text[length] = '\0';
  printf("%s\n", text);
  return 0;
}
