// The interpreter that a file of any content names: what a plain reading finds, and a part of it.

#include <elf.h>
#include <string.h>

#include <string>

#include "init/asks_for.h"

namespace {

std::string script(const std::string& text) {
  if (text.rfind("#!", 0) != 0) return "";
  size_t at = 2;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) at++;
  std::string path;
  for (; at < text.size(); at++) {
    if (strchr(" \t\n", text[at]) != nullptr) break;  // A NUL, too.
    path += text[at];
  }
  return path;
}

std::string loader(const std::string& text) {
  Elf64_Ehdr elf;
  if (text.size() < sizeof elf) return "";
  memcpy(&elf, text.data(), sizeof elf);
  for (size_t i = 0; i < elf.e_phnum; i++) {
    Elf64_Phdr segment;
    const size_t offset = i * sizeof segment;
    if (elf.e_phoff > text.size() || text.size() - elf.e_phoff < offset + sizeof segment) return "";
    memcpy(&segment, text.data() + elf.e_phoff + offset, sizeof segment);
    if (segment.p_type != PT_INTERP) continue;
    std::string path;
    for (size_t at = 0; at < segment.p_filesz; at++) {
      if (segment.p_offset > text.size() || text.size() - segment.p_offset <= at) break;
      if (text[segment.p_offset + at] == '\0') break;
      path += text[segment.p_offset + at];
    }
    return path;
  }
  return "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  const std::string found(sampan::init::interpreter_in(text));
  const bool elf = size >= EI_NIDENT && memcmp(data, ELFMAG, SELFMAG) == 0;
  if (!elf && found != script(text)) __builtin_trap();
  if (elf && data[EI_CLASS] == ELFCLASS64 && found != loader(text)) __builtin_trap();
  if ((sampan::init::machine_in(text) != 0) > elf) __builtin_trap();
  return 0;
}
