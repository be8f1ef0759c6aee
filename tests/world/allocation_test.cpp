// What a message costs in memory: nothing, once the pools have grown to what is under way.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "bench/nodes.h"

namespace {
std::uint64_t allocations = 0;

void* counted(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void* counted(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto a = static_cast<std::size_t>(alignment);
  if (void* p = std::aligned_alloc(a, (size + a - 1) / a * a)) return p;
  throw std::bad_alloc();
}
}  // namespace

// The hook: the arrays' and the nothrow forms call these. malloc and free are what the library and
// the sanitizers pair them with.
void* operator new(std::size_t size) { return counted(size); }
void* operator new(std::size_t size, std::align_val_t a) { return counted(size, a); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace seedbed {
namespace {

/// Allocations that `messages` more deliveries make.
std::uint64_t allocations_of(World& world, std::uint64_t messages) {
  const std::uint64_t before = allocations;
  const std::uint64_t end = world.messages().delivered + messages;
  while (world.messages().delivered < end) world.step();
  return allocations - before;
}

/// The queue alone still grows: a bucket that holds what crosses a power of two in time fills as
/// rarely as time crosses one, and may then find that it never held as many. Everything else must
/// be in place after the warm-up, so that a million messages cost no more than two allocations.
template <class P>
void expect_none() {
  World world = bench::full::make_world<P>(1'000, Latency::uniform({1_ns, 20_ms}));
  allocations_of(world, 2'000'000);
  EXPECT_LE(allocations_of(world, 1'000'000), 2U);
}

TEST(Allocation, TheHookCounts) {
  const std::uint64_t before = allocations;
  ::operator delete(::operator new(3));  // called by name, so that no compiler leaves it out
  EXPECT_EQ(allocations - before, 1U);
}

TEST(Allocation, RingMessagesAllocateNothing) { expect_none<bench::full::Ring>(); }
TEST(Allocation, RandomMessagesAllocateNothing) { expect_none<bench::full::Random>(); }

}  // namespace
}  // namespace seedbed
