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
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {  // as std::stable_sort asks
  return operator new(size);
}
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

template <class P>
void expect_none(std::uint32_t nodes) {
  World world = bench::full::make_world<P>(nodes, Latency::uniform({1_ns, 20_ms}));
  allocations_of(world, 100'000);
  EXPECT_EQ(allocations_of(world, 1'000'000), 0U);
}

TEST(Allocation, TheHookCounts) {
  const std::uint64_t before = allocations;
  ::operator delete(::operator new(3));  // called by name, so that no compiler leaves it out
  EXPECT_EQ(allocations - before, 1U);
}

TEST(Allocation, MessagesOfFewNodesAllocateNothing) {
  expect_none<bench::full::Ring>(5);
  expect_none<bench::full::RequestReply>(5);
  expect_none<bench::full::Broadcast>(5);
}
TEST(Allocation, MessagesOfManyNodesAllocateNothing) {
  expect_none<bench::full::Ring>(1'000);
  expect_none<bench::full::Random>(1'000);
  expect_none<bench::full::RequestReply>(1'000);
  expect_none<bench::full::Broadcast>(1'000);
}

}  // namespace
}  // namespace seedbed
