# build/sanitized/sampan: the executable with the address and undefined-behaviour sanitizers, and in it
# a sampan-init that has them too, for the end-to-end tests (`npm run test:sanitized`). It is made of
# what the C++ tests are made of.
#
# It differs from dist/sampan in the C library, which is glibc: the sanitizers know no musl and no static
# program. The engine's memory tells them of its blocks. scripts/sanitized-tests.ts adds the snapshot.

set(REPORTS "" CACHE FILEPATH "what findings are written to (addon/testing/sanitizer_reports.cc)")
set(SANITIZED ${SAMPAN_OUT}/sanitized)
set(TESTING ${CMAKE_CURRENT_SOURCE_DIR}/addon/testing)

# A program with the sanitizers linked in; where it says what they find.
function(sampan_sanitized target name)
  add_executable(${target} EXCLUDE_FROM_ALL ${ARGN} ${TESTING}/sanitizer_reports.cc)
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${SANITIZED})
  target_link_options(${target} PRIVATE
    -static-libasan -static-libubsan -static-libgcc -static-libstdc++
    LINKER:-z,now,--wrap=__asan_handle_no_return)
endfunction()
set_source_files_properties(${TESTING}/sanitizer_reports.cc PROPERTIES
  COMPILE_DEFINITIONS SAMPAN_REPORTS="${REPORTS}" COMPILE_OPTIONS -fno-sanitize=all)

sampan_sanitized(sampan-sanitized-init sampan-init
  ${CMAKE_CURRENT_SOURCE_DIR}/addon/program/main.cc)
target_link_libraries(sampan-sanitized-init PRIVATE init_under_test core_under_test)

set(EMBEDDED ${CMAKE_BINARY_DIR}/embedded_init.S)
sampan_embed(${SANITIZED}/sampan-init ${EMBEDDED})
# The C++ library is glibc's own here.
list(FILTER ENGINE_SOURCES EXCLUDE REGEX "/napi/|/engine/(library|memory)\\.cc$")
sampan_sanitized(sampan-sanitized sampan-empty ${ENGINE_SOURCES} ${BINDING_SOURCES} ${EMBEDDED})
target_compile_definitions(sampan-sanitized PRIVATE SAMPAN_SNAPSHOT_ROOM=${SAMPAN_SNAPSHOT_ROOM})
add_dependencies(sampan-sanitized sampan-sanitized-init)
# The engine relies on arithmetic that the other sanitizer reports.
sampan_quickjs(quickjs_sanitized -O1 -fno-sanitize=undefined ${SAMPAN_NO_TIME})
target_link_libraries(sampan-sanitized PRIVATE engine_under_test core_under_test quickjs_sanitized)
