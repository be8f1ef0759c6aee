#include "sim/chaos/partition.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/probe.h"

namespace seedbed {
namespace {

using testing::ProbeWorld;

std::set<std::uint32_t> seen_by(const Cut& cut, std::uint32_t n, std::uint32_t servers) {
  std::set<std::uint32_t> seen;
  for (std::uint32_t other = 1; other <= servers; ++other) {
    if (other == n || !cut.blocks(NodeId{n}, NodeId{other})) seen.insert(other);
  }
  return seen;
}

Cut shape(PartitionShape::Kind kind, const World& world, std::uint64_t seed) {
  Rng rng(seed);
  return cut_by_shape({.kind = kind, .groups = {}}, world, rng);
}

TEST(Partition, InARingEachSeesItsTwoNeighbours) {
  for (const std::uint32_t n : {3U, 4U, 5U, 9U}) {
    ProbeWorld w(n);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Cut cut = shape(PartitionShape::Kind::kRing, w.world, seed);
      for (std::uint32_t i = 1; i <= n; ++i) {
        const auto seen = seen_by(cut, i, n);
        EXPECT_EQ(seen.size(), 3U) << n;
        for (const std::uint32_t other : seen) EXPECT_TRUE(seen_by(cut, other, n).contains(i));
      }
    }
  }
}

TEST(Partition, InAMajorityRingEachSeesAMajorityAndNoTwoTheSame) {
  for (const std::uint32_t n : {3U, 4U, 5U, 6U, 7U, 9U, 10U, 11U}) {
    ProbeWorld w(n);
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Cut cut = shape(PartitionShape::Kind::kMajorityRing, w.world, seed);
      std::set<std::set<std::uint32_t>> views;
      for (std::uint32_t i = 1; i <= n; ++i) {
        const auto seen = seen_by(cut, i, n);
        EXPECT_GT(seen.size(), n / 2) << n;
        for (const std::uint32_t other : seen) EXPECT_TRUE(seen_by(cut, other, n).contains(i));
        views.insert(seen);
      }
      if (n > 4) {
        EXPECT_EQ(views.size(), n) << "of " << n;
      }
    }
  }
}

TEST(Partition, HalvesAreHalves) {
  ProbeWorld w(5);
  std::set<std::set<std::uint32_t>> drawn;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Cut cut = shape(PartitionShape::Kind::kHalves, w.world, seed);
    const auto mine = seen_by(cut, 1, 5);
    EXPECT_TRUE(mine.size() == 2 || mine.size() == 3);
    drawn.insert(mine);
  }
  EXPECT_EQ(drawn.size(), 4U + 6U) << "each way of falling apart comes up";
}

TEST(Partition, OnlyTheBridgeSeesBothSides) {
  ProbeWorld w(5);
  const Cut cut = shape(PartitionShape::Kind::kBridge, w.world, 3);
  std::multiset<std::size_t> sizes;
  for (std::uint32_t i = 1; i <= 5; ++i) sizes.insert(seen_by(cut, i, 5).size());
  EXPECT_EQ(sizes, (std::multiset<std::size_t>{3, 3, 3, 3, 5}));
}

TEST(Partition, OneWayCutsOneWay) {
  const Cut cut = cut_one_way({NodeId{1}}, {NodeId{2}, NodeId{3}});
  EXPECT_TRUE(cut.blocks(NodeId{1}, NodeId{2}));
  EXPECT_FALSE(cut.blocks(NodeId{2}, NodeId{1}));
  EXPECT_FALSE(cut.blocks(NodeId{1}, NodeId{4}));
  const Cut both = cut_one_way({NodeId{1}, NodeId{2}}, {NodeId{2}, NodeId{3}});
  EXPECT_TRUE(both.blocks(NodeId{1}, NodeId{2}));
  EXPECT_TRUE(both.blocks(NodeId{2}, NodeId{3}));
  EXPECT_FALSE(both.blocks(NodeId{2}, NodeId{1}));
  EXPECT_FALSE(both.blocks(NodeId{3}, NodeId{2}));
}

TEST(Partition, IsolationSparesClientsUnlessTheyAreNamed) {
  ProbeWorld w(3);
  const NodeId client{4};
  const Cut servers = cut_off({NodeId{1}}, w.world);
  EXPECT_TRUE(servers.blocks(NodeId{1}, NodeId{2}));
  EXPECT_TRUE(servers.blocks(NodeId{3}, NodeId{1}));
  EXPECT_FALSE(servers.blocks(NodeId{2}, NodeId{3}));
  EXPECT_FALSE(servers.blocks(NodeId{1}, client));
  const Cut named = cut_off({client}, w.world);
  EXPECT_TRUE(named.blocks(NodeId{1}, client));
  EXPECT_FALSE(named.blocks(NodeId{1}, NodeId{2}));
}

}  // namespace
}  // namespace seedbed
