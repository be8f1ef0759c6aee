# How everything is compiled. `seedbed_flags` carries the warnings; what decides about the bits of a
# result holds for every source of the project.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(DEFINED ENV{CI})
  set(seedbed_in_ci ON)
else()
  set(seedbed_in_ci OFF)
endif()
option(SEEDBED_WERROR "Warnings are errors" ${seedbed_in_ci})
set(SEEDBED_SANITIZE "" CACHE STRING "Sanitizers to build with, as a list: address;undefined")

# One seed, one history: a fused multiply-add rounds once where two operations round twice.
add_compile_options(-ffp-contract=off)

# What a process has just changed lies in memory word by word. g++ would send it off 16 bytes at a
# time, and such a load waits until the words' stores have left the processor: in a small world a
# tenth of a message's time.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fno-tree-slp-vectorize)
endif()

# An event of a protocol goes through more code than the processor's first cache holds, and hardly
# any of it in a loop: what would align the loops is room that something else could have.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fno-align-jumps -fno-align-loops -fno-align-labels)
endif()

add_library(seedbed_flags INTERFACE)
target_include_directories(seedbed_flags INTERFACE ${CMAKE_SOURCE_DIR})
# -Wsign-conversion is part of -Wconversion for clang++ alone: asked for by name, g++ agrees.
target_compile_options(seedbed_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                               -Wsign-conversion)
# `{.term = 3}` leaves the other fields at their defaults, and means to.
target_compile_options(seedbed_flags INTERFACE -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overlaps and overruns inside std::string's own operator+ (GCC bug 105651).
  target_compile_options(seedbed_flags INTERFACE -Wno-restrict -Wno-array-bounds
                                                 -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(SEEDBED_WERROR)
  target_compile_options(seedbed_flags INTERFACE -Werror)
endif()

if(SEEDBED_SANITIZE)
  list(JOIN SEEDBED_SANITIZE "," sanitizers)
  add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${sanitizers})
endif()

# For long sweeps. Digests do not change: tests/run/golden_test.cpp. What they are worth is in
# bench/README.md.
option(SEEDBED_LTO "Optimise across files, when linking" OFF)
if(SEEDBED_LTO)
  include(CheckIPOSupported)
  check_ipo_supported()
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
set(SEEDBED_PROFILE "" CACHE STRING
    "record: programs that note what they do; use: optimise for what they noted, in the same folder")
set_property(CACHE SEEDBED_PROFILE PROPERTY STRINGS "" record use)
if(SEEDBED_PROFILE)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    message(FATAL_ERROR "SEEDBED_PROFILE: profiles are g++'s; this is ${CMAKE_CXX_COMPILER_ID}")
  elseif(SEEDBED_PROFILE STREQUAL "record")
    add_compile_options(-fprofile-generate)
    add_link_options(-fprofile-generate)
  elseif(SEEDBED_PROFILE STREQUAL "use")
    add_compile_options(-fprofile-use -fprofile-correction -Wno-missing-profile)
  else()
    message(FATAL_ERROR "SEEDBED_PROFILE is \"record\" or \"use\", not \"${SEEDBED_PROFILE}\"")
  endif()
endif()

# ccache, where it is there. For precompiled headers it must look less closely at times, and clang
# must keep them out of the header.
find_program(SEEDBED_CCACHE ccache)
if(SEEDBED_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${SEEDBED_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()
