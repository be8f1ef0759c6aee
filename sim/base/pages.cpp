#include "sim/base/pages.h"

#include <sys/mman.h>

#include <memory>
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
    void* pages = memory;
    std::size_t space = bytes;
    std::align(kPage, kPage, pages, space);
    madvise(pages, space / kPage * kPage, MADV_HUGEPAGE);  // advice: not taken, nothing is lost
  }
  return memory;
}

void free_pages(void* pages) noexcept { ::operator delete (pages, std::align_val_t{kCacheLine}); }

}  // namespace seedbed
