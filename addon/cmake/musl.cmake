# Static programs against musl, because they start in half the time of a glibc one and are a tenth of
# its size. They are compiled with the host's compiler and musl's headers put in place of
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

# Compiles a target against musl.
function(sampan_against_musl target)
  target_compile_options(${target} PRIVATE
    -fPIE -ffunction-sections -fdata-sections
    -fno-asynchronous-unwind-tables -fno-unwind-tables ${SAMPAN_HARDEN}
    -nostdinc
    $<$<COMPILE_LANGUAGE:CXX>:-nostdinc++>
    # libstdc++ was configured for glibc and asks for its version; CMake drops such a definition.
    "$<$<COMPILE_LANGUAGE:CXX>:-D__GLIBC_PREREQ(a,b)=0>"
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-isystem /usr/include/c++/${GCC_MAJOR}>"
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-isystem /usr/include/${MULTIARCH}/c++/${GCC_MAJOR}>"
    "SHELL:-isystem ${MUSL_INCLUDE}"
    "SHELL:-isystem ${GCC_DIR}/include"
    "SHELL:-isystem ${KERNEL_HEADERS}")
endfunction()

# Links a program as static-pie against musl and `ARGN`.
function(sampan_link_musl target)
  target_link_options(${target} PRIVATE
    -static-pie -nostdlib -nostartfiles -s
    LINKER:--gc-sections,--build-id=none,-z,relro,-z,now,-z,noexecstack
    ${MUSL_LIB}/rcrt1.o ${MUSL_LIB}/crti.o)
  target_link_libraries(${target} PRIVATE ${ARGN} ${MUSL_LIB}/libc.a gcc ${MUSL_LIB}/crtn.o)
endfunction()
