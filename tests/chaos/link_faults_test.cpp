// The faults of links and weather, each for a while and on nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/chaos/injector.h"
#include "sim/chaos/partition.h"
#include "tests/support/probe.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using testing::ProbeWorld;

constexpr NodeId n1{1}, n2{2}, n3{3};

Selector these(std::vector<NodeId> nodes) {
  return {.kind = Selector::Kind::kNodes, .nodes = std::move(nodes), .role = ""};
}
Fault fault(const FaultInfo* info, std::optional<Duration> lasts) {
  Fault f;
  f.info = info;
  if (lasts) f.lasts = Range<Duration>{*lasts, *lasts};
  return f;
}

/// A fault at 1 s, on five nodes.
struct Chaos {
  explicit Chaos(Fault f, std::uint64_t seed = 1)
      : injector(std::make_shared<const ChaosPlan>(plan_of(std::move(f))), seed) {
    injector.start(w.world);
  }
  static ChaosPlan plan_of(Fault f) {
    ChaosEntry entry;
    entry.at = Time{} + 1_s;
    entry.one_of = {std::move(f)};
    return {entry};
  }
  void run_to(Duration at) {
    constexpr std::uint32_t kAlarm = 1;
    w.world.schedule_action(Time{} + at, kAlarm);
    while (const auto step = w.world.step()) {
      if (step->kind != Event::Kind::kAction) continue;
      if (!injector.owns(step->action)) return;
      injector.act(w.world, step->action);
    }
  }
  const Network& network() const { return w.world.network(); }
  Fate fate(NodeId from, NodeId to, std::uint64_t name = 0) const {
    return network().decide({from, to, w.world.now(), 0}, name);
  }
  ProbeWorld w{5};
  Injector injector;
};

TEST(LinkFaults, AFlappingLinkGoesDownAndUpUntilItEnds) {
  Fault flap = fault(&faults::kFlap, 10_s);
  flap.who = these({n1, n3});
  flap.by = {200_ms, 400_ms};
  Chaos chaos(flap);
  chaos.run_to(999_ms);
  EXPECT_FALSE(chaos.network().is_cut(n1, n3));
  int changes = 0;
  bool down = false;
  std::vector<Duration> stays;
  Duration since = 1_s;
  for (Duration at = 1_s; at < 11_s; at += 1_ms) {
    chaos.run_to(at);
    const bool now = chaos.network().is_cut(n1, n3);
    EXPECT_EQ(now, chaos.network().is_cut(n3, n1));
    EXPECT_FALSE(chaos.network().is_cut(n1, n2) || chaos.network().is_cut(n2, n3));
    if (now == down) continue;
    if (changes++ > 0) stays.push_back(at - since);
    since = at;
    down = now;
  }
  EXPECT_GE(changes, 25);
  EXPECT_LE(changes, 51);
  for (const Duration stay : stays) EXPECT_TRUE(stay >= 199_ms && stay <= 401_ms);
  EXPECT_NE(*std::min_element(stays.begin(), stays.end()),
            *std::max_element(stays.begin(), stays.end()));
  for (Duration at = 11_s; at < 13_s; at += 50_ms) {
    chaos.run_to(at);
    EXPECT_FALSE(chaos.network().is_cut(n1, n3)) << "it is over";
  }
}

TEST(LinkFaults, ASwizzleCutsOneByOneAndHealsInAnotherOrder) {
  std::set<std::vector<NodeId>> orders;
  int other_order = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Fault swizzle = fault(&faults::kSwizzle, std::nullopt);
    swizzle.who = these({n1, n2, n3});
    swizzle.by = {100_ms, 100_ms};
    Chaos chaos(swizzle, seed);
    std::vector<NodeId> cut, healed;
    std::vector<bool> before(4);
    for (Duration at = 1_s; at <= 1600_ms; at += 100_ms) {
      chaos.run_to(at + 1_ms);
      for (std::uint32_t id = 1; id <= 3; ++id) {
        const bool now = chaos.network().is_cut({id}, NodeId{5});
        if (now != before[id]) (now ? cut : healed).push_back({id});
        before[id] = now;
      }
      EXPECT_FALSE(chaos.network().is_cut(NodeId{4}, NodeId{5}));
      EXPECT_LE(cut.size() + healed.size(),
                static_cast<std::size_t>((at - 900_ms).count() / 100'000'000));
    }
    ASSERT_EQ(cut.size(), 3U);
    ASSERT_EQ(healed.size(), 3U) << "all are back after six steps";
    orders.insert(cut);
    other_order += cut != healed;
  }
  EXPECT_GE(orders.size(), 4U);
  EXPECT_GE(other_order, 10);
}

