# dist/sampan: one static program of the engine (third_party/quickjs), the binding, and src/ as bytecode.
#
#   sampan-compile     the tool that makes bytecode of a module
#   sampan-executable  not part of `all`: build/gen/engine/modules.S must have been made of src/ before

set(QUICKJS ${CMAKE_CURRENT_SOURCE_DIR}/third_party/quickjs)
file(STRINGS ${QUICKJS}/VERSION QUICKJS_VERSION)
set(QUICKJS_SOURCES)
foreach(name quickjs libregexp libunicode cutils dtoa)
  list(APPEND QUICKJS_SOURCES ${QUICKJS}/${name}.c)
endforeach()

function(sampan_quickjs target)
  add_library(${target} STATIC ${QUICKJS_SOURCES})
  target_include_directories(${target} SYSTEM PUBLIC ${QUICKJS})
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE CONFIG_VERSION="${QUICKJS_VERSION}")
  # -fwrapv: its arithmetic relies on it.
  target_compile_options(${target} PRIVATE ${ARGN} -w -fwrapv)
endfunction()

sampan_quickjs(quickjs-for-host -O1)
add_executable(sampan-compile ${CMAKE_CURRENT_SOURCE_DIR}/addon/engine/compile/main.cc)
target_compile_options(sampan-compile PRIVATE -O1 ${SAMPAN_LANGUAGE} ${SAMPAN_WARNINGS})
target_link_libraries(sampan-compile PRIVATE quickjs-for-host m)
set_target_properties(sampan-compile PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${SAMPAN_OUT})

sampan_quickjs(quickjs -O2)
sampan_against_musl(quickjs)

set(MODULES ${SAMPAN_GEN}/engine/modules.S)
set_source_files_properties(${MODULES} PROPERTIES GENERATED TRUE)
list(FILTER CORE_SOURCES EXCLUDE REGEX "/terminate\\.cc$")
add_executable(sampan-executable EXCLUDE_FROM_ALL
  ${ENGINE_SOURCES} ${BINDING_SOURCES} ${CORE_SOURCES} ${EMBEDDED} ${MODULES})
add_dependencies(sampan-executable sampan-init)
set_target_properties(sampan-executable PROPERTIES
  OUTPUT_NAME sampan RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/dist)
target_include_directories(sampan-executable PRIVATE ${SAMPAN_INCLUDES})
target_include_directories(sampan-executable SYSTEM PRIVATE ${CMAKE_JS_INC} ${QUICKJS})
target_compile_definitions(sampan-executable PRIVATE
  NAPI_VERSION=9 NAPI_DISABLE_CPP_EXCEPTIONS NODE_ADDON_API_DISABLE_DEPRECATED
  # Strings are instantiated here: libstdc++.a is glibc's.
  _GLIBCXX_EXTERN_TEMPLATE=0)
target_compile_options(sampan-executable PRIVATE
  $<$<COMPILE_LANGUAGE:CXX>:-Os> "$<$<COMPILE_LANGUAGE:CXX>:${SAMPAN_LANGUAGE}>"
  "$<$<COMPILE_LANGUAGE:CXX>:${SAMPAN_WARNINGS}>"
  "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include ${CMAKE_CURRENT_SOURCE_DIR}/addon/engine/glibc_names.h>")
sampan_against_musl(sampan-executable)
# Of the host's C++ library only parts that need nothing of glibc can be linked: the trees of std::map.
sampan_ask(LIBSTDCXX -print-file-name=libstdc++.a)
sampan_link_musl(sampan-executable quickjs ${LIBSTDCXX})
