// Memory for the big arrays of a world. In one with a million nodes nearly every event touches
// memory that no cache and no TLB knows; from 2 MiB on these arrays ask for huge pages, of which
// the TLB knows enough.
//
//   PagedVector<Node> nodes;               // a std::vector
//   void* chunk = allocate_pages(bytes);   // at least 64-byte aligned, not cleared
//   free_pages(chunk);
#pragma once

#include <cstddef>
#include <vector>

namespace seedbed {

/// Throws std::bad_alloc.
void* allocate_pages(std::size_t bytes);
void free_pages(void* pages) noexcept;

template <class T>
struct PageAllocator {
  using value_type = T;
  PageAllocator() = default;
  template <class U>
  PageAllocator(const PageAllocator<U>&) {}  // NOLINT: converts on purpose
  T* allocate(std::size_t n) { return static_cast<T*>(allocate_pages(n * sizeof(T))); }
  void deallocate(T* p, std::size_t) noexcept { free_pages(p); }
  bool operator==(const PageAllocator&) const = default;
};

template <class T>
using PagedVector = std::vector<T, PageAllocator<T>>;

/// The deleter of a unique_ptr to such memory.
struct FreePages {
  void operator()(void* pages) const noexcept { free_pages(pages); }
};

}  // namespace seedbed
