// The data structures of Chord beside what they stand for: a circle, a ring, a finger table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "protocols/chord/deployment.h"
#include "protocols/chord/fingers.h"
#include "protocols/chord/successors.h"

namespace seedbed::chord {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FoundedRing plain_ring(std::uint32_t founders, std::uint32_t bits = 3) {
  Parameters p;
  p.id_bits = bits;
  p.hashed = false;
  return FoundedRing(p, 1, founders, founders);
}

TEST(ChordCircle, NoTwoNodesHaveTheSameIdentifier) {
  for (const std::uint32_t bits : {3U, 4U, 7U, 10U, 16U}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const Circle circle(bits, seed, true);
      std::set<Id> ids;
      for (std::uint32_t n = 1; n <= std::uint32_t{1} << bits; ++n) {
        ids.insert(circle.id_of({n}));
      }
      EXPECT_EQ(ids.size(), std::size_t{1} << bits) << bits;
      EXPECT_LE(*ids.rbegin(), circle.mask());
    }
  }
}

TEST(ChordCircle, HashedIdentifiersFillTheCircleEvenly) {
  const Circle circle(32, 7, true);
  std::array<int, 16> places{};
  for (std::uint32_t n = 1; n <= 16'000; ++n) ++places[circle.id_of({n}) >> 28];
  for (const int count : places) EXPECT_NEAR(count, 1'000, 150);
}

TEST(ChordCircle, BetweenIsTheOpenArc) {
  const Circle circle(3, 0, false);
  for (Id a = 0; a < 8; ++a) {
    for (Id b = 0; b < 8; ++b) {
      std::set<Id> arc;
      for (Id x = (a + 1) % 8; x != b && x != a; x = (x + 1) % 8) arc.insert(x);
      for (Id x = 0; x < 8; ++x) EXPECT_EQ(circle.between(a, x, b), arc.contains(x)) << a << x << b;
    }
  }
}

TEST(ChordRing, FindsTheSuccessorOfEveryIdentifier) {
  for (const std::uint32_t founders : {1U, 2U, 5U, 100U}) {
    Parameters p;
    p.id_bits = 10;
    const FoundedRing ring(p, 5, founders, founders);
    std::set<Id> ids;
    for (std::uint32_t n = 1; n <= founders; ++n) ids.insert(ring.circle().id_of({n}));
    for (Id id = 0; id < 1024; ++id) {
      const auto after = ids.lower_bound(id);
      const Id expected = after == ids.end() ? *ids.begin() : *after;
      EXPECT_EQ(ring.circle().id_of(ring.at(ring.successor_of(id))), expected);
    }
  }
}

TEST(ChordRing, HasAsManyBitsAsItNeeds) {
  Parameters p;
  p.id_bits = 3;
  EXPECT_GE(FoundedRing(p, 1, 4, 1000).circle().mask(), 1000U);
}

/// The i-th finger is the successor of n + 2^(i-1), for every i (section IV.D).
void expect_right(const Fingers& fingers, const FoundedRing& ring, Id self) {
  const Circle& circle = ring.circle();
  for (std::uint32_t i = 0; i < circle.bits(); ++i) {
    const Id start = Id{1} << i;
    const NodeId expected = ring.at(ring.successor_of(circle.plus(self, start)));
    const std::size_t at = fingers.nearer_than(circle, self, start);
    const bool round = circle.distance(self, circle.id_of(expected)) < start;
    if (round) {
      EXPECT_EQ(at, fingers.nodes().size());
    } else {
      ASSERT_LT(at, fingers.nodes().size());
      EXPECT_EQ(fingers.nodes()[at], expected) << i;
    }
  }
}

TEST(ChordFingers, StandForTheWholeTable) {
  Parameters p;
  p.id_bits = 16;
  for (const std::uint32_t founders : {1U, 2U, 3U, 50U, 1000U}) {
    const FoundedRing ring(p, founders, founders, founders);
    for (std::uint32_t n = 1; n <= std::min(founders, 50U); ++n) {
      const Id self = ring.circle().id_of({n});
      expect_right(Fingers::of(ring, self), ring, self);
    }
  }
}

TEST(ChordFingers, AreRightWhenEachHasBeenLookedUp) {
  Parameters p;
  p.id_bits = 12;
  const FoundedRing before(p, 3, 40, 200);
  const FoundedRing now(p, 3, 200, 200);
  const Circle& circle = now.circle();
  for (std::uint32_t n = 1; n <= 40; ++n) {
    const Id self = circle.id_of({n});
    Fingers fingers = Fingers::of(before, self);
    for (std::uint32_t i = 0; i < circle.bits(); ++i) {
      const Id start = Id{1} << i;
      fingers.fix(circle, self, start, now.at(now.successor_of(circle.plus(self, start))));
    }
    expect_right(fingers, now, self);
    for (std::uint32_t i = 0; i < circle.bits(); ++i) {  // and most of them are gone again
      const Id start = Id{1} << i;
      fingers.fix(circle, self, start, before.at(before.successor_of(circle.plus(self, start))));
    }
    expect_right(fingers, before, self);
  }
}

TEST(ChordSuccessors, EndBeforeTheyComeRound) {
  const Circle circle(3, 0, false);  // n1 is 0, n2 is 1, ...
  const auto list = [&](Id self, std::vector<NodeId> heads, std::vector<NodeId> rest) {
    return successor_list(circle, self, 3, heads, rest);
  };
  EXPECT_THAT(list(0, {{2}}, {{3}, {5}}), ElementsAre(NodeId{2}, NodeId{3}, NodeId{5}));
  EXPECT_THAT(list(0, {{2}}, {{3}, {5}, {7}}), ElementsAre(NodeId{2}, NodeId{3}, NodeId{5}));
  EXPECT_THAT(list(0, {{5}}, {{1}, {2}}), ElementsAre(NodeId{5})) << "0 itself is next";
  EXPECT_THAT(list(4, {{1}}, {{2}, {6}}), ElementsAre(NodeId{1}, NodeId{2}));
  EXPECT_THAT(list(4, {{5}}, {}), IsEmpty()) << "itself";
}

TEST(ChordRing, TheBaseComesInOrder) {
  Parameters p;
  p.id_bits = 3;
  p.hashed = false;
  p.successors = 2;
  p.corrected = true;
  const FoundedRing ring(p, 1, 5, 8);
  EXPECT_THAT(ring.base_after(1), ElementsAre(NodeId{3}, NodeId{1}));
  EXPECT_THAT(ring.base_after(6), ElementsAre(NodeId{1}, NodeId{2}, NodeId{3}));
  EXPECT_THAT(plain_ring(5).base_after(1), IsEmpty());
}

}  // namespace
}  // namespace seedbed::chord
