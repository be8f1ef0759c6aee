// Flexible quorums against all sets of replicas: they are refused exactly where some set of one
// size misses some set of the other.
#include <gtest/gtest.h>

#include "protocols/paxos/parameters.h"
#include "sim/base/server_set.h"

namespace seedbed::paxos {
namespace {

/// Whether every `phase1` of the replicas have one in common with every `phase2` of them.
bool all_meet(std::uint32_t replicas, std::uint32_t phase1, std::uint32_t phase2) {
  const std::uint64_t all = std::uint64_t{1} << replicas;
  for (std::uint64_t a = 0; a < all; ++a) {
    for (std::uint64_t b = 0; ServerSet(a).size() == phase1 && b < all; ++b) {
      if (ServerSet(b).size() == phase2 && (a & b) == 0) return false;
    }
  }
  return true;
}

TEST(PaxosQuorums, ThatNeedNotMeetAreRefused) {
  for (std::uint32_t replicas = 1; replicas <= 7; ++replicas) {
    for (std::uint32_t phase1 = 1; phase1 <= replicas; ++phase1) {
      for (std::uint32_t phase2 = 1; phase2 <= replicas; ++phase2) {
        const Parameters p{.phase1_quorum = phase1, .phase2_quorum = phase2};
        EXPECT_EQ(complaint(p, replicas).empty(), all_meet(replicas, phase1, phase2))
            << phase1 << " and " << phase2 << " of " << replicas;
      }
    }
  }
}

TEST(PaxosQuorums, OneIsAsSmallAsTheOtherLeavesIt) {
  for (std::uint32_t replicas = 1; replicas <= 7; ++replicas) {
    const Quorums majorities = Quorums::of({}, replicas);
    EXPECT_EQ(majorities.phase1, replicas / 2 + 1);
    EXPECT_EQ(majorities.phase2, replicas / 2 + 1);
    for (std::uint32_t given = 1; given <= replicas; ++given) {
      const Quorums first = Quorums::of({.phase1_quorum = given}, replicas);
      const Quorums second = Quorums::of({.phase2_quorum = given}, replicas);
      EXPECT_EQ(first.phase1, given);
      EXPECT_EQ(second.phase2, given);
      EXPECT_EQ(first.phase2, second.phase1);
      EXPECT_TRUE(all_meet(replicas, first.phase1, first.phase2));
      EXPECT_EQ(first.phase1 + first.phase2, replicas + 1);
    }
  }
}

TEST(PaxosQuorums, AreNoLargerThanTheGroup) {
  EXPECT_FALSE(complaint({.phase1_quorum = 4}, 3).empty());
  EXPECT_FALSE(complaint({.phase2_quorum = 4}, 3).empty());
}

}  // namespace
}  // namespace seedbed::paxos
