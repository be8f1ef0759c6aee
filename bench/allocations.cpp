#include "bench/allocations.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>

namespace {

std::int64_t living = 0;  // the program has one thread
std::int64_t peak = 0;

void* counted(void* p) {
  if (p == nullptr) throw std::bad_alloc();
  living += static_cast<std::int64_t>(malloc_usable_size(p));
  peak = std::max(peak, living);
  return p;
}
void drop(void* p) {
  living -= static_cast<std::int64_t>(malloc_usable_size(p));
  std::free(p);
}

}  // namespace

// The arrays' and the nothrow forms call these.
void* operator new(std::size_t size) { return counted(std::malloc(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto a = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(a, (size + a - 1) / a * a));
}
void operator delete(void* p) noexcept { drop(p); }
void operator delete(void* p, std::size_t) noexcept { drop(p); }
void operator delete(void* p, std::align_val_t) noexcept { drop(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { drop(p); }

namespace seedbed::bench {

std::int64_t living_bytes() { return living; }
std::int64_t peak_bytes() { return peak; }
std::int64_t forget_peak() { return peak = living; }

std::int64_t resident_bytes() {
  malloc_trim(0);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/proc/self/statm", "r"),
                                                             std::fclose);
  long long total = 0;
  long long resident = 0;
  if (file == nullptr || std::fscanf(file.get(), "%lld %lld", &total, &resident) != 2) return 0;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace seedbed::bench
