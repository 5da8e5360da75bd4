# sampan.node: the Node-API addon, with the C++ library linked in and the bytes of sampan-init.

if(NOT CMAKE_JS_INC)
  message(FATAL_ERROR "the Node-API headers are unknown: build with `npm run build:native`")
endif()

set(EMBEDDED ${CMAKE_BINARY_DIR}/embedded_init.S)
sampan_embed(${SAMPAN_OUT}/sampan-init ${EMBEDDED})

add_library(sampan MODULE ${BINDING_SOURCES} ${CORE_SOURCES} ${EMBEDDED})
add_dependencies(sampan sampan-init)
set_target_properties(sampan PROPERTIES
  LIBRARY_OUTPUT_DIRECTORY ${SAMPAN_OUT} PREFIX "" SUFFIX ".node"
  CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
target_include_directories(sampan PRIVATE ${SAMPAN_INCLUDES})
target_include_directories(sampan SYSTEM PRIVATE ${CMAKE_JS_INC})
target_compile_definitions(sampan PRIVATE
  NAPI_VERSION=9 NAPI_DISABLE_CPP_EXCEPTIONS NODE_ADDON_API_DISABLE_DEPRECATED)
target_compile_options(sampan PRIVATE $<$<COMPILE_LANGUAGE:CXX>:
  -Os -ffunction-sections -fdata-sections -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
  -fno-asynchronous-unwind-tables -fno-unwind-tables
  ${SAMPAN_LANGUAGE} ${SAMPAN_WARNINGS} ${SAMPAN_HARDEN}>)
target_link_options(sampan PRIVATE
  -s -static-libgcc -static-libstdc++
  LINKER:--gc-sections,--as-needed,--exclude-libs,ALL,--build-id=none
  LINKER:-z,relro,-z,now,-z,noexecstack)
