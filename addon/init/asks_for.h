// What a file that execve(2) refused asks of the machine, for whoever has to explain the refusal.
#pragma once

#include <stddef.h>

#include <string_view>

namespace sampan::init {

// The interpreter that the beginning of a program names in its #! line or as its dynamic loader; a
// part of `head`, empty where there is none in it.
std::string_view interpreter_in(std::string_view head);

// e_machine (elf(5)) of the beginning of a program; 0 where it is no ELF file.
unsigned machine_in(std::string_view head);

// For ENOENT the interpreter, for ENOEXEC `machine N`; empty for other errors, and where the file
// cannot be read. Good until the next call.
const char* asks_for(const char* program, int error);

}  // namespace sampan::init
