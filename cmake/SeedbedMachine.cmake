# Toolchain of the presets that build for another processor, SEEDBED_MACHINE: Debian's cross compiler,
# the libraries of that processor in a folder of their own, and qemu-user to run what comes out.
#
#   cmake --preset s390x && cmake --build --preset s390x     (or: tools/test --preset s390x)
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${SEEDBED_MACHINE})
set(CMAKE_CXX_COMPILER ${SEEDBED_MACHINE}-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${SEEDBED_MACHINE}-linux-gnu)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SEEDBED_MACHINE)

cmake_path(SET CMAKE_SYSROOT NORMALIZE
           ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-${SEEDBED_MACHINE})
get_property(seedbed_trying GLOBAL PROPERTY IN_TRY_COMPILE)
if(NOT seedbed_trying)
  execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/sysroot.sh ${SEEDBED_MACHINE} ${CMAKE_SYSROOT}
                  COMMAND_ERROR_IS_FATAL ANY)
endif()
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${SEEDBED_MACHINE};-L;${CMAKE_SYSROOT})

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
