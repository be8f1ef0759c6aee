// Majorities and configuration changes as tables and properties (chapter 4).
#include "protocols/raft/configuration.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "sim/base/rng.h"

namespace seedbed::raft {
namespace {

TEST(ServerSet, IsASetOfIdsFrom1To64) {
  ServerSet set{1, 64};
  EXPECT_TRUE(set.contains(NodeId{1}) && set.contains(NodeId{64}));
  EXPECT_FALSE(set.contains(NodeId{2}));
  EXPECT_FALSE(set.contains(kNobody));
  set.insert(NodeId{65});  // can be no server
  set.insert(kNobody);
  EXPECT_EQ(set.size(), 2U);
  std::vector<std::uint32_t> ids;
  for (const NodeId n : set) ids.push_back(n.value);
  EXPECT_EQ(ids, (std::vector<std::uint32_t>{1, 64}));
  EXPECT_EQ(ServerSet::first(64).size(), 64U);
  EXPECT_EQ(ServerSet::first(3), (ServerSet{1, 2, 3}));
}

TEST(Configuration, AJointOneNeedsBothMajorities) {
  const Configuration joint{.voters = {3, 4, 5}, .old_voters = {1, 2, 3}};
  EXPECT_TRUE(joint.is_quorum({2, 3, 4}));
  EXPECT_FALSE(joint.is_quorum({3, 4, 5})) << "one of C_old only";
  EXPECT_FALSE(joint.is_quorum({1, 2, 3})) << "one of C_new only";
  EXPECT_EQ(joint.tally({3}, {1, 2}), VoteResult::kLost) << "C_old has refused";
  EXPECT_EQ(joint.tally({2, 3}, {5}), VoteResult::kPending);
}

/// Section 4.1: any majority of before overlaps with any of after, or the change is refused.
TEST(Configuration, NoSingleChangeMakesDisjointMajorities) {
  Rng rng(7);
  int accepted = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const Configuration from{.voters = ServerSet(rng.below(63) + 1)};
    std::vector<Change> changes;
    const std::uint64_t count = rng.below(3) + 1;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto kind = static_cast<ChangeKind>(rng.below(3));
      const NodeId server{static_cast<std::uint32_t>(rng.below(6) + 1)};
      changes.push_back({kind, server});
    }
    const auto [to, error] = change_one(from, changes);
    if (error != ChangeError::kNone) {
      EXPECT_EQ(to, from);
      continue;
    }
    ++accepted;
    for (std::uint64_t a = 0; a < 64; ++a) {
      for (std::uint64_t b = 0; b < 64; ++b) {
        if ((a & b) != 0) continue;
        EXPECT_FALSE(from.is_quorum(ServerSet(a)) && to.is_quorum(ServerSet(b)))
            << brief_text(from) << " to " << brief_text(to);
      }
    }
  }
  EXPECT_GT(accepted, 500);
}

/// Section 4.3: neither C_old nor C_new can decide alone while the cluster is joint.
TEST(Configuration, AJointOneOverlapsWithWhatWasAndWhatComes) {
  Rng rng(8);
  for (int trial = 0; trial < 300; ++trial) {
    const Configuration from{.voters = ServerSet(rng.below(63) + 1)};
    std::vector<Change> changes;
    for (std::uint32_t id = 1; id <= 6; ++id) {
      changes.push_back({rng.below(2) == 0 ? ChangeKind::kAddVoter : ChangeKind::kRemove, {id}});
    }
    const auto [joint, error] = enter_joint(from, changes, true);
    if (error != ChangeError::kNone) continue;
    const Configuration to = leave_joint(joint).configuration;
    for (std::uint64_t a = 0; a < 64; ++a) {
      for (std::uint64_t b = 0; b < 64; ++b) {
        if ((a & b) != 0 || !joint.is_quorum(ServerSet(a))) continue;
        EXPECT_FALSE(from.is_quorum(ServerSet(b)));
        EXPECT_FALSE(to.is_quorum(ServerSet(b)));
      }
    }
  }
}

/// Against sorting, on random indexes.
TEST(QuorumIndex, IsTheMedian) {
  Rng rng(9);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto voters = static_cast<std::uint32_t>(rng.below(9) + 1);
    std::array<std::uint64_t, 10> index{};
    for (std::uint32_t id = 1; id <= voters; ++id) index[id] = rng.below(5);
    std::vector<std::uint64_t> sorted(index.begin() + 1, index.begin() + 1 + voters);
    std::sort(sorted.begin(), sorted.end());
    const Configuration c{.voters = ServerSet::first(voters)};
    const auto index_of = [&](NodeId n) { return index[n.value]; };
    const std::uint64_t median = sorted[(voters - 1) / 2];
    EXPECT_EQ(quorum_index(c, index_of), median);
    const std::uint64_t known = rng.below(6);
    EXPECT_EQ(quorum_index(c, index_of, known), std::max(known, median));
  }
}

}  // namespace
}  // namespace seedbed::raft
