# The first number is the adapter ABI (CONCORDAT_ABI of adapter_abi.h), the second grows with what is appended to it:
# find_package(Concordat 1) takes any SDK whose adapters load where those of 1.0 do.
set(PACKAGE_VERSION 1.0.0)
if(PACKAGE_FIND_VERSION_MAJOR STREQUAL "1" AND NOT PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
elseif(NOT PACKAGE_FIND_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
else()
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
endif()
