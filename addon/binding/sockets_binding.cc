// send, receive, listen, connect, connectStream, sendDescriptor.

#include <napi.h>

#include "binding/convert.h"
#include "binding/exports.h"
#include "core/sockets.h"

namespace sampan::binding {
namespace {

Napi::Value send(const Napi::CallbackInfo& info) {
  int socket;
  ByteSpan bytes;
  std::vector<int> fds;
  if (!arguments(info, &socket, &bytes, &fds))
    return throw_misuse(info.Env(), "send(socket, bytes, fds)");
  return done(info.Env(), send_message(socket, bytes.data, bytes.size, fds));
}

Napi::Value receive(const Napi::CallbackInfo& info) {
  int socket;
  if (!arguments(info, &socket)) return throw_misuse(info.Env(), "receive(socket)");
  Result<Message> result = receive_message(socket);
  if (!result.ok()) return throw_error(info.Env(), result.error());
  Message& message = result.value();
  if (message.ended) return info.Env().Null();
  Napi::Object object = Napi::Object::New(info.Env());
  Napi::Array fds = Napi::Array::New(info.Env());
  for (uint32_t i = 0; i < message.descriptors.size(); i++) {
    fds.Set(i, message.descriptors[i].release());
  }
  object.Set("bytes",
             Napi::Buffer<uint8_t>::Copy(info.Env(), message.bytes.data(), message.bytes.size()));
  object.Set("fds", fds);
  return object;
}

Napi::Value listen(const Napi::CallbackInfo& info) {
  int directory;
  std::string name;
  if (!arguments(info, &directory, &name))
    return throw_misuse(info.Env(), "listen(directory, name)");
  return hand_over(info.Env(), listen_in(directory, name));
}

Napi::Value connect(const Napi::CallbackInfo& info) {
  int directory;
  std::string name;
  if (!arguments(info, &directory, &name))
    return throw_misuse(info.Env(), "connect(directory, name)");
  return hand_over(info.Env(), connect_in(directory, name));
}

Napi::Value connect_to(const Napi::CallbackInfo& info) {
  std::string path;
  int seconds;
  if (!arguments(info, &path, &seconds))
    return throw_misuse(info.Env(), "connectStream(path, seconds)");
  return hand_over(info.Env(), connect_stream(path, seconds));
}

Napi::Value give(const Napi::CallbackInfo& info) {
  std::string path;
  int fd;
  std::string name;
  if (!arguments(info, &path, &fd, &name))
    return throw_misuse(info.Env(), "sendDescriptor(path, fd, name)");
  return done(info.Env(), send_descriptor(path, fd, name));
}

}  // namespace
}  // namespace sampan::binding

void export_sockets(Napi::Env env, Napi::Object exports) {
  using namespace sampan::binding;
  exports.Set("send", Napi::Function::New(env, send));
  exports.Set("receive", Napi::Function::New(env, receive));
  exports.Set("listen", Napi::Function::New(env, listen));
  exports.Set("connect", Napi::Function::New(env, connect));
  exports.Set("connectStream", Napi::Function::New(env, connect_to));
  exports.Set("sendDescriptor", Napi::Function::New(env, give));
}
