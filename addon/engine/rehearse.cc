#include "engine/rehearse.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <span>
#include <string_view>

#include "engine/context.h"
#include "engine/globals.h"
#include "engine/memory.h"
#include "engine/snapshot.h"

namespace sampan::engine {

namespace {

// A page that may be written, and what was in it.
struct OpenPage {
  char* at;
  char before[kPage];
};

Writes writes;
uint32_t bit;
// A second one only for an instruction that writes across the end of a page: it goes back and forth
// between the two.
OpenPage open_pages[2];
size_t open_count;
char* closed;
int times_back;
constexpr int kBackAndForth = 8;

char* const heap = reinterpret_cast<char*>(kHeap);

void note(size_t offset) { writes.by[offset / kUnit] |= bit; }

void open_page(OpenPage* page, char* at) {
  page->at = at;
  memcpy(page->before, at, kPage);
  // The write would fault for ever.
  if (mprotect(at, kPage, PROT_READ | PROT_WRITE) != 0) _exit(125);
}

// What was written since the page was opened, and is not as it was.
void close_page(const OpenPage& page) {
  mprotect(page.at, kPage, PROT_READ);
  for (size_t i = 0; i < kPage; i += kUnit) {
    if (memcmp(page.at + i, page.before + i, kUnit) != 0) {
      note(static_cast<size_t>(page.at - heap) + i);
    }
  }
}

void close_pages() {
  while (open_count > 0) close_page(open_pages[--open_count]);
}

// Most writes are counts of references that are soon as before: comparing the heap afterwards would
// not show them. So a page is open only until another is written.
void on_fault(int number, siginfo_t* about, void* /*context*/) {
  const size_t offset = reinterpret_cast<uintptr_t>(about->si_addr) - kHeap;
  if (offset >= writes.units * kUnit) {
    signal(number, SIG_DFL);
    return;
  }
  note(offset);
  char* at = heap + offset / kPage * kPage;
  times_back = at == closed ? times_back + 1 : 0;
  if (times_back < kBackAndForth || open_count == 2) {
    closed = open_pages[0].at;
    close_pages();
  }
  open_page(&open_pages[open_count++], at);
}

void watch() {
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, nullptr);
  mprotect(heap, writes.units * kUnit, PROT_READ);
}

// In place of init, functions of the addon (src/native/addon.ts).

JSValue spawn_init(JSContext* context, JSValueConst, int, JSValueConst*) {
  JSValue spawned = JS_NewObject(context);
  JS_SetPropertyStr(context, spawned, "pid", JS_NewInt32(context, getpid()));
  for (const char* name : {"pidfd", "socket"}) {
    JS_SetPropertyStr(context, spawned, name, JS_NewInt32(context, dup(STDIN_FILENO)));
  }
  return spawned;
}

JSValue nothing(JSContext*, JSValueConst, int, JSValueConst*) { return JS_UNDEFINED; }

// It is ready (src/launch/messages.ts), and then executes the program.
JSValue receive(JSContext* context, JSValueConst, int, JSValueConst*) {
  static bool ready;
  if (ready) return JS_NULL;
  ready = true;
  static constexpr uint8_t kReady[] = {5, 0, 0, 0};
  JSValue bytes = JS_NewArrayBufferCopy(context, kReady, sizeof kReady);
  JSValueConst whole[] = {bytes, JS_UNDEFINED, JS_UNDEFINED};
  JSValue message = JS_NewObject(context);
  JS_SetPropertyStr(context, message, "bytes",
                    JS_NewTypedArray(context, 3, whole, JS_TYPED_ARRAY_UINT8));
  JS_SetPropertyStr(context, message, "fds", JS_NewArray(context));
  return message;
}

JSValue end(JSContext*, JSValueConst, int, JSValueConst*) {
  close_pages();
  _exit(0);
}

// process.exit
JSValue leave(JSContext* context, JSValueConst, int count, JSValueConst* arguments) {
  int32_t status = 0;
  if (count > 0) JS_ToInt32(context, &status, arguments[0]);
  close_pages();
  _exit(status);
}

constexpr std::string_view kFolder = "/rehearsal";

// What stands for a path, in the folder of rehearsals: what is of the machine and not of a process
// lies there as well. Null for others.
const char* in_folder(const char* path) {
  const std::string_view all = path;
  if (all == kFolder) return ".";
  if (all.starts_with("/rehearsal/")) return path + kFolder.size() + 1;
  if (all.starts_with("/sys/")) return path + 1;
  if (all.starts_with("/proc/") && strspn(path + 6, "0123456789") == 0) return path + 1;
  return nullptr;
}

// A system call that finds in the folder of rehearsals what it looks for in /sys and /proc: no
// cgroup is made, and all machines look the same.
JSValue elsewhere(JSContext* context, JSValueConst, int count, JSValueConst* arguments, int is_stat,
                  JSValue* function) {
  JSValue changed[8];
  for (int i = 0; i < count; i++) {
    changed[i] = arguments[i];
    if (!JS_IsString(arguments[i])) continue;
    const char* text = JS_ToCString(context, arguments[i]);
    const char* instead = in_folder(text);
    if (instead != nullptr) changed[i] = JS_NewString(context, instead);
    JS_FreeCString(context, text);
  }
  JSValue result = JS_Call(context, *function, JS_UNDEFINED, count, changed);
  // Files belong to the user, who is root (src/engine/stats.ts).
  for (uint32_t i = 1; i <= 2 && is_stat != 0 && JS_IsObject(result); i++) {
    JS_SetPropertyUint32(context, result, i, JS_NewInt32(context, 0));
  }
  return result;
}

JSValue statfs(JSContext* context, JSValueConst, int, JSValueConst*) {
  return JS_NewInt32(context, CGROUP2_SUPER_MAGIC);
}

JSValue folder(JSContext* context, JSValueConst, int, JSValueConst*) {
  return JS_NewStringLen(context, kFolder.data(), kFolder.size());
}

JSValue root(JSContext* context, JSValueConst, int, JSValueConst*) {
  return JS_NewInt32(context, 0);
}

JSValue native(JSContext* context, const char* name) {
  JSValue module = settle(context, JS_LoadModule(context, "", name));
  return JS_GetPropertyStr(context, module, "default");
}

struct Replaced {
  const char* name;
  JSCFunction* function;
};

// A name that is not there any more ends the rehearsal: it would do what is to be left out.
void replace(JSContext* context, JSValueConst module, std::span<const Replaced> all) {
  for (const auto& [name, function] : all) {
    if (!JS_IsFunction(context, JS_GetPropertyStr(context, module, name))) _exit(126);
    JS_SetPropertyStr(context, module, name, JS_NewCFunction(context, function, name, 0));
  }
}

void replace_init(JSContext* context) {
  static constexpr Replaced kInit[] = {{"spawnInit", spawn_init}, {"send", nothing},
                                       {"receive", receive},      {"pidfdSignal", nothing},
                                       {"wait", nothing},         {"attachDeviceFilter", nothing},
                                       {"becomeHelper", end}};
  replace(context, native(context, "sampan:addon"), kInit);
}

void replace_machine(JSContext* context) {
  JSValue system = native(context, "sampan:system");
  JSPropertyEnum* names = nullptr;
  uint32_t count = 0;
  JS_GetOwnPropertyNames(context, &names, &count, system, JS_GPN_STRING_MASK);
  for (uint32_t i = 0; i < count; i++) {
    JSValue function = JS_GetProperty(context, system, names[i].atom);
    if (!JS_IsFunction(context, function)) continue;
    const char* name = JS_AtomToCString(context, names[i].atom);
    const int is_stat = strstr(name, "stat") != nullptr;
    JS_SetProperty(context, system, names[i].atom,
                   JS_NewCFunctionData(context, elsewhere, 8, is_stat, 1, &function));
  }
  static constexpr Replaced kCgroup2[] = {{"statfs", statfs}};
  replace(context, system, kCgroup2);
  static constexpr Replaced kSelf[] = {
      {"geteuid", root}, {"getegid", root}, {"cwd", folder}, {"exit", leave}};
  JSValue global = JS_GetGlobalObject(context);
  replace(context, JS_GetPropertyStr(context, global, "process"), kSelf);
}

[[noreturn]] void carry_out(JSContext* context, const Command& command) {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) dup2(null, fd);
  // One that waits for somebody waits for ever.
  alarm(60);
  if (chdir(command.folder) != 0 || clearenv() != 0) _exit(127);
  start_clock();
  JS_UpdateStackTop(JS_GetRuntime(context));
  replace_init(context);
  replace_machine(context);
  watch();
  settle(context, call_main(context, command.argc, command.argv));
  _exit(0);
}

}  // namespace

Writes no_writes(size_t size) {
  const size_t units = size / kUnit;
  void* by = mmap(nullptr, units * sizeof(uint32_t), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return {by == MAP_FAILED ? nullptr : static_cast<uint32_t*>(by), units};
}

int rehearse(JSContext* context, const Command& command, const Writes& to, uint32_t as) {
  writes = to;
  bit = as;
  const pid_t child = fork();
  if (child == 0) carry_out(context, command);
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace sampan::engine
