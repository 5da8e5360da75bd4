// The executable: src/, loaded already, on QuickJS. The program ends by process.exit; what it
// leaves to the kernel to free is quicker freed by it.

#include <quickjs.h>
#include <sys/resource.h>

#include "engine/context.h"
#include "engine/globals.h"
#include "engine/snapshot.h"

namespace {

constexpr size_t kEnough = size_t{4} << 20;

// Of the stack, what JavaScript may use: a document that is too deep must end in an exception.
size_t stack_for_javascript() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kEnough;
  const size_t part = limit.rlim_cur / 2;
  return part < kEnough ? part : kEnough;
}

}  // namespace

int main(int argc, char** argv) {
  if (sampan::engine::snapshot_room().snapshot->heap_size == 0) {
    return sampan::engine::make_snapshot(argc, argv);
  }
  sampan::engine::start_clock();
  JSContext* context = sampan::engine::restore_snapshot();
  JS_UpdateStackTop(JS_GetRuntime(context));
  JS_SetMaxStackSize(JS_GetRuntime(context), stack_for_javascript());
  sampan::engine::settle(context, sampan::engine::call_main(context, argc, argv));
  return 0;
}
