// Consistent hashing: the published buckets and standard errors, and what each way of it promises
// when members come and go.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "sim/base/assert.h"
#include "sim/hashing/bounded_loads.h"
#include "sim/hashing/hash_ring.h"
#include "sim/hashing/jump_hash.h"
#include "sim/hashing/rendezvous.h"

namespace seedbed::hashing {
namespace {

std::vector<Member> first_members(Member count) {
  std::vector<Member> members;
  for (Member m = 0; m < count; ++m) members.push_back(m);
  return members;
}

std::vector<std::uint64_t> keys_of(std::size_t count) {
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < count; ++i) keys.push_back(hash_of(99, i));
  return keys;
}

// --- the ring

TEST(HashRing, OfNobodyHasNoOwner) {
  const HashRing ring({.points = 3, .salt = 1});
  EXPECT_EQ(ring.owner(0), kNone);
  EXPECT_TRUE(ring.owners(0, 2).empty());
}

TEST(HashRing, APointOwnsWhatComesBeforeIt) {
  const HashRing ring({.points = 4, .salt = 5}, first_members(3));
  const auto points = ring.points();
  ASSERT_EQ(points.size(), 12U);
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_EQ(ring.owner(points[i].at), points[i].member);
    EXPECT_EQ(ring.owner(points[i].at + 1), points[(i + 1) % points.size()].member);
  }
  EXPECT_EQ(ring.owner(~std::uint64_t{0}), points[0].member) << "it goes round";
}

TEST(HashRing, BuiltAtOnceOrOneByOneItIsTheSame) {
  const std::vector<Member> members = first_members(20);
  const HashRing at_once({.points = 7, .salt = 3}, members);
  HashRing grown({.points = 7, .salt = 3});
  for (Member m = 25; m-- > 0;) grown.add(m);
  grown.add(4);                                      // is there
  for (Member m = 20; m < 26; ++m) grown.remove(m);  // 25 never was
  ASSERT_EQ(at_once.points().size(), grown.points().size());
  EXPECT_TRUE(std::equal(at_once.points().begin(), at_once.points().end(), grown.points().begin()));
}

TEST(HashRing, OwnersAreDifferentAndBeginWithTheOwner) {
  const HashRing ring({.points = 10, .salt = 2}, first_members(5));
  for (const std::uint64_t key : keys_of(200)) {
    const auto owners = ring.owners(key, 3);
    ASSERT_EQ(owners.size(), 3U);
    EXPECT_EQ(owners[0], ring.owner(key));
    EXPECT_EQ(std::set<Member>(owners.begin(), owners.end()).size(), 3U);
    EXPECT_EQ(ring.owners(key, 9).size(), 5U);
  }
}

TEST(HashRing, WhoComesTakesKeysAndNothingElseMoves) {
  HashRing ring({.points = 50, .salt = 11}, first_members(9));
  const auto keys = keys_of(5000);
  std::vector<Member> before;
  for (const auto key : keys) before.push_back(ring.owner(key));
  ring.add(9);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (ring.owner(keys[i]) == before[i]) continue;
    EXPECT_EQ(ring.owner(keys[i]), 9U);
    ++moved;
  }
  EXPECT_GT(moved, 300U);
  EXPECT_LT(moved, 700U);
  ring.remove(9);
  for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(ring.owner(keys[i]), before[i]);
}

TEST(HashRing, SharesAreTheWholeRing) {
  for (const std::uint32_t points : {1U, 3U, 40U}) {
    const auto members = first_members(17);
    const HashRing ring({.points = points, .salt = points}, members);
    Uint128 sum = 0;
    for (const auto share : ring.shares(members)) sum += share;
    EXPECT_TRUE(sum == Uint128{1} << 64);
    const std::vector<Member> one{3};
    const HashRing alone({.points = points, .salt = 1}, one);
    EXPECT_EQ(alone.shares(one)[0], ~std::uint64_t{0});
  }
}

/// Lamping and Veach 2014, table of standard errors: 0.998, 0.315, 0.0997 for 1, 10, 100 points.
TEST(HashRing, HasThePublishedStandardErrors) {
  const std::map<std::uint32_t, double> published = {{1, 0.998}, {10, 0.315}, {100, 0.0997}};
  const auto members = first_members(1000);
  for (const auto& row : published) {
    double sum = 0;
    constexpr int kRings = 30;
    for (int i = 0; i < kRings; ++i) {
      const HashRing ring({.points = row.first, .salt = hash_of(1, static_cast<std::uint64_t>(i))},
                          members);
      sum += static_cast<double>(standard_error(ring.shares(members))) / 1e9;
    }
    EXPECT_NEAR(sum / kRings, row.second, row.second * 0.02) << row.first << " points";
  }
}

TEST(StandardError, OfEvenSharesIsNothing) {
  const std::uint64_t quarter = std::uint64_t{1} << 62;
  EXPECT_EQ(standard_error(std::vector{quarter, quarter, quarter, quarter}), 0U);
  // 2, 0, 1, 1 of the mean: the variance is a half.
  EXPECT_EQ(standard_error(std::vector{2 * quarter, std::uint64_t{0}, quarter, quarter}),
            707'106'781U);
  EXPECT_EQ(standard_error({}), 0U);
}

