# sampan-init: what runs in a container before its program, beside one in the foreground, and as a report.

set(CORE ${CMAKE_CURRENT_SOURCE_DIR}/addon/core)
add_executable(sampan-init ${INIT_SOURCES} ${CORE}/clone_call.S ${CORE}/close_range.cc ${CORE}/cgroup_walk.cc)
set_target_properties(sampan-init PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${SAMPAN_OUT})
target_include_directories(sampan-init PRIVATE ${SAMPAN_INCLUDES})
target_compile_options(sampan-init PRIVATE -Os ${SAMPAN_LANGUAGE} ${SAMPAN_WARNINGS})
sampan_against_musl(sampan-init)
sampan_link_musl(sampan-init)
