// readText, readLatin1, readBytes, writeFile, write: what is in files.

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/unique_fd.h"
#include "engine/system/call.h"
#include "engine/system/exports.h"

namespace sampan::system {
namespace {

// All that can be read. A file of /proc has no size, and one of a cgroup may come in parts.
bool read_all(int fd, std::string* out) {
  char buffer[16384];
  for (;;) {
    const ssize_t n = read(fd, buffer, sizeof buffer);
    if (n == 0) return true;
    if (n > 0) out->append(buffer, static_cast<size_t>(n));
    if (n < 0 && errno != EINTR) return false;
  }
}

// The contents of a file; false when an exception has been thrown.
bool contents(const Napi::CallbackInfo& info, std::string* out) {
  File file;
  if (!take(info, &file)) {
    throw_misuse(info.Env(), "read(path or descriptor)");
    return false;
  }
  UniqueFd opened;
  if (file.descriptor < 0) {
    opened = UniqueFd(open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.ok()) {
      refuse(info.Env(), "open", &file.path.text);
      return false;
    }
    file.descriptor = opened.get();
  }
  if (read_all(file.descriptor, out)) return true;
  refuse(info.Env(), "read");
  return false;
}

// What is no UTF-8 becomes U+FFFD.
Napi::Value read_text(const Napi::CallbackInfo& info) {
  std::string text;
  if (!contents(info, &text)) return info.Env().Undefined();
  return Napi::String::New(info.Env(), text);
}

// Each byte is a character.
Napi::Value read_latin1(const Napi::CallbackInfo& info) {
  std::string bytes;
  if (!contents(info, &bytes)) return info.Env().Undefined();
  std::string text;
  text.reserve(bytes.size());
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (value >= 0x80) text += static_cast<char>(0xc0 | value >> 6);
    text += static_cast<char>(value >= 0x80 ? 0x80 | (value & 0x3f) : value);
  }
  return Napi::String::New(info.Env(), text);
}

Napi::Value read_bytes(const Napi::CallbackInfo& info) {
  std::string bytes;
  if (!contents(info, &bytes)) return info.Env().Undefined();
  return Napi::Buffer<char>::Copy(info.Env(), bytes.data(), bytes.size());
}

ssize_t write_some(int fd, ByteSpan bytes) {
  for (;;) {
    const ssize_t n = write(fd, bytes.data, bytes.size);
    if (n >= 0 || errno != EINTR) return n;
  }
}

// One write(2); how many bytes it has taken.
Napi::Value write_once(const Napi::CallbackInfo& info) {
  int fd;
  Data data;
  if (!take(info, &fd, &data)) {
    return throw_misuse(info.Env(), "write(descriptor, text or bytes)");
  }
  const ssize_t n = write_some(fd, data.bytes);
  if (n < 0) return refuse(info.Env(), "write");
  return Napi::Number::New(info.Env(), static_cast<double>(n));
}

Napi::Value write_file(const Napi::CallbackInfo& info) {
  File file;
  Data data;
  int flags;
  int mode;
  if (!take(info, &file, &data, &flags, &mode)) {
    return throw_misuse(info.Env(), "writeFile(path or descriptor, text or bytes, flags, mode)");
  }
  UniqueFd opened;
  if (file.descriptor < 0) {
    opened = UniqueFd(open(file.path.c_str(), flags | O_CLOEXEC, mode));
    if (!opened.ok()) return refuse(info.Env(), "open", &file.path.text);
    file.descriptor = opened.get();
  }
  for (ByteSpan rest = data.bytes; rest.size > 0;) {
    const ssize_t n = write_some(file.descriptor, rest);
    if (n < 0) return refuse(info.Env(), "write");
    rest = {rest.data + n, rest.size - static_cast<size_t>(n)};
  }
  return info.Env().Undefined();
}

}  // namespace

void export_contents(Napi::Env env, Napi::Object exports) {
  exports.Set("readText", Napi::Function::New(env, read_text));
  exports.Set("readLatin1", Napi::Function::New(env, read_latin1));
  exports.Set("readBytes", Napi::Function::New(env, read_bytes));
  exports.Set("write", Napi::Function::New(env, write_once));
  exports.Set("writeFile", Napi::Function::New(env, write_file));
}

}  // namespace sampan::system