// --- jump hash

/// As the published function gives them.
TEST(JumpHash, GivesThePublishedBuckets) {
  struct Row {
    std::uint64_t key;
    std::uint32_t buckets;
    std::uint32_t bucket;
  };
  for (const Row& row : {Row{1, 1, 0}, Row{42, 57, 43}, Row{0xDEAD10CC, 1, 0},
                         Row{0xDEAD10CC, 666, 361}, Row{256, 1024, 520}}) {
    EXPECT_EQ(jump_hash(row.key, row.buckets), row.bucket) << row.key;
  }
}

TEST(JumpHash, MovesKeysIntoTheNewBucketOnly) {
  const auto keys = keys_of(2000);
  for (std::uint32_t n = 1; n < 60; ++n) {
    std::size_t moved = 0;
    for (const auto key : keys) {
      const std::uint32_t before = jump_hash(key, n);
      const std::uint32_t after = jump_hash(key, n + 1);
      ASSERT_LT(before, n);
      if (before == after) continue;
      EXPECT_EQ(after, n);
      ++moved;
    }
    const std::size_t share = keys.size() / (n + 1);
    EXPECT_NEAR(static_cast<double>(moved), static_cast<double>(share),
                5 * std::sqrt(static_cast<double>(share)) + 1);
  }
}

TEST(JumpHash, EndsForTheMostBuckets) {
  for (const auto key : keys_of(100)) EXPECT_LT(jump_hash(key, ~0U), ~0U);
}

// --- rendezvous

TEST(Rendezvous, KeysMoveOnlyFromWhoGoes) {
  const auto members = first_members(10);
  std::vector<Member> fewer = members;
  fewer.erase(fewer.begin() + 4);
  std::size_t moved = 0;
  for (const auto key : keys_of(3000)) {
    const Member before = rendezvous(key, members);
    const Member after = rendezvous(key, fewer);
    if (before != 4U) {
      EXPECT_EQ(after, before);
    }
    moved += before == 4U ? 1U : 0U;
    const auto best = rendezvous(key, members, 2);
    ASSERT_EQ(best.size(), 2U);
    EXPECT_EQ(best[0], before);
    if (before == 4U) {
      EXPECT_EQ(after, best[1]) << "the next best takes over";
    }
  }
  EXPECT_NEAR(static_cast<double>(moved), 300, 60);
  EXPECT_EQ(rendezvous(1, std::span<const Member>{}), kNone);
}

TEST(Rendezvous, DoesNotDependOnTheOrderOfTheMembers) {
  const std::vector<Member> forward = {1, 2, 3, 4};
  const std::vector<Member> backward = {4, 3, 2, 1};
  for (const auto key : keys_of(100)) {
    EXPECT_EQ(rendezvous(key, forward), rendezvous(key, backward));
    EXPECT_EQ(rendezvous(key, forward, 9), rendezvous(key, backward, 9));
  }
}

// --- bounded loads

TEST(BoundedLoads, TheCapacityIsRoundedUp) {
  EXPECT_EQ(bounded_capacity(100, 10, 100), 10U);
  EXPECT_EQ(bounded_capacity(100, 10, 125), 13U);
  EXPECT_EQ(bounded_capacity(0, 10, 125), 1U);
  EXPECT_THROW(bounded_capacity(1, 0, 125), AssertionFailed);
  EXPECT_THROW(bounded_capacity(1, 1, 99), AssertionFailed);
}

TEST(BoundedLoads, NobodyHasMoreThanItsShare) {
  const auto keys = keys_of(1000);
  for (const Member n : {1U, 2U, 7U, 40U}) {
    for (const std::uint32_t percent : {100U, 110U, 125U, 200U}) {
      const HashRing ring({.points = 5, .salt = n}, first_members(n));
      std::map<Member, std::uint64_t> loads;
      for (const Member owner : place_bounded(ring, n, keys, percent)) ++loads[owner];
      for (const auto& load : loads) {
        EXPECT_LT(load.first, n);
        EXPECT_LE(load.second, bounded_capacity(keys.size(), n, percent));
      }
    }
  }
}

/// Who is not full takes what is its own: with much room it is the plain ring.
TEST(BoundedLoads, WithRoomEnoughIsTheRing) {
  const HashRing ring({.points = 20, .salt = 4}, first_members(8));
  const auto keys = keys_of(500);
  const auto owners = place_bounded(ring, 8, keys, 800);
  for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(owners[i], ring.owner(keys[i]));
}

/// Few keys move when somebody comes: the paper's bound is O(1/e^2) for each key that must.
TEST(BoundedLoads, FewKeysMove) {
  const auto keys = keys_of(2000);
  HashRing ring({.points = 50, .salt = 8}, first_members(19));
  const auto before = place_bounded(ring, 19, keys, 125);
  ring.add(19);
  const auto after = place_bounded(ring, 20, keys, 125);
  std::size_t moved = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) moved += before[i] != after[i] ? 1U : 0U;
  EXPECT_GT(moved, 40U);
  EXPECT_LT(moved, 400U) << "of 2,000; 100 is the share of the newcomer";
}

}  // namespace
}  // namespace seedbed::hashing
