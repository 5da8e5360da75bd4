#include "engine/system/call.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/error_text.h"

namespace sampan::system {

namespace {

// Where libuv, whose words Node prints, has others than the C library.
const char* words(int number) {
  switch (number) {
    case EIO:
      return "i/o error";
    case EBUSY:
      return "resource busy or locked";
    case EEXIST:
      return "file already exists";
    case EXDEV:
      return "cross-device link not permitted";
    case EISDIR:
      return "illegal operation on a directory";
    case ENFILE:
      return "file table overflow";
    case ENOMEM:
      return "not enough memory";
    case ETXTBSY:
      return "text file is busy";
    case ELOOP:
      return "too many symbolic links encountered";
    case ENAMETOOLONG:
      return "name too long";
    default:
      return error_text(number);
  }
}

}  // namespace

bool get(const Napi::Value& value, Path* out) {
  return get(value, &out->text) && out->text.find('\0') == std::string::npos;
}

int open_path(const Path& path, int flags, int mode) {
  const int all = flags | O_CLOEXEC | O_LARGEFILE;
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path.c_str(), all, mode));
}

bool get(const Napi::Value& value, File* out) {
  return value.IsNumber() ? get(value, &out->descriptor) : get(value, &out->path);
}

bool get(const Napi::Value& value, Data* out) {
  if (!value.IsString()) return get(value, &out->bytes);
  out->text = value.As<Napi::String>().Utf8Value();
  out->bytes = {reinterpret_cast<const uint8_t*>(out->text.data()), out->text.size()};
  return true;
}

Napi::Value refuse(Napi::Env env, const char* syscall, const std::string* path,
                   const std::string* destination) {
  const int number = errno;
  const std::string code = error_name(number);
  std::string message = code + ": " + words(number) + ", " + syscall;
  if (path != nullptr) message += " '" + *path + "'";
  if (destination != nullptr) message += " -> '" + *destination + "'";
  Napi::Error error = Napi::Error::New(env, message);
  Napi::Object value = error.Value();
  value.Set("errno", -number);
  value.Set("code", code);
  value.Set("syscall", syscall);
  if (path != nullptr) value.Set("path", *path);
  if (destination != nullptr) value.Set("dest", *destination);
  error.ThrowAsJavaScriptException();
  return env.Undefined();
}

}  // namespace sampan::system
