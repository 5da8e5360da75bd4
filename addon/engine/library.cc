// What the headers of the C++ library refer to. The library itself is made for another C library,
// and nothing here throws: where it would, the program ends.

#include <stdlib.h>

namespace std {

void __throw_length_error(const char*) { abort(); }
void __throw_logic_error(const char*) { abort(); }
void __throw_out_of_range_fmt(const char*, ...) { abort(); }
void __throw_bad_alloc() { abort(); }
void __throw_bad_array_new_length() { abort(); }
void __throw_bad_function_call() { abort(); }
void __throw_bad_optional_access() { abort(); }

}  // namespace std

extern "C" void __cxa_pure_virtual();
extern "C" void __cxa_pure_virtual() { abort(); }
