// together FOLDER COMMAND… ';' COMMAND… ';' …: starts the commands at one moment and waits for all.
// The standard error of the n-th goes to FOLDER/n. Prints for each, in their order, a line with its
// status as a shell gives it, the moment at which it was let go, and that at which it had ended
// (microseconds, CLOCK_MONOTONIC).

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

struct Run {
  pid_t pid;
  long long begin, end;
  int status;
};

static long long Now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000LL + t.tv_nsec / 1000;
}

/** Waits until the gate's other end is closed, which lets all go at once. */
static void Become(char** argv, const std::string& error, int gate, Run* run) {
  int file = open(error.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  int nothing = open("/dev/null", O_WRONLY);
  dup2(nothing, 1);
  dup2(file, 2);
  close(nothing);
  close(file);
  char byte;
  while (read(gate, &byte, 1) > 0) {
  }
  close(gate);
  run->begin = Now();
  execvp(argv[0], argv);
  perror(argv[0]);
  _exit(127);
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::vector<char**> commands{argv + 2};
  for (int i = 2; i < argc; i++) {
    if (strcmp(argv[i], ";") != 0) continue;
    argv[i] = nullptr;
    if (i + 1 < argc) commands.push_back(argv + i + 1);
  }
  size_t size = commands.size() * sizeof(Run);
  // Shared, since each child writes when it began.
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return perror("mmap"), 1;
  Run* runs = static_cast<Run*>(memory);
  int gate[2];
  if (pipe(gate) != 0) return perror("pipe"), 1;
  for (size_t i = 0; i < commands.size(); i++) {
    pid_t pid = fork();
    if (pid < 0) return perror("fork"), 1;
    if (pid == 0) {
      close(gate[1]);
      Become(commands[i], std::string(argv[1]) + "/" + std::to_string(i), gate[0], runs + i);
    }
    runs[i].pid = pid;
  }
  close(gate[0]);
  close(gate[1]);
  for (size_t ended = 0; ended < commands.size();) {
    int status;
    pid_t pid = wait(&status);
    if (pid < 0) return perror("wait"), 1;
    for (size_t i = 0; i < commands.size(); i++) {
      if (runs[i].pid != pid) continue;
      runs[i].end = Now();
      runs[i].status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      ended++;
    }
  }
  for (size_t i = 0; i < commands.size(); i++) {
    printf("%d %lld %lld\n", runs[i].status, runs[i].begin, runs[i].end);
  }
}
