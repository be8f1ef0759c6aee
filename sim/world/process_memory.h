// Where the processes of a world live: those of a size side by side, without gaps and in chunks
// that grow by doubling, so that a million nodes have huge pages, and a thousand fit the caches. A
// small world has one small chunk. What is given back is the next that is taken.
//
//   ProcessMemory memory;
//   ProcessBase* process = prototype.clone_to(memory.allocate(prototype.size()));
//   process->~ProcessBase();
//   memory.release(process, prototype.size());
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "sim/base/pages.h"

namespace seedbed {

class ProcessMemory {
 public:
  /// For an object of `bytes` bytes, aligned for any of that size: by at most 64.
  void* allocate(std::size_t bytes);
  void release(void* block, std::size_t bytes);

 private:
  using Chunk = std::unique_ptr<std::byte[], FreePages>;
  struct SizeClass {
    std::size_t block_size = 0;
    std::vector<Chunk> chunks;
    std::size_t unused = 0;  // blocks at the end of the last chunk
    std::size_t blocks = 0;  // in all chunks
    std::vector<void*> free;
  };

  SizeClass& class_of(std::size_t bytes);

  std::vector<SizeClass> classes_;  // few
};

}  // namespace seedbed
