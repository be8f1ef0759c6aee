#include "sim/world/topology.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/rng.h"
#include "sim/base/text.h"

namespace seedbed {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

Topology make(TopologyKind kind, std::uint32_t count) { return Topology::make({kind}, count, 1); }
Topology make_random(std::uint32_t count, std::uint32_t degree, std::uint64_t seed = 1) {
  return Topology::make({TopologyKind::kRandom, degree}, count, seed);
}

NodeId n(std::uint32_t i) { return NodeId{i}; }

std::vector<Pair> pairs(const Topology& topology) {
  std::vector<Pair> out;
  for (const auto& [a, b] : topology.edges()) out.emplace_back(a.value, b.value);
  return out;
}

std::vector<std::uint32_t> numbers(const std::vector<NodeId>& nodes) {
  std::vector<std::uint32_t> out;
  for (const NodeId node : nodes) out.push_back(node.value);
  return out;
}

std::vector<std::uint32_t> degrees(const Topology& topology, std::uint32_t count) {
  std::vector<std::uint32_t> out(count);
  for (const auto& [a, b] : topology.edges()) ++out[a.value - 1], ++out[b.value - 1];
  return out;
}

void expect_simple(const Topology& topology, std::uint32_t count) {
  const auto& edges = topology.edges();
  EXPECT_TRUE(std::is_sorted(edges.begin(), edges.end()));
  EXPECT_EQ(std::adjacent_find(edges.begin(), edges.end()), edges.end());
  for (const auto& [a, b] : edges) {
    EXPECT_TRUE(n(0) < a && a < b && b <= n(count)) << to_text(a) << ' ' << to_text(b);
  }
}

void expect_connected(const Topology& topology, std::uint32_t count) {
  for (std::uint32_t i = 2; i <= count; ++i) {
    ASSERT_GT(topology.hops(n(1), n(i)), 0u) << i << " of " << count;
  }
}

/// Distances by Floyd and Warshall, and paths by trying every first step.
class BruteForce {
 public:
  BruteForce(std::uint32_t count, const std::set<Pair>& open) : count_(count), open_(open) {
    distance_.assign(count + 1, std::vector<std::uint32_t>(count + 1, kFar));
    for (std::uint32_t i = 1; i <= count; ++i) distance_[i][i] = 0;
    for (const auto& [a, b] : open) distance_[a][b] = 1;
    for (std::uint32_t k = 1; k <= count; ++k) {
      for (std::uint32_t i = 1; i <= count; ++i) {
        for (std::uint32_t j = 1; j <= count; ++j) {
          distance_[i][j] = std::min(distance_[i][j], distance_[i][k] + distance_[k][j]);
        }
      }
    }
  }
  std::uint32_t hops(std::uint32_t a, std::uint32_t b) const {
    return distance_[a][b] == kFar ? 0 : distance_[a][b];
  }
  std::vector<std::uint32_t> path(std::uint32_t a, std::uint32_t b) const {
    if (distance_[a][b] == kFar) return {};
    std::vector<std::uint32_t> path{a};
    while (a != b) {
      std::uint32_t next = 1;
      while (!open_.contains({a, next}) || distance_[next][b] + 1 != distance_[a][b]) ++next;
      path.push_back(a = next);
    }
    return path;
  }
  void expect_same(const Topology& topology) const {
    for (std::uint32_t a = 1; a <= count_; ++a) {
      for (std::uint32_t b = 1; b <= count_; ++b) {
        ASSERT_EQ(topology.hops(n(a), n(b)), hops(a, b)) << a << " to " << b;
        ASSERT_EQ(numbers(topology.path(n(a), n(b))), path(a, b)) << a << " to " << b;
      }
    }
  }

