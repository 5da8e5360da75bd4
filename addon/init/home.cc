// HOME of the user, from the container's /etc/passwd (passwd(5)). The file belongs to the image:
// it is opened only when it is a regular one, and no more than a part of it is read.

#include <string.h>
#include <sys/stat.h>

#include "init/kernel.h"
#include "init/steps.h"

namespace sampan::init {
namespace {

inline constexpr const char* kPasswd = "/etc/passwd";
inline constexpr size_t kMostBytes = 4u << 20;

// Goes through the text by characters, so that it may come in any pieces.
class PasswdSearch {
 public:
  explicit PasswdSearch(uint32_t uid) : wanted_(uid) {}

  // Whether `c` has ended the line that was looked for.
  bool feed(char c) {
    if (c == '\n') return end_line();
    if (c == ':') {
      field_++;
    } else if (field_ == kUid) {
      read_digit(c);
    } else if (field_ == kHome) {
      // One that is cut off would be another one.
      if (length_ + 1 < sizeof home_) {
        home_[length_++] = c;
      } else {
        fits_ = false;
      }
    }
    return false;
  }

  const char* home() const { return home_; }

 private:
  static constexpr int kUid = 2;
  static constexpr int kHome = 5;

  void read_digit(char c) {
    if (c < '0' || c > '9') {
      uid_ = UINT64_MAX;
    } else if (uid_ <= UINT32_MAX) {
      uid_ = uid_ * 10 + static_cast<uint64_t>(c - '0');
      has_uid_ = true;
    }
  }

  bool end_line() {
    home_[length_] = '\0';
    if (has_uid_ && uid_ == wanted_ && field_ >= kHome && home_[0] == '/' && fits_) {
      return true;
    }
    field_ = 0;
    uid_ = 0;
    has_uid_ = false;
    length_ = 0;
    fits_ = true;
    return false;
  }

  uint32_t wanted_;
  int field_ = 0;
  uint64_t uid_ = 0;
  bool has_uid_ = false;
  size_t length_ = 0;
  bool fits_ = true;
  char home_[PATH_MAX] = "";
};

// The kernel's own files have no size, and to read one can do something: with the rights of init a
// link to /proc/kmsg would empty the host's log.
bool has_content(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
}

// Looked at before it is opened: opening a device or a fifo can have effects of its own.
bool open_passwd(const Root& root, Descriptor* out) {
  Descriptor found;
  if (!root.open(kPasswd, O_PATH, &found).ok() || !has_content(found.get())) return false;
  return root.open(kPasswd, O_RDONLY | O_NONBLOCK | O_NOCTTY, out).ok() && has_content(out->get());
}

bool search(int fd, PasswdSearch* passwd) {
  char buffer[4096];
  for (size_t total = 0; total < kMostBytes;) {
    ssize_t n = read(fd, buffer, sizeof buffer);
    if (n <= 0) return n == 0 && passwd->feed('\n');
    for (ssize_t i = 0; i < n; i++) {
      if (passwd->feed(buffer[i])) return true;
    }
    total += static_cast<size_t>(n);
  }
  return false;
}

}  // namespace

Status run(Context& c, const wire::FindHome& s) {
  strcpy(c.home, "HOME=/");
  // Of a container that was entered, the root is this process's own.
  if (c.root.fd() < 0) c.root.set(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  Descriptor file;
  PasswdSearch passwd(s.uid);
  if (open_passwd(c.root, &file) && search(file.get(), &passwd)) {
    static_assert(sizeof c.home >= sizeof "HOME=" + PATH_MAX);
    memcpy(c.home + strlen("HOME="), passwd.home(), strlen(passwd.home()) + 1);
  }
  return kOk;
}

}  // namespace sampan::init
