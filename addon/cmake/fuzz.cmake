# Each target below is addon/NAME_fuzz.cc with what it needs of core and init, on libFuzzer with the
# address and undefined-behaviour sanitizers; `npm run fuzz` builds and runs them.

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "libFuzzer comes with clang: -DCMAKE_CXX_COMPILER=clang++")
endif()

add_compile_options(-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                    -fno-omit-frame-pointer ${SAMPAN_WARNINGS} -Wno-missing-braces
                    ${SAMPAN_LANGUAGE})
add_link_options(-fsanitize=fuzzer,address,undefined)
include_directories(${SAMPAN_INCLUDES})

function(sampan_fuzz name)
  string(REPLACE "/" "_" target ${name})
  list(TRANSFORM ARGN PREPEND addon/)
  add_executable(${target} addon/${name}_fuzz.cc ${ARGN})
  # Read by test/fuzz/native.ts: what is built here is what there is to run.
  file(APPEND ${CMAKE_BINARY_DIR}/targets.txt "${target}\n")
endfunction()
file(WRITE ${CMAKE_BINARY_DIR}/targets.txt "")

set(ROOT init/root.cc init/walk.cc)
sampan_fuzz(wire/plan)
sampan_fuzz(core/netlink core/netlink.cc)
sampan_fuzz(core/seccomp core/seccomp.cc core/seccomp_conditions.cc core/number_search.cc
            core/system_calls.cc)
sampan_fuzz(init/asks_for init/asks_for.cc)
sampan_fuzz(init/home init/home.cc ${ROOT} init/channel.cc)
sampan_fuzz(init/mount_points init/mount_points.cc)
sampan_fuzz(init/root ${ROOT})
sampan_fuzz(init/race ${ROOT})
target_link_options(init_race PRIVATE
                    LINKER:--wrap=openat LINKER:--wrap=mkdirat LINKER:--wrap=syscall)
