# Protocols register by being there.
#
#   protocols/raft/CMakeLists.txt:    seedbed_protocol(raft SOURCES log.cpp server.cpp protocol.cpp)
#   protocols/raft/protocol.cpp:      namespace seedbed::raft {
#                                     extern const Protocol kProtocol;  // a const is else internal
#                                     constinit const Protocol kProtocol = {...};
#                                     }
#
# The folder's name is the protocol's name and its namespace. From the folders comes one generated
# source: a sorted, constinit table behind seedbed::all_protocols(). No static initialiser runs, a
# protocol without its constant does not link, and a folder without its line does not configure.

# seedbed_protocol(NAME SOURCES FILE...): called once, by protocols/NAME/CMakeLists.txt.
function(seedbed_protocol name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES")
  set(where "${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt")
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME folder)
  if(NOT name STREQUAL folder)
    message(FATAL_ERROR "${where}: seedbed_protocol(${name}) stands in the folder '${folder}'; "
                        "a protocol has its folder's name: seedbed_protocol(${folder} SOURCES ...)")
  endif()
  if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "${where}: '${name}' is no namespace: use a-z, 0-9 and _")
  endif()
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${where}: unknown arguments of seedbed_protocol: "
                        "${arg_UNPARSED_ARGUMENTS}; use seedbed_protocol(${name} SOURCES ...)")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "${where}: seedbed_protocol(${name}) lists no SOURCES")
  endif()
  list(TRANSFORM arg_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  target_sources(seedbed_protocols PRIVATE ${arg_SOURCES})
  set_property(GLOBAL APPEND PROPERTY SEEDBED_PROTOCOLS ${name})
endfunction()

# seedbed_add_protocols(FOLDER): enters every subfolder, and insists that each declares itself. A
# subfolder without any file (git does not even know it) is not one yet.
function(seedbed_add_protocols root)
  seedbed_watch(${root})
  file(GLOB folders RELATIVE ${root} ${root}/*)
  foreach(folder IN LISTS folders)
    if(NOT IS_DIRECTORY ${root}/${folder})
      continue()
    endif()
    seedbed_watch(${root}/${folder})
    file(GLOB files ${root}/${folder}/*)
    if(NOT files)
      continue()
    endif()
    if(EXISTS ${root}/${folder}/CMakeLists.txt)
      add_subdirectory(${root}/${folder})
    endif()
    get_property(declared GLOBAL PROPERTY SEEDBED_PROTOCOLS)
    if(NOT folder IN_LIST declared)
      message(FATAL_ERROR "protocols/${folder} declares no protocol: its CMakeLists.txt must call "
                          "seedbed_protocol(${folder} SOURCES ...)")
    endif()
  endforeach()
endfunction()

# seedbed_registry(FILE): writes the table of all declared protocols.
function(seedbed_registry file)
  get_property(names GLOBAL PROPERTY SEEDBED_PROTOCOLS)
  list(SORT names)
  list(LENGTH names count)
  set(externs)
  set(entries)
  foreach(name IN LISTS names)
    string(APPEND externs "namespace seedbed::${name} { extern const Protocol kProtocol; }\n")
    string(APPEND entries "    &${name}::kProtocol,\n")
  endforeach()
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"// Generated from the folders of protocols/ by cmake/SeedbedProtocol.cmake.
#include \"protocols/protocol.h\"

#include <array>
#include <span>

@externs@
namespace seedbed {

namespace {
constinit const std::array<const Protocol*, @count@> kProtocols = {
@entries@};
}  // namespace

std::span<const Protocol* const> built_in_protocols() { return kProtocols; }

}  // namespace seedbed
")
endfunction()
