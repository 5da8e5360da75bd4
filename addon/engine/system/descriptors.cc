// constants, open, close, fstat, stat, lstat, fchmod.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/system/call.h"
#include "engine/system/exports.h"

namespace sampan::system {
namespace {

Napi::Value open_file(const Napi::CallbackInfo& info) {
  Path path;
  int flags;
  int mode;
  if (!take(info, &path, &flags, &mode)) {
    return throw_misuse(info.Env(), "open(path, flags, mode)");
  }
  const int fd = open_path(path, flags, mode);
  if (fd < 0) return refuse(info.Env(), "open", &path.text);
  return Napi::Number::New(info.Env(), fd);
}

Napi::Value close_file(const Napi::CallbackInfo& info) {
  int fd;
  if (!take(info, &fd)) return throw_misuse(info.Env(), "close(descriptor)");
  // EINTR: it is closed all the same (close(2)).
  if (close(fd) != 0 && errno != EINTR) return refuse(info.Env(), "close");
  return info.Env().Undefined();
}

Napi::Value change_mode(const Napi::CallbackInfo& info) {
  int fd;
  int mode;
  if (!take(info, &fd, &mode)) return throw_misuse(info.Env(), "fchmod(descriptor, mode)");
  if (fchmod(fd, static_cast<mode_t>(mode)) != 0) return refuse(info.Env(), "fchmod");
  return info.Env().Undefined();
}

// mode, uid, gid, dev, ino, rdev, nlink, size
Napi::Value numbers(Napi::Env env, const struct stat& found) {
  Napi::Array list = Napi::Array::New(env, 8);
  uint32_t i = 0;
  auto add = [&](auto number) { list.Set(i++, static_cast<double>(number)); };
  add(found.st_mode);
  add(found.st_uid);
  add(found.st_gid);
  add(found.st_dev);
  add(found.st_ino);
  add(found.st_rdev);
  add(found.st_nlink);
  add(found.st_size);
  return list;
}

Napi::Value stat_path(const Napi::CallbackInfo& info, const char* syscall,
                      int (*call)(const char*, struct stat*)) {
  Path path;
  struct stat found;
  if (!take(info, &path)) return throw_misuse(info.Env(), "stat(path)");
  if (call(path.c_str(), &found) != 0) return refuse(info.Env(), syscall, &path.text);
  return numbers(info.Env(), found);
}

Napi::Value stat_target(const Napi::CallbackInfo& info) { return stat_path(info, "stat", stat); }

Napi::Value stat_link(const Napi::CallbackInfo& info) { return stat_path(info, "lstat", lstat); }

Napi::Value stat_descriptor(const Napi::CallbackInfo& info) {
  int fd;
  struct stat found;
  if (!take(info, &fd)) return throw_misuse(info.Env(), "fstat(descriptor)");
  if (fstat(fd, &found) != 0) return refuse(info.Env(), "fstat");
  return numbers(info.Env(), found);
}

Napi::Object numbers_of_calls(Napi::Env env) {
  Napi::Object all = Napi::Object::New(env);
  all.Set("O_RDONLY", O_RDONLY);
  all.Set("O_WRONLY", O_WRONLY);
  all.Set("O_RDWR", O_RDWR);
  all.Set("O_CREAT", O_CREAT);
  all.Set("O_EXCL", O_EXCL);
  all.Set("O_TRUNC", O_TRUNC);
  all.Set("O_APPEND", O_APPEND);
  all.Set("O_DIRECTORY", O_DIRECTORY);
  all.Set("O_NOFOLLOW", O_NOFOLLOW);
  all.Set("S_IFMT", S_IFMT);
  all.Set("S_IFCHR", S_IFCHR);
  return all;
}

}  // namespace

void export_descriptors(Napi::Env env, Napi::Object exports) {
  exports.Set("constants", numbers_of_calls(env));
  exports.Set("open", Napi::Function::New(env, open_file));
  exports.Set("close", Napi::Function::New(env, close_file));
  exports.Set("fchmod", Napi::Function::New(env, change_mode));
  exports.Set("stat", Napi::Function::New(env, stat_target));
  exports.Set("lstat", Napi::Function::New(env, stat_link));
  exports.Set("fstat", Napi::Function::New(env, stat_descriptor));
}

}  // namespace sampan::system
