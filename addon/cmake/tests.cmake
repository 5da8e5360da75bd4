# Every addon/**/*_test.cc becomes one executable and one ctest test, linked with whatever of core
# and init it uses. They run on the host's libc with the address and undefined-behaviour sanitizers.

enable_testing()
file(GLOB_RECURSE TEST_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/addon/*_test.cc)
list(FILTER INIT_SOURCES EXCLUDE REGEX "/main\\.cc$")

add_compile_options(-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
                    -fno-omit-frame-pointer ${SAMPAN_WARNINGS}
                    "$<$<COMPILE_LANGUAGE:CXX>:${SAMPAN_LANGUAGE}>")
# What the inline functions of Node-API could call, and nothing calls, need not be there.
add_compile_options(-ffunction-sections)
add_link_options(-fsanitize=address,undefined LINKER:--gc-sections)
include_directories(${SAMPAN_INCLUDES})

# The engine with the Node-API on it; the program around it is for the executable only.
set(QUICKJS ${CMAKE_CURRENT_SOURCE_DIR}/third_party/quickjs)
add_library(engine_under_test STATIC
  ${QUICKJS}/quickjs.c ${QUICKJS}/libregexp.c ${QUICKJS}/libunicode.c ${QUICKJS}/cutils.c
  ${QUICKJS}/dtoa.c ${NAPI_SOURCES} ${CMAKE_CURRENT_SOURCE_DIR}/addon/engine/memory.cc)
target_compile_definitions(engine_under_test PRIVATE _GNU_SOURCE CONFIG_VERSION="tests")
target_compile_options(engine_under_test PRIVATE
  $<$<COMPILE_LANGUAGE:C>:-w> $<$<COMPILE_LANGUAGE:C>:-fwrapv> $<$<COMPILE_LANGUAGE:C>:-O0> $<$<COMPILE_LANGUAGE:C>:-fno-sanitize=all>)
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
  target_link_libraries(${target} PRIVATE ${PARTS})
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
endforeach()
