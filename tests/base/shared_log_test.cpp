#include "sim/base/shared_log.h"

#include <gtest/gtest.h>

#include <deque>

#include "sim/base/rng.h"

namespace seedbed {
namespace {

/// A log by its definition.
struct Reference {
  std::deque<int> entries;
  std::uint64_t first = 1;
};

void expect_same(const SharedLog<int, 4>& log, const Reference& reference) {
  ASSERT_EQ(log.size(), reference.entries.size());
  ASSERT_EQ(log.first_index(), reference.first);
  for (std::size_t i = 0; i < reference.entries.size(); ++i) {
    ASSERT_EQ(log[reference.first + i], reference.entries[i]);
  }
}

TEST(SharedLog, BehavesLikeALogAndCopiesNeverInterfere) {
  Rng rng(11);
  using Pair = std::pair<SharedLog<int, 4>, Reference>;
  std::vector<Pair> worlds(1);
  for (int step = 0; step < 20'000; ++step) {
    Pair& world = worlds[rng.below(worlds.size())];
    auto& [log, reference] = world;
    const std::uint64_t action = rng.below(100);
    if (action < 70) {
      log.append(step);
      reference.entries.push_back(step);
    } else if (action < 85) {
      const std::uint64_t keep = rng.below(reference.entries.size() + 1);
      log.truncate(reference.first + keep);
      reference.entries.resize(keep);
    } else if (action < 92) {
      const std::uint64_t upto = reference.first + rng.below(reference.entries.size() + 2);
      log.compact(upto);
      while (!reference.entries.empty() && reference.first <= upto) {
        reference.entries.pop_front();
        ++reference.first;
      }
      reference.first = upto + 1;
    } else if (worlds.size() < 8) {
      worlds.push_back(Pair(world));
      continue;
    } else {
      worlds[rng.below(worlds.size())] = Pair(world);
      continue;
    }
    for (const auto& [some_log, some_reference] : worlds) expect_same(some_log, some_reference);
  }
}

TEST(SharedLog, OutsideIsAnAssertion) {
  SharedLog<int> log;
  EXPECT_THROW(log[1], AssertionFailed);
  log.append(1);
  EXPECT_THROW(log[0], AssertionFailed);
  EXPECT_THROW(log[2], AssertionFailed);
  EXPECT_THROW(log.truncate(3), AssertionFailed);
  log.truncate(2);
  EXPECT_EQ(log.size(), 1U);
}

}  // namespace
}  // namespace seedbed
