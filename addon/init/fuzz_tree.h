// For the fuzz targets of path resolution: a small tree of directories, files and links, made of
// choices, in memory and on disk, and resolution in it by the words of path_resolution(7).
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

#include "testing/choices.h"

namespace sampan::init::fuzz {

using testing::Choices;

// Ends the run where the ground that a target stands on is not there.
inline void need(bool done, const char* what) {
  if (done) return;
  perror(what);
  _exit(1);
}

// Components joined by slashes, with what a hostile image writes between them.
inline std::string any_path(Choices& choices) {
  static constexpr const char* kPieces[] = {"a",  "b",   "c",  "d",    "..", ".",
                                            "/a", "/..", "//", "/../", "e",  "..."};
  std::string path;
  for (unsigned left = 1 + choices.pick(7); left > 0; left--) {
    path += choices.of(kPieces);
    if (choices.pick(4) != 0) path += '/';
  }
  return path;
}

class Tree {
 public:
  enum class Kind { kDirectory, kFile, kLink };
  struct Node {
    Kind kind = Kind::kDirectory;
    size_t parent = 0;
    std::string path;  // below the root
    std::string text;  // of a link
    std::map<std::string, size_t> children = {};
  };

  explicit Tree(Choices& choices) : nodes_(1) {
    static constexpr const char* kNames[] = {"a", "b", "c", "d"};
    static constexpr Kind kKinds[] = {Kind::kDirectory, Kind::kDirectory, Kind::kLink, Kind::kLink,
                                      Kind::kFile};
    for (unsigned left = choices.pick(12); left > 0; left--) {
      const size_t parent = directory(choices);
      const std::string name = choices.of(kNames);
      Node node = {choices.of(kKinds), parent, nodes_[parent].path + "/" + name, ""};
      if (nodes_[parent].children.contains(name)) continue;
      if (node.kind == Kind::kLink) node.text = any_path(choices);
      nodes_[parent].children[name] = nodes_.size();
      nodes_.push_back(node);
    }
  }

  const std::vector<Node>& nodes() const { return nodes_; }

  void make_below(const std::string& root) const {
    for (size_t i = 1; i < nodes_.size(); i++) {
      const Node& node = nodes_[i];
      const std::string path = root + node.path;
      if (node.kind == Kind::kDirectory) {
        need(mkdir(path.c_str(), 0755) == 0, "mkdir");
      } else if (node.kind == Kind::kLink) {
        need(symlink(node.text.c_str(), path.c_str()) == 0, "symlink");
      } else {
        need(mknod(path.c_str(), S_IFREG | 0644, 0) == 0, "mknod");
      }
    }
  }

  void remove_below(const std::string& root) const {
    for (size_t i = nodes_.size(); i-- > 1;) {
      const bool directory = nodes_[i].kind == Kind::kDirectory;
      const int flags = directory ? AT_REMOVEDIR : 0;
      need(unlinkat(AT_FDCWD, (root + nodes_[i].path).c_str(), flags) == 0, "unlinkat");
    }
  }

  // The index of the node that `path` leads to, or an errno as a negative number. `flags` as in
  // open(2), `resolve` as in openat2(2).
  long resolve(const std::string& path, int flags, uint64_t resolve) const {
    size_t at = 0;
    int links = 0;
    std::string rest = path;
    for (;;) {
      rest.erase(0, rest.find_first_not_of('/') == std::string::npos ? rest.size()
                                                                     : rest.find_first_not_of('/'));
      const size_t length = std::min(rest.find('/'), rest.size());
      const std::string name = rest.substr(0, length);
      rest.erase(0, length);
      const bool last = rest.find_first_not_of('/') == std::string::npos;
      const bool as_directory = !rest.empty();
      if (name.empty() || name == ".") {
        if (last) return static_cast<long>(at);
        continue;
      }
      if (name == "..") {
        at = nodes_[at].parent;
        if (last) return static_cast<long>(at);
        continue;
      }
      const auto found = nodes_[at].children.find(name);
      if (found == nodes_[at].children.end()) return -ENOENT;
      const Node& node = nodes_[found->second];
      if (node.kind == Kind::kLink) {
        if (last && !as_directory && (flags & O_NOFOLLOW) != 0) {
          if ((flags & O_DIRECTORY) != 0) return -ENOTDIR;
          return (flags & O_PATH) != 0 ? static_cast<long>(found->second) : -ELOOP;
        }
        if ((resolve & RESOLVE_NO_SYMLINKS) != 0 || ++links > 40) return -ELOOP;
        rest.insert(0, node.text);
        if (node.text[0] == '/') at = 0;
        continue;
      }
      if (node.kind == Kind::kFile) {
        const bool fine = last && !as_directory && (flags & O_DIRECTORY) == 0;
        return fine ? static_cast<long>(found->second) : -ENOTDIR;
      }
      at = found->second;
      if (last) return static_cast<long>(at);
    }
  }

 private:
  size_t directory(Choices& choices) const {
    const size_t index = choices.pick(static_cast<unsigned>(nodes_.size()));
    return nodes_[index].kind == Kind::kDirectory ? index : nodes_[index].parent;
  }

  std::vector<Node> nodes_;
};

// OUTSIDE/root, made once and emptied at the end of the process.
class Place {
 public:
  Place() {
    const char* base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    outside = std::string(base) + "/sampan-fuzz-XXXXXX";
    need(mkdtemp(outside.data()) != nullptr, "mkdtemp");
    root = outside + "/root";
    need(mkdir(root.c_str(), 0755) == 0, "mkdir");
    fd = open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    need(fd >= 0, "open");
  }
  ~Place() {
    close(fd);
    (void)!system(("rm -rf " + outside).c_str());
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::string outside;
  std::string root;
  int fd;
};

}  // namespace sampan::init::fuzz
