// readText, readLatin1, readBytes, writeFile, write: what is in files.

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "core/unique_fd.h"
#include "engine/system/call.h"
#include "engine/system/exports.h"

namespace sampan::system {
namespace {

// What is in a file; no memory is asked for where it is as short as most are.
struct Contents {
  char buffer[16384];
  size_t filled = 0;
  std::string long_text;
  std::string_view all;
};

// All that can be read. A file of /proc has no size, and one of a cgroup may come in parts.
bool read_all(int fd, Contents* out) {
  for (;;) {
    if (out->filled == sizeof out->buffer) {
      out->long_text.append(out->buffer, out->filled);
      out->filled = 0;
    }
    const ssize_t n = read(fd, out->buffer + out->filled, sizeof out->buffer - out->filled);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) out->filled += static_cast<size_t>(n);
    if (n == 0) break;
  }
  out->all = {out->buffer, out->filled};
  if (!out->long_text.empty()) out->all = out->long_text.append(out->all);
  return true;
}

// The contents of a file; false when an exception has been thrown.
bool contents(const Napi::CallbackInfo& info, Contents* out) {
  File file;
  if (!take(info, &file)) {
    throw_misuse(info.Env(), "read(path or descriptor)");
    return false;
  }
  UniqueFd opened;
  if (file.descriptor < 0) {
    opened = UniqueFd(open_path(file.path, O_RDONLY));
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
  Contents found;
  if (!contents(info, &found)) return info.Env().Undefined();
  return Napi::String::New(info.Env(), found.all.data(), found.all.size());
}

// Each byte is a character.
Napi::Value read_latin1(const Napi::CallbackInfo& info) {
  Contents found;
  if (!contents(info, &found)) return info.Env().Undefined();
  const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  if (std::all_of(found.all.begin(), found.all.end(), is_ascii)) {
    return Napi::String::New(info.Env(), found.all.data(), found.all.size());
  }
  std::string text;
  for (const char byte : found.all) {
    const auto value = static_cast<unsigned char>(byte);
    if (value >= 0x80) text += static_cast<char>(0xc0 | value >> 6);
    text += static_cast<char>(value >= 0x80 ? 0x80 | (value & 0x3f) : value);
  }
  return Napi::String::New(info.Env(), text);
}

Napi::Value read_bytes(const Napi::CallbackInfo& info) {
  Contents found;
  if (!contents(info, &found)) return info.Env().Undefined();
  return Napi::Buffer<char>::Copy(info.Env(), found.all.data(), found.all.size());
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
    opened = UniqueFd(open_path(file.path, flags, mode));
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
