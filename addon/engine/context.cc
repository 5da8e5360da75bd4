#include "engine/context.h"

#include <string.h>
#include <unistd.h>

#include "engine/memory.h"

namespace sampan::engine {

namespace {

void say(const char* text) {
  if (text != nullptr && write(STDERR_FILENO, text, strlen(text)) < 0) _exit(1);
}

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

JSContext* make_context() {
  JSRuntime* runtime = JS_NewRuntime2(&memory_functions(), nullptr);
  // A command ends before collecting would pay; what watches for long stays below this, too.
  JS_SetGCThreshold(runtime, size_t{32} << 20);
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

JSValue settle(JSContext* context, JSValue promise) {
  if (JS_IsException(promise)) die(context, JS_GetException(context));
  JSContext* of_job = nullptr;
  int ran = 0;
  while ((ran = JS_ExecutePendingJob(JS_GetRuntime(context), &of_job)) > 0) {
  }
  if (ran < 0) die(of_job, JS_GetException(of_job));
  if (JS_PromiseState(context, promise) == JS_PROMISE_REJECTED) {
    die(context, JS_PromiseResult(context, promise));
  }
  JSValue result = JS_PromiseResult(context, promise);
  JS_FreeValue(context, promise);
  return result;
}

}  // namespace sampan::engine
