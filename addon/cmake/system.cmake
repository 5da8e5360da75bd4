# build/system.node: the module sampan:system as an addon of Node, for test/engine.

sampan_sources(engine/system SYSTEM_SOURCES)
add_library(system MODULE ${SYSTEM_SOURCES}
  ${CMAKE_CURRENT_SOURCE_DIR}/addon/testing/system_module.cc
  ${CMAKE_CURRENT_SOURCE_DIR}/addon/binding/convert.cc
  ${CMAKE_CURRENT_SOURCE_DIR}/addon/core/error_text.cc
  ${CMAKE_CURRENT_SOURCE_DIR}/addon/core/process.cc)
set_target_properties(system PROPERTIES
  LIBRARY_OUTPUT_DIRECTORY ${SAMPAN_OUT} PREFIX "" SUFFIX ".node")
target_include_directories(system PRIVATE ${SAMPAN_INCLUDES})
target_include_directories(system SYSTEM PRIVATE ${CMAKE_JS_INC})
target_compile_definitions(system PRIVATE
  NAPI_VERSION=9 NAPI_DISABLE_CPP_EXCEPTIONS NODE_ADDON_API_DISABLE_DEPRECATED)
target_compile_options(system PRIVATE -O1 ${SAMPAN_LANGUAGE} ${SAMPAN_WARNINGS})
