# The engine: third_party/quickjs.

set(QUICKJS ${CMAKE_CURRENT_SOURCE_DIR}/third_party/quickjs)
file(STRINGS ${QUICKJS}/VERSION QUICKJS_VERSION)

# A library of it, compiled with `ARGN` too. -fwrapv: its arithmetic relies on it.
function(sampan_quickjs target)
  set(files)
  foreach(name quickjs libregexp libunicode cutils dtoa)
    list(APPEND files ${QUICKJS}/${name}.c)
  endforeach()
  add_library(${target} STATIC EXCLUDE_FROM_ALL ${files})
  target_include_directories(${target} SYSTEM PUBLIC ${QUICKJS})
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE CONFIG_VERSION="${QUICKJS_VERSION}")
  target_compile_options(${target} PRIVATE -w -fwrapv ${ARGN})
endfunction()

# For a program that keeps its heap: the time of the build, by which the engine seeds Math.random, would be
# kept with it (addon/engine/time.cc).
set(SAMPAN_NO_TIME -Dgettimeofday=sampan_gettimeofday)
