// The executable: src/ as bytecode, on QuickJS. The program ends by process.exit; what it leaves to
// the kernel to free is quicker freed by it.

#include <quickjs.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/globals.h"
#include "engine/memory.h"
#include "engine/modules.h"

namespace {

constexpr size_t kEnough = size_t{4} << 20;

// Of the stack, what JavaScript may use: a document that is too deep must end in an exception.
size_t stack_for_javascript() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kEnough;
  const size_t part = limit.rlim_cur / 2;
  return part < kEnough ? part : kEnough;
}

JSContext* make_context() {
  JSRuntime* runtime = JS_NewRuntime2(&sampan::engine::memory_functions(), nullptr);
  JS_SetMaxStackSize(runtime, stack_for_javascript());
  // A command ends before collecting would pay; what watches for long stays below this, too.
  JS_SetGCThreshold(runtime, size_t{32} << 20);
  sampan::engine::load_embedded_modules(runtime);
  JSContext* context = JS_NewContextRaw(runtime);
  JS_AddIntrinsicBaseObjects(context);
  JS_AddIntrinsicDate(context);
  JS_AddIntrinsicStringNormalize(context);
  JS_AddIntrinsicRegExp(context);
  JS_AddIntrinsicRegExpCompiler(context);
  JS_AddIntrinsicJSON(context);
  JS_AddIntrinsicProxy(context);
  JS_AddIntrinsicMapSet(context);
  JS_AddIntrinsicTypedArrays(context);
  JS_AddIntrinsicPromise(context);
  JS_AddIntrinsicWeakRef(context);
  return context;
}

void say(const char* text) {
  if (text != nullptr && write(STDERR_FILENO, text, strlen(text)) < 0) _exit(1);
}

// A throw that nothing caught is a bug of ours.
[[noreturn]] void die(JSContext* context, JSValueConst thrown) {
  say("sampan: internal error: ");
  say(JS_ToCString(context, thrown));
  JSValue stack = JS_GetPropertyStr(context, thrown, "stack");
  if (JS_IsString(stack)) {
    say("\n");
    say(JS_ToCString(context, stack));
  }
  say("\n");
  _exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  JSContext* context = make_context();
  sampan::engine::add_globals(context, argc, argv);
  JSValue promise = sampan::engine::evaluate(context, "main.js");
  if (JS_IsException(promise)) die(context, JS_GetException(context));
  JSContext* of_job = nullptr;
  int ran = 0;
  while ((ran = JS_ExecutePendingJob(JS_GetRuntime(context), &of_job)) > 0) {
  }
  if (ran < 0) die(of_job, JS_GetException(of_job));
  if (JS_PromiseState(context, promise) == JS_PROMISE_REJECTED) {
    die(context, JS_PromiseResult(context, promise));
  }
  return 0;
}
