// exists, unlink, rmdir, rename, mkdir, chmod, lchown, readlink, realpath, statfs: names in
// folders.

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "engine/system/call.h"
#include "engine/system/exports.h"

namespace sampan::system {
namespace {

Napi::Value exists(const Napi::CallbackInfo& info) {
  Path path;
  const bool there = take(info, &path) && access(path.c_str(), F_OK) == 0;
  return Napi::Boolean::New(info.Env(), there);
}

Napi::Value remove_with(const Napi::CallbackInfo& info, const char* syscall,
                        int (*call)(const char*)) {
  Path path;
  if (!take(info, &path)) return throw_misuse(info.Env(), "unlink(path)");
  if (call(path.c_str()) != 0) return refuse(info.Env(), syscall, &path.text);
  return info.Env().Undefined();
}

Napi::Value remove_file(const Napi::CallbackInfo& info) {
  return remove_with(info, "unlink", unlink);
}

Napi::Value remove_folder(const Napi::CallbackInfo& info) {
  return remove_with(info, "rmdir", rmdir);
}

Napi::Value rename_file(const Napi::CallbackInfo& info) {
  Path from;
  Path to;
  if (!take(info, &from, &to)) return throw_misuse(info.Env(), "rename(from, to)");
  if (rename(from.c_str(), to.c_str()) != 0) {
    return refuse(info.Env(), "rename", &from.text, &to.text);
  }
  return info.Env().Undefined();
}

Napi::Value make_folder(const Napi::CallbackInfo& info) {
  Path path;
  int mode;
  if (!take(info, &path, &mode)) return throw_misuse(info.Env(), "mkdir(path, mode)");
  if (mkdir(path.c_str(), static_cast<mode_t>(mode)) != 0) {
    return refuse(info.Env(), "mkdir", &path.text);
  }
  return info.Env().Undefined();
}

Napi::Value change_mode(const Napi::CallbackInfo& info) {
  Path path;
  int mode;
  if (!take(info, &path, &mode)) return throw_misuse(info.Env(), "chmod(path, mode)");
  if (chmod(path.c_str(), static_cast<mode_t>(mode)) != 0) {
    return refuse(info.Env(), "chmod", &path.text);
  }
  return info.Env().Undefined();
}

Napi::Value change_owner(const Napi::CallbackInfo& info) {
  Path path;
  int uid;
  int gid;
  if (!take(info, &path, &uid, &gid)) return throw_misuse(info.Env(), "lchown(path, uid, gid)");
  if (lchown(path.c_str(), static_cast<uid_t>(uid), static_cast<gid_t>(gid)) != 0) {
    return refuse(info.Env(), "lchown", &path.text);
  }
  return info.Env().Undefined();
}

Napi::Value read_link(const Napi::CallbackInfo& info) {
  Path path;
  if (!take(info, &path)) return throw_misuse(info.Env(), "readlink(path)");
  char target[PATH_MAX];
  const ssize_t n = readlink(path.c_str(), target, sizeof target);
  if (n < 0) return refuse(info.Env(), "readlink", &path.text);
  return Napi::String::New(info.Env(), target, static_cast<size_t>(n));
}

Napi::Value real_path(const Napi::CallbackInfo& info) {
  Path path;
  if (!take(info, &path)) return throw_misuse(info.Env(), "realpath(path)");
  char real[PATH_MAX];
  if (realpath(path.c_str(), real) == nullptr) return refuse(info.Env(), "lstat", &path.text);
  return Napi::String::New(info.Env(), real);
}

// The type of the file system.
Napi::Value file_system(const Napi::CallbackInfo& info) {
  Path path;
  struct statfs found;
  if (!take(info, &path)) return throw_misuse(info.Env(), "statfs(path)");
  if (statfs(path.c_str(), &found) != 0) return refuse(info.Env(), "statfs", &path.text);
  return Napi::Number::New(info.Env(), static_cast<double>(found.f_type));
}

}  // namespace

void export_entries(Napi::Env env, Napi::Object exports) {
  exports.Set("exists", Napi::Function::New(env, exists));
  exports.Set("unlink", Napi::Function::New(env, remove_file));
  exports.Set("rmdir", Napi::Function::New(env, remove_folder));
  exports.Set("rename", Napi::Function::New(env, rename_file));
  exports.Set("mkdir", Napi::Function::New(env, make_folder));
  exports.Set("chmod", Napi::Function::New(env, change_mode));
  exports.Set("lchown", Napi::Function::New(env, change_owner));
  exports.Set("readlink", Napi::Function::New(env, read_link));
  exports.Set("realpath", Napi::Function::New(env, real_path));
  exports.Set("statfs", Napi::Function::New(env, file_system));
}

}  // namespace sampan::system
