#include "sim/base/pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace seedbed {

namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;

}  // namespace

void* allocate_pages(std::size_t bytes) {
  void* const memory = ::operator new (bytes, std::align_val_t{kCacheLine});
  if (bytes >= kHugePage) {
    const std::size_t skipped = -reinterpret_cast<std::uintptr_t>(memory) % kPage;
    // Advice: where it is not taken, everything is as before.
    madvise(static_cast<char*>(memory) + skipped, (bytes - skipped) / kPage * kPage, MADV_HUGEPAGE);
  }
  return memory;
}

void free_pages(void* pages) noexcept { ::operator delete (pages, std::align_val_t{kCacheLine}); }

}  // namespace seedbed
