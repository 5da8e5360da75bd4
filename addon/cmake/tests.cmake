# Every addon/**/*_test.cc becomes one executable and one ctest test, linked with whatever of core
# and init it uses. They run on the host's libc with the address and undefined-behaviour sanitizers.

enable_testing()
file(GLOB_RECURSE TEST_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/addon/*_test.cc)
list(FILTER INIT_SOURCES EXCLUDE REGEX "/main\\.cc$")

add_compile_options(-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
                    -fno-omit-frame-pointer ${SAMPAN_LANGUAGE} ${SAMPAN_WARNINGS})
add_link_options(-fsanitize=address,undefined)
include_directories(${SAMPAN_INCLUDES})

set(PARTS)
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
