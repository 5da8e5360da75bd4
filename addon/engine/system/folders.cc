// readdir, mkdtemp.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/system/call.h"
#include "engine/system/exports.h"

namespace sampan::system {
namespace {

// The type of an entry as a number of dirent.h. Not every file system tells it with the name.
unsigned type_of(DIR* folder, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type;
  struct stat found;
  if (fstatat(dirfd(folder), entry.d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  return IFTODT(found.st_mode);
}

bool is_dots(const char* name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

// Names and types in turn, in the order of the file system.
Napi::Value read_folder(const Napi::CallbackInfo& info) {
  Path path;
  if (!take(info, &path)) return throw_misuse(info.Env(), "readdir(path)");
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) return refuse(info.Env(), "scandir", &path.text);
  Napi::Array list = Napi::Array::New(info.Env());
  uint32_t i = 0;
  errno = 0;
  while (const dirent* entry = readdir(folder)) {
    Napi::HandleScope scope(info.Env());
    if (!is_dots(entry->d_name)) {
      list.Set(i++, Napi::String::New(info.Env(), entry->d_name));
      list.Set(i++, type_of(folder, *entry));
    }
    errno = 0;
  }
  const int error = errno;
  closedir(folder);
  errno = error;
  return error == 0 ? Napi::Value(list) : refuse(info.Env(), "scandir", &path.text);
}

// A new folder, mode 0700, whose name begins with the given path.
Napi::Value make_own_folder(const Napi::CallbackInfo& info) {
  Path path;
  if (!take(info, &path)) return throw_misuse(info.Env(), "mkdtemp(prefix)");
  path.text += "XXXXXX";
  std::string made = path.text;
  if (mkdtemp(made.data()) == nullptr) return refuse(info.Env(), "mkdtemp", &path.text);
  return Napi::String::New(info.Env(), made);
}

}  // namespace

void export_folders(Napi::Env env, Napi::Object exports) {
  exports.Set("readdir", Napi::Function::New(env, read_folder));
  exports.Set("mkdtemp", Napi::Function::New(env, make_own_folder));
}

}  // namespace sampan::system
