// The partial views, against what they promise, whatever is done to them.
#include "protocols/plumtree/views.h"

#include <gtest/gtest.h>

#include <set>

namespace seedbed::plumtree {
namespace {

constexpr NodeId kSelf{1};

std::set<std::uint32_t> everybody(const Views& views) {
  std::set<std::uint32_t> nodes;
  for (const Link& l : views.active()) nodes.insert(l.node.value);
  for (const NodeId n : views.passive()) nodes.insert(n.value);
  return nodes;
}

TEST(Views, AreBoundedAndDisjointWhateverIsDone) {
  Rng rng(7);
  Views views(kSelf, 3, 5);
  for (int i = 0; i < 20'000; ++i) {
    const NodeId n{static_cast<std::uint32_t>(rng.below(12))};
    switch (rng.below(4)) {
      case 0: views.connect(n, Time{}, rng); break;
      case 1: views.remember(n, rng); break;
      case 2: views.disconnect(n); break;
      default: views.forget(n); break;
    }
    ASSERT_LE(views.active().size(), 3U);
    ASSERT_LE(views.passive().size(), 5U);
    const auto known = everybody(views);
    ASSERT_EQ(known.size(), views.active().size() + views.passive().size());
    ASSERT_FALSE(known.contains(kSelf.value) || known.contains(0));
  }
}

TEST(Views, WhoMakesRoomIsRemembered) {
  Rng rng(1);
  Views views(kSelf, 2, 5);
  EXPECT_FALSE(views.connect({2}, Time{}, rng));
  EXPECT_FALSE(views.connect({3}, Time{}, rng));
  EXPECT_FALSE(views.connect({3}, Time{5}, rng));
  const NodeId dropped = views.connect({4}, Time{}, rng);
  EXPECT_TRUE(dropped == NodeId{2} || dropped == NodeId{3});
  EXPECT_EQ(views.passive(), std::vector{dropped});
  EXPECT_EQ(views.link(dropped), nullptr);
  EXPECT_NE(views.link({4}), nullptr);
}

TEST(Views, ASampleHasTheNodeItselfAndNobodyTwice) {
  Rng rng(3);
  Views views(kSelf, 4, 8);
  for (std::uint32_t n = 2; n <= 5; ++n) views.connect({n}, Time{}, rng);
  for (std::uint32_t n = 6; n <= 13; ++n) views.remember({n}, rng);
  const auto sample = views.sample(3, 4, rng);
  std::set<std::uint32_t> nodes;
  for (const NodeId n : sample) nodes.insert(n.value);
  EXPECT_EQ(sample.front(), kSelf);
  EXPECT_EQ(nodes.size(), 8U);
  EXPECT_EQ(views.sample(9, 99, rng).size(), 13U);
}

}  // namespace
}  // namespace seedbed::plumtree
