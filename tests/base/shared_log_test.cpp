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
  std::deque<std::pair<SharedLog<int, 4>::Slice, std::deque<int>>> slices;
  for (int step = 0; step < 20'000; ++step) {
    Pair& world = worlds[rng.below(worlds.size())];
    auto& [log, reference] = world;
    const std::uint64_t action = rng.below(100);
    if (action < 40) {
      log.append(step);
      reference.entries.push_back(step);
    } else if (action < 55 && !slices.empty()) {  // as a replica does
      const auto& [slice, entries] = slices[rng.below(slices.size())];
      for (std::size_t i = 0; i < slice.size(); ++i) {
        log.append(slice, i);
        reference.entries.push_back(entries[i]);
      }
    } else if (action < 70) {
      const auto& [other, its_reference] = worlds[rng.below(worlds.size())];
      if (other.empty()) continue;
      const std::uint64_t index = other.first_index() + rng.below(other.size());
      const int entry = other[index];
      log.append(other, index);
      reference.entries.push_back(entry);
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
    if (!reference.entries.empty()) {
      const std::uint64_t skip = rng.below(reference.entries.size());
      const auto slice = log.slice(reference.first + skip, rng.below(7));
      const auto begin = reference.entries.begin() + static_cast<std::ptrdiff_t>(skip);
      slices.push_back({slice, {begin, begin + static_cast<std::ptrdiff_t>(slice.size())}});
      if (slices.size() > 20) slices.pop_front();
    }
    for (const auto& [slice, entries] : slices) {
      ASSERT_EQ(slice.size(), entries.size());
      for (std::size_t i = 0; i < entries.size(); ++i) ASSERT_EQ(slice[i], entries[i]);
    }
  }
}

TEST(SharedLog, ASliceHoldsWhatIsThereUpToTwoChunks) {
  SharedLog<int, 4> log;
  for (int i = 1; i <= 20; ++i) log.append(i);
  EXPECT_EQ(log.slice(3, 3).size(), 3U);
  EXPECT_EQ(log.slice(3, 100).size(), 6U) << "two of the first chunk, four of the second";
  EXPECT_EQ(log.slice(19, 100).size(), 2U) << "the log ends";
  EXPECT_TRUE(log.slice(21, 100).empty());
  EXPECT_EQ(log.slice(5, 100)[4], 9);
}

TEST(SharedLog, ReplicasOfAnEntryAreOneEntryUntilTheirLogsPart) {
  SharedLog<int, 4> log;
  SharedLog<int, 4> replica;
  for (int i = 1; i <= 6; ++i) {
    log.append(i);
    replica.append(log.slice(static_cast<std::uint64_t>(i), 1), 0);
    EXPECT_EQ(&replica.back(), &log.back());
  }
  replica.truncate(6);
  replica.append(60);
  EXPECT_EQ(log[6], 6);
  EXPECT_EQ(replica[6], 60);
  EXPECT_EQ(&replica[4], &log[4]) << "what they still share";
  log.append(7);
  replica.append(log, 7);
  EXPECT_NE(&replica[7], &log[7]);
  EXPECT_EQ(replica[7], 7);
}

TEST(SharedLog, CompactedToTheirEndsReplicasStillShare) {
  SharedLog<int, 4> log;
  SharedLog<int, 4> replica;
  for (int i = 1; i <= 6; ++i) {
    log.append(i);
    replica.append(log, static_cast<std::uint64_t>(i));
  }
  log.compact(6);
  replica.compact(6);
  EXPECT_TRUE(log.empty());
  EXPECT_EQ(log.first_index(), 7U);
  log.append(7);
  replica.append(log, 7);
  EXPECT_EQ(replica[7], 7);
  EXPECT_EQ(&replica[7], &log[7]);
  log.compact(20);
  log.append(21);
  EXPECT_EQ(log[21], 21) << "beyond its end";
}

TEST(SharedLog, SaysHowFarItSharesAChunk) {
  SharedLog<int, 4> log;
  SharedLog<int, 4> replica;
  for (int i = 1; i <= 6; ++i) {
    log.append(i);
    replica.append(log, static_cast<std::uint64_t>(i));
  }
  log.append(7);
  EXPECT_EQ(log.shared_up_to(replica, 2), 4U) << "to the end of the chunk";
  EXPECT_EQ(log.shared_up_to(replica, 5), 6U) << "to the end of the shorter log";
  replica.truncate(6);
  replica.append(60);
  EXPECT_EQ(log.shared_up_to(replica, 5), 4U) << "not the same chunk any more";
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
