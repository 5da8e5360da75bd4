// openMappedTree.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/mapped_tree.h"

namespace sampan::binding {
namespace {

Napi::Value open_tree(const Napi::CallbackInfo& info) {
  MappedTree tree;
  int recursive;
  int map_recursive;
  int propagation;
  if (!arguments(info, &tree.source, &tree.user_namespace, &recursive, &map_recursive,
                 &propagation)) {
    return throw_misuse(info.Env(),
                        "openMappedTree(source, namespace, recursive, mapAll, propagation)");
  }
  tree.recursive = recursive != 0;
  tree.map_recursive = map_recursive != 0;
  tree.propagation = static_cast<uint64_t>(propagation);
  return hand_over(info.Env(), open_mapped_tree(tree));
}

}  // namespace
}  // namespace sampan::binding

void export_mounts(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("openMappedTree", Napi::Function::New(env, open_tree));
}
