// spawn: runs a program and waits for it.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "core/process.h"
#include "core/unique_fd.h"
#include "engine/system/call.h"
#include "engine/system/exports.h"

namespace sampan::system {
namespace {

// What a standard stream of the program is, besides a descriptor of this process.
constexpr int kIgnored = -1;  // /dev/null
constexpr int kPipe = -2;     // read to its end; for output only

struct Stream {
  int kind = kIgnored;
  UniqueFd reader;
  UniqueFd writer;
  std::string output;
};

class Actions {
 public:
  Actions() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // The engine ignores it, which execve(2) would keep.
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~Actions() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  // Whether stream `fd` could be made ready.
  bool add(Stream* stream, int fd) {
    if (stream->kind == kIgnored) {
      return posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDWR, 0) == 0;
    }
    int from = stream->kind;
    if (stream->kind == kPipe) {
      int ends[2];
      if (pipe2(ends, O_CLOEXEC) != 0) return false;
      stream->reader = UniqueFd(ends[0]);
      stream->writer = UniqueFd(ends[1]);
      from = ends[1];
    }
    return posix_spawn_file_actions_adddup2(&actions_, from, fd) == 0;
  }
  int spawn(pid_t* pid, const char* program, char* const* argv) const {
    return posix_spawnp(pid, program, &actions_, &attributes_, argv, environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Takes what there is to read; closes the pipe at its end.
void receive(Stream* stream) {
  char buffer[16384];
  const ssize_t n = read(stream->reader.get(), buffer, sizeof buffer);
  if (n > 0) stream->output.append(buffer, static_cast<size_t>(n));
  if (n == 0 || (n < 0 && errno != EINTR)) stream->reader = UniqueFd();
}

void receive_all(Stream* streams, size_t count) {
  for (;;) {
    std::vector<pollfd> open;
    std::vector<Stream*> of;
    for (size_t i = 0; i < count; i++) {
      if (!streams[i].reader.ok()) continue;
      open.push_back({streams[i].reader.get(), POLLIN, 0});
      of.push_back(&streams[i]);
    }
    if (open.empty()) return;
    if (poll(open.data(), open.size(), -1) < 0) continue;
    for (size_t i = 0; i < open.size(); i++) {
      if (open[i].revents != 0) receive(of[i]);
    }
  }
}

Napi::Value outcome(Napi::Env env, int status, const Stream* streams) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("status", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  object.Set("stdout", Napi::String::New(env, streams[1].output));
  object.Set("stderr", Napi::String::New(env, streams[2].output));
  return object;
}

// spawn(program, arguments with the name, the kinds of the three streams)
Napi::Value run(const Napi::CallbackInfo& info) {
  Path program;
  std::vector<std::string> words;
  std::vector<int> kinds;
  if (!take(info, &program, &words, &kinds) || kinds.size() != 3) {
    return throw_misuse(info.Env(), "spawn(program, argv, streams)");
  }
  Stream streams[3];
  Actions actions;
  for (int fd = 0; fd < 3; fd++) {
    streams[fd].kind = kinds[static_cast<size_t>(fd)];
    if (!actions.add(&streams[fd], fd)) return refuse(info.Env(), "pipe2", &program.text);
  }
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  keep_children();
  pid_t pid;
  errno = actions.spawn(&pid, program.c_str(), argv.data());
  if (errno != 0) return refuse(info.Env(), "spawn", &program.text);
  for (Stream& stream : streams) stream.writer = UniqueFd();
  receive_all(streams, 3);
  int status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return refuse(info.Env(), "waitpid", &program.text);
  }
  return outcome(info.Env(), status, streams);
}

}  // namespace

void export_programs(Napi::Env env, Napi::Object exports) {
  exports.Set("spawn", Napi::Function::New(env, run));
}

}  // namespace sampan::system
