# One function per kind of part, so that each folder's CMakeLists.txt is one call.

add_library(concordat_flags INTERFACE)
target_compile_options(concordat_flags INTERFACE -pthread -Wall -Wextra -Werror -Wno-missing-field-initializers
                       -Wno-restrict)  # GCC 12 sees overlaps in std::string that are none (GCC bug 105651)
target_include_directories(concordat_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(CONCORDAT_SANITIZE)
  # GCC 12 reports false maybe-uninitialized values when it instruments.
  target_compile_options(concordat_flags INTERFACE -fsanitize=${CONCORDAT_SANITIZE} -fno-omit-frame-pointer
                                                   -Wno-maybe-uninitialized)
  target_link_options(concordat_flags INTERFACE -fsanitize=${CONCORDAT_SANITIZE})
endif()

# Headers that nearly every file includes, parsed once: halves the time of a clean build.
option(CONCORDAT_PCH "precompile the common headers" OFF)
function(concordat_precompile target)
  if(NOT CONCORDAT_PCH)
    return()
  endif()
  if(NOT TARGET concordat_pch)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch.cc CONTENT "")  # touched only when it is new: a reconfigure rebuilds nothing
    add_library(concordat_pch STATIC ${CMAKE_BINARY_DIR}/pch.cc)
    target_link_libraries(concordat_pch PUBLIC concordat_flags concordat_base)
    target_precompile_headers(concordat_pch PRIVATE
      <algorithm> <functional> <map> <memory> <optional> <string> <string_view> <utility> <vector>
      <fmt/format.h> <fmt/ranges.h> <host/base/status.h> <host/base/json.h> <host/base/source.h> <host/base/clock.h>)
  endif()
  # CMake compiles programs with -fPIE; precompiled headers want the flags that the libraries have.
  get_target_property(type ${target} TYPE)
  if(type STREQUAL EXECUTABLE)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
  target_precompile_headers(${target} REUSE_FROM concordat_pch)
endfunction()

# The same for tests, with GoogleTest's headers. Test code is not optimised: it is compiled often and run once.
function(concordat_precompile_test target)
  target_compile_options(${target} PRIVATE -O0)
  if(NOT CONCORDAT_PCH)
    return()
  endif()
  if(NOT TARGET concordat_test_pch)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/test_pch.cc CONTENT "")  # touched only when it is new: a reconfigure rebuilds nothing
    add_library(concordat_test_pch STATIC ${CMAKE_BINARY_DIR}/test_pch.cc)
    target_link_libraries(concordat_test_pch PUBLIC concordat_flags concordat_base GTest::gtest GTest::gmock)
    target_compile_options(concordat_test_pch PRIVATE -O0)
    target_compile_definitions(concordat_test_pch PRIVATE CONCORDAT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                          CONCORDAT_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    target_precompile_headers(concordat_test_pch PRIVATE
      <algorithm> <functional> <map> <memory> <optional> <string> <string_view> <utility> <vector>
      <fmt/format.h> <fmt/ranges.h> <gmock/gmock.h> <gtest/gtest.h>
      <host/base/status.h> <host/base/json.h> <host/base/source.h> <host/base/clock.h>)
  endif()
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC)
  target_precompile_headers(${target} REUSE_FROM concordat_test_pch)
endfunction()

# concordat_layer(NAME DEPS a b ...): a static library from the .cc files of the current folder, named concordat_NAME.
function(concordat_layer name)
  cmake_parse_arguments(ARG "" "" "DEPS;SUBFOLDERS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  foreach(folder ${ARG_SUBFOLDERS})
    file(GLOB more CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cc)
    list(APPEND sources ${more})
  endforeach()
  if(NOT sources)
    add_library(concordat_${name} INTERFACE)
    target_link_libraries(concordat_${name} INTERFACE concordat_flags ${ARG_DEPS})
    return()
  endif()
  add_library(concordat_${name} STATIC ${sources})
  target_link_libraries(concordat_${name} PUBLIC concordat_flags ${ARG_DEPS})
  if(NOT name STREQUAL base)
    concordat_precompile(concordat_${name})
  endif()
endfunction()

# concordat_test(NAME DEPS a b ...): one GoogleTest program from the *_test.cc files of the current folder.
function(concordat_test name)
  cmake_parse_arguments(ARG "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_test ${sources})
  target_link_libraries(${name}_test PRIVATE concordat_flags ${ARG_DEPS} GTest::gtest_main GTest::gmock)
  target_compile_definitions(${name}_test PRIVATE CONCORDAT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                  CONCORDAT_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  concordat_precompile_test(${name}_test)
  add_test(NAME ${name} COMMAND ${name}_test)
endfunction()

# concordat_optional_subdirectory(DIR): DIR when it has a CMakeLists.txt.
function(concordat_optional_subdirectory folder)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
    add_subdirectory(${folder})
  endif()
endfunction()