 private:
  static constexpr std::uint32_t kFar = 1'000'000;
  std::uint32_t count_;
  std::set<Pair> open_;
  std::vector<std::vector<std::uint32_t>> distance_;
};

TEST(Topology, CompleteIsNotBuilt) {
  Topology topology = make(TopologyKind::kComplete, 1'000'000);
  EXPECT_TRUE(topology.complete());
  EXPECT_TRUE(topology.edges().empty());
  EXPECT_EQ(topology.hops(n(1), n(999'999)), 1u);
  EXPECT_EQ(topology.hops(n(3), n(3)), 0u);
  EXPECT_EQ(numbers(topology.path(n(2), n(1))), (std::vector<std::uint32_t>{2, 1}));
  topology.cut([](NodeId, NodeId) { return true; });
  EXPECT_EQ(topology.hops(n(1), n(2)), 1u);
}

TEST(Topology, Line) {
  const Topology topology = make(TopologyKind::kLine, 5);
  EXPECT_EQ(pairs(topology), (std::vector<Pair>{{1, 2}, {2, 3}, {3, 4}, {4, 5}}));
  EXPECT_EQ(topology.hops(n(1), n(5)), 4u);
  EXPECT_EQ(numbers(topology.path(n(4), n(2))), (std::vector<std::uint32_t>{4, 3, 2}));
}

TEST(Topology, Ring) {
  EXPECT_EQ(pairs(make(TopologyKind::kRing, 2)), (std::vector<Pair>{{1, 2}}));
  EXPECT_EQ(pairs(make(TopologyKind::kRing, 3)), (std::vector<Pair>{{1, 2}, {1, 3}, {2, 3}}));
  const Topology topology = make(TopologyKind::kRing, 6);
  EXPECT_EQ(topology.edges().size(), 6u);
  EXPECT_EQ(topology.hops(n(1), n(6)), 1u);
  EXPECT_EQ(topology.hops(n(1), n(4)), 3u);
  EXPECT_EQ(numbers(topology.path(n(1), n(4))), (std::vector<std::uint32_t>{1, 2, 3, 4}));
  EXPECT_EQ(numbers(topology.path(n(4), n(1))), (std::vector<std::uint32_t>{4, 3, 2, 1}));
}

TEST(Topology, Star) {
  const Topology topology = make(TopologyKind::kStar, 4);
  EXPECT_EQ(pairs(topology), (std::vector<Pair>{{1, 2}, {1, 3}, {1, 4}}));
  EXPECT_EQ(numbers(topology.path(n(2), n(4))), (std::vector<std::uint32_t>{2, 1, 4}));
}

TEST(Topology, TreeIsInHeapOrder) {
  const Topology topology = make(TopologyKind::kTree, 6);
  EXPECT_EQ(pairs(topology), (std::vector<Pair>{{1, 2}, {1, 3}, {2, 4}, {2, 5}, {3, 6}}));
  EXPECT_EQ(numbers(topology.path(n(5), n(6))), (std::vector<std::uint32_t>{5, 2, 1, 3, 6}));
}

TEST(Topology, GridHasARaggedLastRow) {
  // 1 2 3
  // 4 5 6
  // 7
  const Topology topology = make(TopologyKind::kGrid, 7);
  EXPECT_EQ(pairs(topology),
            (std::vector<Pair>{{1, 2}, {1, 4}, {2, 3}, {2, 5}, {3, 6}, {4, 5}, {4, 7}, {5, 6}}));
  EXPECT_EQ(topology.hops(n(7), n(3)), 4u);
  EXPECT_EQ(numbers(topology.path(n(7), n(3))), (std::vector<std::uint32_t>{7, 4, 1, 2, 3}));
  EXPECT_EQ(make(TopologyKind::kGrid, 9).edges().size(), 12u);
  EXPECT_EQ(make(TopologyKind::kGrid, 9).hops(n(1), n(9)), 4u);
}

TEST(Topology, EveryKindIsSimpleAndConnectedAtEverySize) {
  for (const auto kind : {TopologyKind::kRing, TopologyKind::kLine, TopologyKind::kStar,
                          TopologyKind::kTree, TopologyKind::kGrid, TopologyKind::kRandom}) {
    EXPECT_TRUE(make(kind, 0).complete());
    EXPECT_TRUE(make(kind, 1).complete());
    for (std::uint32_t count = 2; count <= 40; ++count) {
      const Topology topology = make(kind, count);
      expect_simple(topology, count);
      expect_connected(topology, count);
    }
  }
  for (std::uint32_t count = 2; count <= 40; ++count) {
    EXPECT_EQ(make(TopologyKind::kLine, count).edges().size(), count - 1);
    EXPECT_EQ(make(TopologyKind::kStar, count).edges().size(), count - 1);
    EXPECT_EQ(make(TopologyKind::kTree, count).edges().size(), count - 1);
    EXPECT_EQ(make(TopologyKind::kRing, count).edges().size(), count == 2 ? 1 : count);
  }
}

TEST(Topology, RandomIsRegular) {
  for (std::uint32_t count = 2; count <= 24; ++count) {
    for (std::uint32_t degree = 2; degree <= count + 1; ++degree) {
      for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Topology topology = make_random(count, degree, seed);
        expect_simple(topology, count);
        expect_connected(topology, count);
        const std::uint32_t each = std::min(degree, count - 1);
        auto found = degrees(topology, count);
        std::sort(found.begin(), found.end());
        if (each * count % 2 == 1) {
          EXPECT_EQ(found.front(), each - 1);
          found.front() = each;
        }
        EXPECT_EQ(found, std::vector<std::uint32_t>(count, each)) << count << ", " << degree;
      }
    }
  }
}

TEST(Topology, RandomOfTooLowADegreeIsRefused) {
  EXPECT_THROW(make_random(3, 1), AssertionFailed);
  EXPECT_THROW(make_random(2, 0), AssertionFailed);
  EXPECT_EQ(make_random(2, 1).edges().size(), 1u);
  EXPECT_EQ(make_random(5, ~0u).edges().size(), 10u);
}

TEST(Topology, RandomDependsOnTheSeedAlone) {
  std::set<std::vector<Pair>> distinct;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(pairs(make_random(20, 3, seed)), pairs(make_random(20, 3, seed)));
    distinct.insert(pairs(make_random(20, 3, seed)));
  }
  EXPECT_EQ(distinct.size(), 20u);
}

// Of the 6 nodes' 70 connected cubic graphs, 60 are prisms (two triangles, matched) and 10 are
// K3,3: the draw prefers neither. 700 draws: a standard deviation of 9.3.
TEST(Topology, RandomIsUniform) {
  std::set<std::vector<Pair>> distinct;
  int without_triangle = 0;
  for (std::uint64_t seed = 0; seed < 700; ++seed) {
    const Topology topology = make_random(6, 3, seed);
    distinct.insert(pairs(topology));
    bool triangle = false;
    for (const auto& [a, b] : topology.edges()) {
      for (std::uint32_t c = 1; c <= 6; ++c) {
        triangle |= topology.hops(a, n(c)) == 1 && topology.hops(b, n(c)) == 1;
      }
    }
    without_triangle += !triangle;
  }
  EXPECT_EQ(distinct.size(), 70u);
  EXPECT_NEAR(without_triangle, 100, 37);
}

TEST(Topology, GoldenHashOfRandom) {
  std::uint64_t hash = 0;
  for (std::uint32_t count = 5; count <= 50; count += 5) {
    for (std::uint32_t degree = 2; degree <= 7; ++degree) {
      for (const auto& [a, b] : pairs(make_random(count, degree, count + degree))) {
        hash = fold(hash, std::uint64_t{a} << 32 | b);
      }
    }
  }
  EXPECT_EQ(hash, 0x17c796a1fac7d872u);
}

TEST(Topology, RoutesAreThoseOfBruteForce) {
  Rng rng{1};
  for (int round = 0; round < 300; ++round) {
    const auto kind = static_cast<TopologyKind>(1 + rng.below(6));
    const auto count = static_cast<std::uint32_t>(2 + rng.below(11));
    const auto degree = static_cast<std::uint32_t>(2 + rng.below(11));
    const Probability chance = Probability::percent(static_cast<std::uint32_t>(rng.below(70)));
    Topology topology = Topology::make({kind, degree}, count, rng.next());
    std::set<Pair> open;
    std::vector<Pair> asked;
    topology.cut([&](NodeId from, NodeId to) {
      asked.emplace_back(from.value, to.value);
      if (rng.chance(chance)) return true;
      open.insert(asked.back());
      return false;
    });
    std::vector<Pair> both_ways = pairs(topology);
    for (const auto& [a, b] : pairs(topology)) both_ways.emplace_back(b, a);
    EXPECT_TRUE(
        std::is_permutation(asked.begin(), asked.end(), both_ways.begin(), both_ways.end()));
    SCOPED_TRACE(round);
    BruteForce(count, open).expect_same(topology);
  }
}

TEST(Topology, CutsAreDirected) {
  Topology ring = make(TopologyKind::kRing, 5);
  ring.cut([](NodeId from, NodeId to) { return from == n(1) && to == n(2); });
  EXPECT_EQ(numbers(ring.path(n(1), n(2))), (std::vector<std::uint32_t>{1, 5, 4, 3, 2}));
  EXPECT_EQ(numbers(ring.path(n(2), n(1))), (std::vector<std::uint32_t>{2, 1}));
  Topology line = make(TopologyKind::kLine, 3);
  line.cut([](NodeId from, NodeId to) { return to < from; });
  EXPECT_EQ(line.hops(n(1), n(3)), 2u);
  EXPECT_EQ(line.hops(n(3), n(1)), 0u);
  EXPECT_TRUE(line.path(n(3), n(1)).empty());
}

TEST(Topology, CutsReplaceEachOther) {
  Topology line = make(TopologyKind::kLine, 4);
  line.cut([](NodeId a, NodeId b) { return a == n(2) || b == n(2); });
  EXPECT_EQ(line.hops(n(1), n(4)), 0u);
  EXPECT_EQ(line.hops(n(2), n(3)), 0u);
  EXPECT_EQ(line.hops(n(3), n(4)), 1u);
  EXPECT_EQ(line.edges().size(), 3u);
  line.cut([](NodeId a, NodeId b) { return a == n(4) || b == n(4); });
  EXPECT_EQ(line.hops(n(1), n(3)), 2u);
  EXPECT_EQ(line.hops(n(1), n(4)), 0u);
  line.cut({});
  EXPECT_EQ(line.hops(n(1), n(4)), 3u);
}

TEST(Topology, CutsStayInTheCopyTheyWereMadeIn) {
  const Topology whole = make(TopologyKind::kStar, 5);
  Topology copy = whole;
  copy.cut([](NodeId, NodeId) { return true; });
  EXPECT_EQ(copy.hops(n(2), n(3)), 0u);
  EXPECT_FALSE(copy.complete());
  EXPECT_EQ(whole.hops(n(2), n(3)), 2u);
}

TEST(Topology, ANodeReachesItself) {
  Topology line = make(TopologyKind::kLine, 3);
  line.cut([](NodeId, NodeId) { return true; });
  EXPECT_EQ(line.hops(n(2), n(2)), 0u);
  EXPECT_EQ(numbers(line.path(n(2), n(2))), std::vector<std::uint32_t>{2});
}

TEST(Topology, StrangersHaveNoRoute) {
  const Topology line = make(TopologyKind::kLine, 3);
  EXPECT_THROW(line.hops(n(1), n(4)), AssertionFailed);
  EXPECT_THROW(line.hops(kNobody, n(1)), AssertionFailed);
  EXPECT_THROW(line.path(n(4), n(4)), AssertionFailed);
  EXPECT_THROW(make(TopologyKind::kLine, Topology::kMostNodes + 1), AssertionFailed);
}

TEST(Topology, HundredsOfNodes) {
  const std::uint32_t count = 500;
  Topology line = make(TopologyKind::kLine, count);
  EXPECT_EQ(line.hops(n(1), n(count)), count - 1);
  EXPECT_EQ(line.path(n(count), n(1)).size(), count);
  Topology random = make_random(count, 4);
  expect_connected(random, count);
  EXPECT_LE(random.path(n(1), n(count)).size(), 12u);
  random.cut([](NodeId a, NodeId b) { return (a.value + b.value) % 2 == 1; });
  EXPECT_EQ(random.hops(n(1), n(2)), 0u);
}

// --- graphs of the real world

TEST(Topology, ASmallWorldIsARingWithShortCuts) {
  const auto make_world = [](Probability rewire, std::uint64_t seed) {
    TopologyConfig config{TopologyKind::kSmallWorld, 4, rewire, {}, {}};
    return Topology::make(config, 200, seed);
  };
  const auto mean_hops = [](const Topology& t) {
    double sum = 0;
    for (std::uint32_t i = 2; i <= 200; ++i) sum += t.hops(n(1), n(i));
    return sum / 199;
  };
  const Topology ring = make_world({}, 1);
  EXPECT_EQ(degrees(ring, 200), std::vector<std::uint32_t>(200, 4));
  EXPECT_EQ(ring.hops(n(1), n(101)), 50U);
  const Topology small = make_world(Probability::percent(10), 1);
  expect_simple(small, 200);
  expect_connected(small, 200);
  EXPECT_EQ(small.edges().size(), 400U);
  EXPECT_LT(mean_hops(small), mean_hops(ring) / 2);
  EXPECT_EQ(pairs(small), pairs(make_world(Probability::percent(10), 1)));
  EXPECT_NE(pairs(small), pairs(make_world(Probability::percent(10), 2)));
  std::vector<Pair> kept;
  std::vector<Pair> before = pairs(ring), after = pairs(small);
  std::set_intersection(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(kept));
  EXPECT_NEAR(static_cast<double>(kept.size()), 360, 24) << "a tenth is moved";
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    expect_connected(make_world(Probability::percent(100), seed), 200);
    expect_connected(
        Topology::make({TopologyKind::kSmallWorld, 4, Probability::percent(100), {}, {}}, 6, seed),
        6);
  }
}

TEST(Topology, AScaleFreeGraphHasHubs) {
  const auto grow = [](std::uint64_t seed) {
    return Topology::make({TopologyKind::kScaleFree, 2, {}, {}, {}}, 1000, seed);
  };
  const Topology t = grow(1);
  expect_simple(t, 1000);
  expect_connected(t, 1000);
  EXPECT_EQ(t.edges().size(), 3U + 2 * 997U);
  std::vector<std::uint32_t> degree = degrees(t, 1000);
  std::sort(degree.begin(), degree.end());
  EXPECT_EQ(degree.front(), 2U);
  EXPECT_EQ(degree[500], 3U) << "half of the nodes have three at most";
  EXPECT_GT(degree.back(), 40U) << "a random graph of this size would end near 12";
  // A share of 2m(m+1) / (k(k+1)(k+2)) has degree k (Bollobas et al. 2001): half have the least.
  EXPECT_NEAR(static_cast<double>(std::count(degree.begin(), degree.end(), 2U)), 500, 60);
  EXPECT_NEAR(static_cast<double>(std::count(degree.begin(), degree.end(), 3U)), 200, 50);
  EXPECT_EQ(pairs(t), pairs(grow(1)));
  EXPECT_NE(pairs(t), pairs(grow(2)));
}

TEST(Topology, AGraphMayFallApart) {
  TopologyConfig config;
  config.kind = TopologyKind::kGraph;
  config.graph = std::make_shared<const Graph>(
      Graph{5, {{n(2), n(1)}, {n(1), n(2)}, {n(3), n(3)}, {n(4), n(5)}}});
  const Topology t = Topology::make(config, 5, 1);
  EXPECT_EQ(pairs(t), (std::vector<Pair>{{1, 2}, {4, 5}}));
  EXPECT_EQ(t.hops(n(1), n(4)), 0U);
  EXPECT_EQ(t.next(n(1), n(2)), n(2));
  config.graph = std::make_shared<const Graph>(Graph{3, {}});
  const Topology apart = Topology::make(config, 3, 1);
  EXPECT_FALSE(apart.complete());
  EXPECT_EQ(apart.hops(n(1), n(2)), 0U) << "no edges are no links";
}

}  // namespace
}  // namespace seedbed
