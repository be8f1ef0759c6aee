#include "sim/world/process_memory.h"

#include <algorithm>

namespace seedbed {

ProcessMemory::SizeClass& ProcessMemory::class_of(std::size_t bytes) {
  constexpr std::size_t kGrain = 16;
  const std::size_t size = (bytes + kGrain - 1) / kGrain * kGrain;
  const auto known = std::find_if(classes_.begin(), classes_.end(),
                                  [&](const SizeClass& c) { return c.block_size == size; });
  return known != classes_.end() ? *known : classes_.emplace_back(SizeClass{.block_size = size});
}

void* ProcessMemory::allocate(std::size_t bytes) {
  SizeClass& c = class_of(bytes);
  if (!c.free.empty()) {
    void* const block = c.free.back();
    c.free.pop_back();
    return block;
  }
  if (c.unused == 0) {
    constexpr std::size_t kFew = 8;
    c.unused = std::max(c.blocks, kFew);
    c.blocks += c.unused;
    c.chunks.emplace_back(static_cast<std::byte*>(allocate_pages(c.unused * c.block_size)));
  }
  return c.chunks.back().get() + --c.unused * c.block_size;
}

void ProcessMemory::release(void* block, std::size_t bytes) {
  class_of(bytes).free.push_back(block);
}

}  // namespace seedbed