TEST(LinkFaults, WeatherOfALinkHitsItAlone) {
  Fault loss = fault(&faults::kLoss, 2_s);
  loss.chance = Probability::percent(100);
  loss.on.link = Link{these({n1}), these({n2})};
  Chaos chaos(loss);
  chaos.run_to(1500_ms);
  EXPECT_TRUE(chaos.fate(n1, n2).lost);
  EXPECT_FALSE(chaos.fate(n2, n1).lost || chaos.fate(n1, n3).lost || chaos.fate(n3, n2).lost);
  EXPECT_THAT(chaos.injector.records()[0].on, ElementsAre(n1));
  EXPECT_EQ(chaos.injector.records()[0].detail, "100% to n2");
  chaos.run_to(3500_ms);
  EXPECT_FALSE(chaos.fate(n1, n2).lost);
}

TEST(LinkFaults, CorruptionFlipsBitsOfTheMessagesNamed) {
  Fault corrupt = fault(&faults::kCorrupt, 2_s);
  corrupt.chance = Probability::percent(100);
  corrupt.on.who = these({n1});
  corrupt.only = "Ping";
  Chaos chaos(corrupt);
  chaos.run_to(1500_ms);
  EXPECT_TRUE(chaos.fate(n1, n2, hash_text("Ping")).corrupted);
  EXPECT_TRUE(chaos.fate(n2, n1, hash_text("Ping")).corrupted);
  EXPECT_FALSE(chaos.fate(n1, n2, hash_text("Pong")).corrupted);
  EXPECT_FALSE(chaos.fate(n2, n3, hash_text("Ping")).corrupted);
  chaos.run_to(3500_ms);
  EXPECT_FALSE(chaos.fate(n1, n2, hash_text("Ping")).corrupted);
}

TEST(LinkFaults, ASqueezedUplinkIsSlowForAWhile) {
  Fault squeeze = fault(&faults::kBandwidth, 2_s);
  squeeze.rate = {8'000};
  squeeze.who = these({n1});
  Chaos chaos(squeeze);
  EXPECT_TRUE(chaos.network().unlimited());
  chaos.run_to(1500_ms);
  EXPECT_FALSE(chaos.network().unlimited());
  EXPECT_EQ(chaos.network().transmission(n1, 1000), 1_s);
  EXPECT_EQ(chaos.network().transmission(n2, 1000), 0_s);
  chaos.run_to(3500_ms);
  EXPECT_TRUE(chaos.network().unlimited());
}

TEST(LinkFaults, ARandomPartitionHasTwoToFourGroups) {
  std::set<std::uint32_t> sizes;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const ProbeWorld w(5);
    Rng rng{seed};
    const Cut cut = cut_by_shape({PartitionShape::Kind::kRandom, {}}, w.world, rng);
    sizes.insert(cut.classes - 1);
    std::set<std::uint16_t> groups;
    for (std::uint32_t id = 1; id <= 5; ++id) groups.insert(cut.class_of[id]);
    EXPECT_EQ(groups.size(), cut.classes - 1) << "none is empty";
    EXPECT_EQ(groups.count(0), 0U) << "nobody is left out";
  }
  EXPECT_THAT(sizes, ElementsAre(2U, 3U, 4U));
}

}  // namespace
}  // namespace seedbed
