# dist/sampan: one static program of the engine (third_party/quickjs), the binding, and src/ as a snapshot of
# the engine's heap (addon/engine/snapshot.h).
#
#   sampan-compile     the tool that makes bytecode of a module
#   sampan-executable  the program with an empty snapshot, which does nothing but make one
#
# Neither is part of `all`: scripts/build.ts asks for them.

sampan_quickjs(quickjs -O3 ${SAMPAN_NO_TIME})
sampan_against_musl(quickjs)

# A C++ program with the engine in it. Strings are instantiated where they are used: libstdc++.a is
# glibc's, and of it only parts that need nothing of glibc can be linked (the trees of std::map).
sampan_ask(LIBSTDCXX -print-file-name=libstdc++.a)
function(sampan_with_engine target)
  target_include_directories(${target} PRIVATE ${SAMPAN_INCLUDES})
  target_compile_definitions(${target} PRIVATE _GLIBCXX_EXTERN_TEMPLATE=0)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-O2>
    "$<$<COMPILE_LANGUAGE:CXX>:${SAMPAN_LANGUAGE}>"
    "$<$<COMPILE_LANGUAGE:CXX>:${SAMPAN_WARNINGS}>"
    "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include ${CMAKE_CURRENT_SOURCE_DIR}/addon/engine/glibc_names.h>")
  sampan_against_musl(${target})
  sampan_link_musl(${target} quickjs ${LIBSTDCXX})
endfunction()

set(ENGINE ${CMAKE_CURRENT_SOURCE_DIR}/addon/engine)
add_executable(sampan-compile EXCLUDE_FROM_ALL
  ${ENGINE}/compile/main.cc ${ENGINE}/files.cc ${ENGINE}/library.cc ${ENGINE}/operators.cc ${ENGINE}/memory.cc ${ENGINE}/time.cc)
sampan_with_engine(sampan-compile)
set_target_properties(sampan-compile PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${SAMPAN_OUT})

list(FILTER CORE_SOURCES EXCLUDE REGEX "/terminate\\.cc$")
add_executable(sampan-executable EXCLUDE_FROM_ALL
  ${ENGINE_SOURCES} ${BINDING_SOURCES} ${CORE_SOURCES} ${EMBEDDED})
add_dependencies(sampan-executable sampan-init)
set_target_properties(sampan-executable PROPERTIES
  OUTPUT_NAME sampan-empty RUNTIME_OUTPUT_DIRECTORY ${SAMPAN_OUT})
target_include_directories(sampan-executable SYSTEM PRIVATE ${CMAKE_JS_INC} ${QUICKJS})
target_compile_definitions(sampan-executable PRIVATE
  SAMPAN_SNAPSHOT_ROOM=${SAMPAN_SNAPSHOT_ROOM}
  NAPI_VERSION=9 NAPI_DISABLE_CPP_EXCEPTIONS NODE_ADDON_API_DISABLE_DEPRECATED)
sampan_with_engine(sampan-executable)
