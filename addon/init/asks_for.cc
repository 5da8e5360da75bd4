#include "init/asks_for.h"

#include <elf.h>
#include <string.h>
#include <sys/stat.h>

#include "init/descriptor.h"
#include "init/kernel.h"
#include "program/text.h"

namespace sampan::init {
namespace {

template <typename Header>
bool read_at(std::string_view head, uint64_t offset, Header* out) {
  if (offset > head.size() || head.size() - offset < sizeof *out) return false;
  memcpy(out, head.data() + offset, sizeof *out);
  return true;
}

// Without std::string_view::substr, which may throw.
std::string_view part(std::string_view text, uint64_t offset, uint64_t size) {
  if (offset > text.size()) return {};
  const size_t rest = text.size() - offset;
  return {text.data() + offset, size < rest ? size : rest};
}

// Up to the first of `ends`, or a NUL.
std::string_view until(std::string_view text, std::string_view ends) {
  size_t size = 0;
  while (size < text.size() && text[size] != '\0' && ends.find(text[size]) == ends.npos) size++;
  return {text.data(), size};
}

bool is_elf(std::string_view head) { return head.size() >= EI_NIDENT && head.starts_with(ELFMAG); }

template <typename Elf, typename Segment>
std::string_view loader_in(std::string_view head) {
  Elf elf;
  if (!read_at(head, 0, &elf)) return {};
  for (unsigned i = 0; i < elf.e_phnum; i++) {
    Segment segment;
    if (!read_at(head, uint64_t{elf.e_phoff} + i * sizeof segment, &segment)) return {};
    if (segment.p_type != PT_INTERP) continue;
    return until(part(head, segment.p_offset, segment.p_filesz), "");
  }
  return {};
}

}  // namespace

std::string_view interpreter_in(std::string_view head) {
  if (is_elf(head)) {
    return head[EI_CLASS] == ELFCLASS32 ? loader_in<Elf32_Ehdr, Elf32_Phdr>(head)
                                        : loader_in<Elf64_Ehdr, Elf64_Phdr>(head);
  }
  if (!head.starts_with("#!")) return {};
  head.remove_prefix(2);
  while (head.starts_with(' ') || head.starts_with('\t')) head.remove_prefix(1);
  return until(head, " \t\n");
}

unsigned machine_in(std::string_view head) {
  if (!is_elf(head) || head.size() < EI_NIDENT + 4) return 0;
  const auto low = static_cast<unsigned char>(head[EI_NIDENT + 2]);
  const auto high = static_cast<unsigned char>(head[EI_NIDENT + 3]);
  return head[EI_DATA] == ELFDATA2MSB ? low * 256u + high : high * 256u + low;
}

const char* asks_for(const char* program, int error) {
  // Loaders' names are behind the program headers; the kernel reads 256 bytes of a script.
  char head[2048];
  static Text<512> text;
  text.clear();
  // What was a program may be something else by now. The kernel's own files have no size, and to
  // read one can do something (home.cc).
  const Descriptor file(open(program, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info;
  if (!file.ok() || fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return "";
  const ssize_t size = info.st_size > 0 ? read(file.get(), head, sizeof head) : 0;
  if (size < 0) return "";
  const std::string_view begins(head, static_cast<size_t>(size));
  if (error == ENOENT) text << interpreter_in(begins);
  if (error == ENOEXEC) text << "machine " << uint32_t{machine_in(begins)};
  return text.c_str();
}

}  // namespace sampan::init
