# Every addon/**/*_test.cc becomes one executable and one ctest test, linked with whatever of core
# and init it uses. They run on the host's libc with the address and undefined-behaviour sanitizers.

enable_testing()
file(GLOB_RECURSE TEST_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/addon/*_test.cc)
list(FILTER INIT_SOURCES EXCLUDE REGEX "/main\\.cc$")

add_compile_options(-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
                    -fno-omit-frame-pointer ${SAMPAN_WARNINGS}
                    "$<$<COMPILE_LANGUAGE:CXX>:${SAMPAN_LANGUAGE}>"
                    $<$<COMPILE_LANGUAGE:CXX>:-D_GLIBCXX_ASSERTIONS>)
# Not position-independent: where a program lands at random may be where the sanitizers keep blocks.
add_compile_options(-fno-pie)
add_link_options(-no-pie)
# What the inline functions of Node-API could call, and nothing calls, need not be there.
add_compile_options(-ffunction-sections)
add_link_options(-fsanitize=address,undefined LINKER:--gc-sections)
include_directories(${SAMPAN_INCLUDES})

# The engine with the Node-API on it; the program around it is for the executable only.
sampan_quickjs(quickjs_under_test -O0 -fno-sanitize=all)
add_library(engine_under_test STATIC
  ${NAPI_SOURCES} ${CMAKE_CURRENT_SOURCE_DIR}/addon/engine/memory.cc)
# It tells the address sanitizer of its blocks, and itself looks behind them.
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/addon/engine/memory.cc PROPERTIES
  COMPILE_DEFINITIONS SAMPAN_POISON COMPILE_OPTIONS -fno-sanitize=address)
set(HEADERS ${CMAKE_CURRENT_SOURCE_DIR}/node_modules)
target_include_directories(engine_under_test SYSTEM PUBLIC
  ${QUICKJS} ${HEADERS}/node-api-headers/include ${HEADERS}/node-addon-api)
target_compile_definitions(engine_under_test PUBLIC
  NAPI_VERSION=9 NAPI_DISABLE_CPP_EXCEPTIONS NODE_ADDON_API_DISABLE_DEPRECATED)

set(PARTS engine_under_test)
foreach(part INIT CORE)
  if(${part}_SOURCES)
    string(TOLOWER ${part} name)
    # A static library, so that a test takes in only the objects that it refers to.
    add_library(${name}_under_test STATIC ${${part}_SOURCES})
    list(APPEND PARTS ${name}_under_test)
  endif()
endforeach()

foreach(source ${TEST_SOURCES})
  file(RELATIVE_PATH name ${CMAKE_CURRENT_SOURCE_DIR}/addon ${source})
  string(REGEX REPLACE "\\.cc$" "" name ${name})
  string(REPLACE "/" "_" target ${name})
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE ${PARTS} quickjs_under_test)
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
endforeach()
