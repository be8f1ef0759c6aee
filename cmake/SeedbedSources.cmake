# seedbed_sources(OUT FOLDER...): the .cpp files of some folders, sorted. A file that comes or goes
# changes its folder's time, and that alone makes the next build configure again: unlike
# GLOB CONFIGURE_DEPENDS, nothing is listed when there is nothing to do. A folder that is missing or
# empty adds nothing.
function(seedbed_sources out)
  set(sources)
  foreach(folder IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    if(IS_DIRECTORY ${folder})
      seedbed_watch(${folder})
      file(GLOB found ${folder}/*.cpp)
      list(APPEND sources ${found})
    else()
      cmake_path(GET folder PARENT_PATH parent)
      seedbed_watch(${parent})
    endif()
  endforeach()
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# seedbed_watch(FOLDER): the next build configures again when an entry of the folder comes or goes.
function(seedbed_watch folder)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder})
endfunction()

# seedbed_library(NAME SOURCE...): a static library; an empty one where there are no sources (yet).
function(seedbed_library name)
  if(NOT ARGN)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/empty/${name}.cpp CONTENT "")
    list(APPEND ARGN ${CMAKE_BINARY_DIR}/empty/${name}.cpp)
  endif()
  add_library(${name} STATIC ${ARGN})
endfunction()
