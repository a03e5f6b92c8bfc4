# concordat_add_adapter, the same inside Concordat's own tree and in a partner's.

# concordat_add_adapter(NAME file.c file.cc ... [DEPS target ...] [MANIFEST file] [SAMPLES folder])
#
# Builds the target adapter_NAME: a library NAME.so with one exported symbol, in ${CONCORDAT_ADAPTER_DIR}/NAME/ (by
# default ${CMAKE_BINARY_DIR}/adapters/NAME/), with its adapter.yaml (by default the one of the current folder) and its
# samples (by default the folder samples, where there is one) beside it: that folder is what is verified, signed and installed.
# `cmake --install` puts it below ${CMAKE_INSTALL_PREFIX}/${CONCORDAT_ADAPTER_INSTALL_DIR}, by default adapters.
function(concordat_add_adapter name)
  cmake_parse_arguments(ARG "" "MANIFEST;SAMPLES" "DEPS" ${ARGN})
  if(NOT ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "concordat_add_adapter(${name}): name at least one source file, as in concordat_add_adapter(${name} adapter.cc)")
  endif()
  concordat_adapter_folder(${name} MANIFEST "${ARG_MANIFEST}" SAMPLES "${ARG_SAMPLES}")
  add_library(adapter_${name} MODULE ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(adapter_${name} PRIVATE Concordat::sdk ${CONCORDAT_ADAPTER_DEPS} ${ARG_DEPS})
  set_target_properties(adapter_${name} PROPERTIES
    OUTPUT_NAME ${name} PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${CONCORDAT_ADAPTER_DIR}/${name}
    POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    SKIP_BUILD_RPATH ON SKIP_INSTALL_RPATH ON LINK_DEPENDS ${CONCORDAT_SDK_DIR}/exports.map)
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if("CXX" IN_LIST languages)
    target_compile_features(adapter_${name} PRIVATE cxx_std_17)
    # A unique symbol is shared between libraries and keeps them mapped.
    target_compile_options(adapter_${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  endif()
  target_link_options(adapter_${name} PRIVATE -Wl,--version-script=${CONCORDAT_SDK_DIR}/exports.map -Wl,-z,noexecstack -Wl,-z,text)
  add_dependencies(adapter_${name} adapter_${name}_folder)
endfunction()

# concordat_adapter_folder(NAME [MANIFEST file] [SAMPLES folder]): what lies beside the library, whatever language that is
# written in; the target adapter_NAME_folder. The library itself goes to ${CONCORDAT_ADAPTER_DIR}/NAME/.
function(concordat_adapter_folder name)
  cmake_parse_arguments(ARG "" "MANIFEST;SAMPLES" "" ${ARGN})
  if(NOT ARG_MANIFEST)
    set(ARG_MANIFEST ${CMAKE_CURRENT_SOURCE_DIR}/adapter.yaml)
  endif()
  if(NOT ARG_SAMPLES)
    set(ARG_SAMPLES ${CMAKE_CURRENT_SOURCE_DIR}/samples)
  endif()
  set(folder ${CONCORDAT_ADAPTER_DIR}/${name})
  add_custom_command(OUTPUT ${folder}/adapter.yaml
    COMMAND ${CMAKE_COMMAND} -E copy ${ARG_MANIFEST} ${folder}/adapter.yaml
    DEPENDS ${ARG_MANIFEST})
  set(files ${folder}/adapter.yaml)
  file(GLOB samples CONFIGURE_DEPENDS ${ARG_SAMPLES}/*)
  foreach(sample ${samples})
    get_filename_component(file ${sample} NAME)
    add_custom_command(OUTPUT ${folder}/samples/${file}
      COMMAND ${CMAKE_COMMAND} -E copy ${sample} ${folder}/samples/${file}
      DEPENDS ${sample})
    list(APPEND files ${folder}/samples/${file})
  endforeach()
  add_custom_target(adapter_${name}_folder ALL DEPENDS ${files})
  if(CONCORDAT_ADAPTER_INSTALL_DIR)
    install(DIRECTORY ${folder} DESTINATION ${CONCORDAT_ADAPTER_INSTALL_DIR} COMPONENT adapters
            FILES_MATCHING PATTERN "*.so" PATTERN "adapter.yaml" PATTERN "samples/*")
  endif()
  if(CONCORDAT_PROGRAM AND BUILD_TESTING)
    add_test(NAME verify_${name} COMMAND ${CONCORDAT_PROGRAM} adapter verify ${folder})
  endif()
endfunction()
