# sampan-init: static-pie against musl, because it starts in half the time of a glibc one and is
# a tenth of its size. It is compiled with g++ for the host and musl's headers put in place of
# glibc's; of the C++ library only what lives in headers may be used.

function(sampan_ask out)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${ARGN} OUTPUT_VARIABLE answer
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${out} ${answer} PARENT_SCOPE)
endfunction()

sampan_ask(MULTIARCH -print-multiarch)
sampan_ask(GCC_MAJOR -dumpversion)
sampan_ask(LIBGCC -print-libgcc-file-name)
get_filename_component(GCC_DIR ${LIBGCC} DIRECTORY)
string(REPLACE "-gnu" "-musl" MUSL_TRIPLET ${MULTIARCH})
set(MUSL_LIB /usr/lib/${MUSL_TRIPLET})
set(MUSL_INCLUDE /usr/include/${MUSL_TRIPLET})
foreach(file ${MUSL_LIB}/rcrt1.o ${MUSL_LIB}/libc.a ${MUSL_INCLUDE}/stdio.h)
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "${file} is missing: install musl-dev")
  endif()
endforeach()

# The kernel's headers are not in musl's include path, and glibc's must not get into it.
set(KERNEL_HEADERS ${CMAKE_BINARY_DIR}/kernel-headers)
file(MAKE_DIRECTORY ${KERNEL_HEADERS})
file(CREATE_LINK /usr/include/linux ${KERNEL_HEADERS}/linux SYMBOLIC)
file(CREATE_LINK /usr/include/asm-generic ${KERNEL_HEADERS}/asm-generic SYMBOLIC)
file(CREATE_LINK /usr/include/${MULTIARCH}/asm ${KERNEL_HEADERS}/asm SYMBOLIC)

set(CORE ${CMAKE_CURRENT_SOURCE_DIR}/addon/core)
add_executable(sampan-init ${INIT_SOURCES} ${CORE}/clone_call.S ${CORE}/close_range.cc)
set_target_properties(sampan-init PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${SAMPAN_OUT})
target_include_directories(sampan-init PRIVATE ${SAMPAN_INCLUDES})
target_compile_options(sampan-init PRIVATE
  # libstdc++ was configured for glibc and asks for its version; CMake drops such a definition.
  "-D__GLIBC_PREREQ(a,b)=0"
  -Os -fPIE -ffunction-sections -fdata-sections
  -fno-asynchronous-unwind-tables -fno-unwind-tables
  ${SAMPAN_LANGUAGE} ${SAMPAN_WARNINGS} ${SAMPAN_HARDEN}
  -nostdinc -nostdinc++
  "SHELL:-isystem /usr/include/c++/${GCC_MAJOR}"
  "SHELL:-isystem /usr/include/${MULTIARCH}/c++/${GCC_MAJOR}"
  "SHELL:-isystem ${MUSL_INCLUDE}"
  "SHELL:-isystem ${GCC_DIR}/include"
  "SHELL:-isystem ${KERNEL_HEADERS}")
target_link_options(sampan-init PRIVATE
  -static-pie -nostdlib -nostartfiles -s
  LINKER:--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack
  ${MUSL_LIB}/rcrt1.o ${MUSL_LIB}/crti.o)
target_link_libraries(sampan-init PRIVATE ${MUSL_LIB}/libc.a gcc ${MUSL_LIB}/crtn.o)
