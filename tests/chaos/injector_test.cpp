#include "sim/chaos/injector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/probe.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Probe;
using testing::ProbeWorld;

Selector these(std::vector<NodeId> nodes) {
  return {.kind = Selector::Kind::kNodes, .nodes = std::move(nodes), .role = ""};
}
Fault fault(const FaultInfo* kind, Selector who, std::optional<Duration> lasts = std::nullopt) {
  Fault f;
  f.info = kind;
  f.who = std::move(who);
  if (lasts) f.lasts = Range<Duration>{*lasts, *lasts};
  return f;
}
ChaosEntry once(Duration at, Fault f) {
  ChaosEntry entry;
  entry.at = Time{} + at;
  entry.one_of = {std::move(f)};
  return entry;
}

/// A plan carried out on probes.
struct Chaos {
  explicit Chaos(ChaosPlan entries, std::uint64_t seed = 1)
      : injector(std::make_shared<const ChaosPlan>(std::move(entries)), seed) {
    injector.start(w.world);
  }
  void run_for(Duration span) {
    constexpr std::uint32_t kAlarm = 1;
    w.world.schedule_action(w.world.now() + span, kAlarm);
    while (const auto step = w.world.step()) {
      if (step->kind != Event::Kind::kAction) continue;
      if (!injector.owns(step->action)) return;
      injector.act(w.world, step->action);
    }
  }
  ProbeWorld w{5,
               {[](Probe&, Context& ctx) { ctx.save(testing::Saved{1}); },
                [](Probe&, Context& ctx) { ctx.when_synced(testing::Tick{1}); },
                [](Probe&, Context& ctx) { ctx.append(testing::Logged{1}); }}};
  Injector injector;
};

constexpr NodeId n1{1}, n2{2}, n3{3};

TEST(Injector, ACrashEndsInARestart) {
  Chaos chaos({once(1_s, fault(&faults::kCrash, these({n2}), 2_s))});
  chaos.run_for(2_s);
  EXPECT_FALSE(chaos.w.world.is_up(n2));
  chaos.run_for(2_s);
  EXPECT_TRUE(chaos.w.world.is_up(n2));
  ASSERT_EQ(chaos.injector.records().size(), 1U);
  const FaultRecord& record = chaos.injector.records().front();
  EXPECT_EQ(record.at, Time{} + 1_s);
  EXPECT_EQ(record.until, Time{} + 3_s);
  EXPECT_THAT(record.on, ElementsAre(n2));
  EXPECT_TRUE(chaos.injector.took_effect(0));
}

/// Of five servers two may be down, whoever brought them down.
TEST(Injector, WhatKeepsAMajorityStopsNoMoreThanAMinority) {
  ChaosEntry more = once(2_s, fault(&faults::kCrash, {.kind = Selector::Kind::kAll}));
  more.keeps_majority = true;
  Chaos chaos({once(1_s, fault(&faults::kCrash, these({n2}))), more,
               once(3_s, fault(&faults::kCrash, {.kind = Selector::Kind::kAll}))});
  chaos.run_for(4_s);
  ASSERT_EQ(chaos.injector.records().size(), 3U);
  EXPECT_THAT(chaos.injector.records()[1].on, ElementsAre(n1));
  EXPECT_THAT(chaos.injector.records()[2].on, ElementsAre(n3, NodeId{4}, NodeId{5}))
      << "without it nothing holds back";
}

TEST(Injector, WhoIsDownIsNotCrashedAgainNorStartedByAnothersEnd) {
  Chaos chaos({once(1_s, fault(&faults::kCrash, these({n2}), 5_s)),
               once(2_s, fault(&faults::kCrash, these({n2}), 1_s))});
  chaos.run_for(4_s);
  EXPECT_FALSE(chaos.w.world.is_up(n2));
  EXPECT_THAT(chaos.injector.records().back().on, IsEmpty());
  EXPECT_FALSE(chaos.injector.took_effect(1));
  chaos.run_for(3_s);
  EXPECT_TRUE(chaos.w.world.is_up(n2));
}

TEST(Injector, APauseOfAnEarlierLifeDoesNotEndALaterOne) {
  Chaos chaos({once(1_s, fault(&faults::kPause, these({n1}), 5_s)),
               once(2_s, fault(&faults::kCrash, these({n1}), 1_s)),
               once(4_s, fault(&faults::kPause, these({n1}), 10_s))});
  chaos.run_for(7_s);
  EXPECT_TRUE(chaos.w.world.is_paused(n1)) << "the first pause ended at 6 s, in another life";
  chaos.run_for(8_s);
  EXPECT_FALSE(chaos.w.world.is_paused(n1));
}

TEST(Injector, HealEndsEverythingThatIsUnderWay) {
  Fault partition = fault(&faults::kPartition, {});
  partition.partition = {PartitionShape::Kind::kGroups, {{n1}, {n2, n3}}};
  Chaos chaos({once(1_s, partition), once(1_s, fault(&faults::kCrash, these({n3}))),
               once(3_s, fault(&faults::kHeal, {}))});
  chaos.run_for(2_s);
  EXPECT_TRUE(chaos.w.world.network().is_cut(n1, n2));
  EXPECT_FALSE(chaos.w.world.is_up(n3));
  chaos.run_for(2_s);
  EXPECT_FALSE(chaos.w.world.network().is_cut(n1, n2));
  EXPECT_TRUE(chaos.w.world.is_up(n3));
  EXPECT_EQ(chaos.injector.records()[0].until, Time{} + 3_s);
  EXPECT_EQ(chaos.injector.records()[0].detail, "n1 | n2 n3");
}

TEST(Injector, AKilledNodeStaysAwayWhateverHeals) {
  Chaos chaos({once(1_s, fault(&faults::kKill, these({n3})))});
  chaos.run_for(2_s);
  chaos.injector.heal(chaos.w.world);
  chaos.run_for(2_s);
  EXPECT_FALSE(chaos.w.world.is_up(n3));
  EXPECT_EQ(chaos.injector.records().front().until, std::nullopt);
}

/// Pokes those of the first two nodes that are up.
std::vector<NodeId> poke(World& world, const std::vector<NodeId>& who) {
  std::vector<NodeId> poked;
  for (const NodeId n : who) {
    if (n > n2 || !world.is_up(n)) continue;
    world.inject(n, {}, testing::Tick{7});
    poked.push_back(n);
  }
  return poked;
}
constexpr ProtocolAction kPoke = {"poke", "", "", "", poke};

TEST(Injector, AnActionIsAskedOfTheProtocol) {
  const auto asking = [](std::vector<NodeId> who) {
    Fault f = fault(&faults::kAction, these(std::move(who)));
    f.action = &kPoke;
    return f;
  };
  Chaos chaos({once(1_s, asking({n1, n3})), once(2_s, asking({n1})), once(3_s, asking({n3})),
               once(4_s, fault(&faults::kKill, these({n1}))), once(5_s, asking({n1, n2}))});
  chaos.run_for(10_s);
  EXPECT_THAT(chaos.w.probe(2).whats(), ElementsAre("start", "tick 7"));
  const auto& records = chaos.injector.records();
  ASSERT_EQ(records.size(), 5U);
  EXPECT_EQ(records[0].name, "poke");
  EXPECT_THAT(records[0].on, ElementsAre(n1));
  EXPECT_EQ(records[0].detail, "n1 n3") << "who was named";
  EXPECT_EQ(records[0].until, std::nullopt);
  EXPECT_EQ(records[1].detail, "");
  EXPECT_THAT(records[2].on, IsEmpty());
  EXPECT_FALSE(chaos.injector.took_effect(2)) << "nobody took it up";
  EXPECT_EQ(records[3].name, "kill");
  EXPECT_THAT(records[4].on, ElementsAre(n2));
}

TEST(Injector, ACutTakesTheLinksBetweenThoseNamed) {
  Chaos chaos({once(1_s, fault(&faults::kCut, these({n1, n3}), 2_s)),
               once(5_s, fault(&faults::kCut, these({n1})))});
  chaos.run_for(2_s);
  const Network& network = chaos.w.world.network();
  EXPECT_TRUE(network.is_cut(n1, n3) && network.is_cut(n3, n1));
  EXPECT_FALSE(network.is_cut(n1, n2) || network.is_cut(n2, n3));
  chaos.run_for(2_s);
  EXPECT_FALSE(network.is_cut(n1, n3));
  chaos.run_for(2_s);
  EXPECT_FALSE(chaos.injector.took_effect(1)) << "a link has two ends";
}

TEST(Injector, SlowDisksAreRestored) {
  Fault slow = fault(&faults::kDiskSlow, these({n1}), 2_s);
  slow.by = {1_s, 3_s};
  Chaos chaos({once(1_s, slow)});
  const auto sync_of = [&](NodeId n) {  // how long a sync that begins now takes
    chaos.w.act(n.value, 0);
    chaos.w.act(n.value, 1);
    const Time before = chaos.w.world.now();
    chaos.run_for(4_s);
    return chaos.w.probe(n.value).seen.back().at - before;
  };
  chaos.run_for(1100_ms);
  EXPECT_THAT(chaos.injector.records()[0].on, ElementsAre(n1));
  EXPECT_EQ(chaos.injector.records()[0].detail, "1s..3s");
  const Duration slowly = sync_of(n1);
  EXPECT_GE(slowly, 1_s + 1_ms);
  EXPECT_LE(slowly, 3_s + 1_ms);
  EXPECT_EQ(sync_of(n1), 1_ms) << "it is over";
  EXPECT_EQ(chaos.injector.records()[0].until, Time{} + 3_s);
}

TEST(Injector, ALostTailIsMissingAtTheRestart) {
  Fault lose = fault(&faults::kLoseTail, these({n2}), 1_s);
  lose.entries = 2;
  Chaos chaos({once(1_s, lose), once(3_s, lose)});
  for (int i = 0; i < 3; ++i) chaos.w.act(2, 2);
  chaos.run_for(1500_ms);
  EXPECT_FALSE(chaos.w.world.is_up(n2));
  chaos.run_for(1_s);
  EXPECT_EQ(chaos.w.probe(2).recovered_log.last_index(), 1U);
  EXPECT_EQ(chaos.injector.records()[0].detail, "2 entries lost");
  chaos.run_for(2_s);
  EXPECT_TRUE(chaos.w.probe(2).recovered_log.empty());
  EXPECT_EQ(chaos.injector.records()[1].detail, "1 entry lost");
}

TEST(Injector, ATimeInARangeIsDrawnOnce) {
  std::set<Time> times;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    ChaosEntry entry = once(1_s, fault(&faults::kPause, these({n1}), 1_ms));
    entry.spread = 75_ms;
    Chaos chaos({entry}, seed);
    chaos.run_for(5_s);
    ASSERT_EQ(chaos.injector.records().size(), 1U);
    const Time at = chaos.injector.records()[0].at;
    EXPECT_TRUE(at >= Time{} + 1_s && at <= Time{} + 1075_ms);
    times.insert(at);
  }
  EXPECT_GT(times.size(), 15U);
}

TEST(Injector, ARecurringEntryFiresWithinItsBoundsAndItsIntervals) {
  ChaosEntry entry;
  entry.stream = 5;
  entry.every = {1_s, 2_s};
  entry.from = Time{} + 10_s;
  entry.until = Time{} + 40_s;
  entry.one_of = {fault(&faults::kPause, these({n1}), 100_ms),
                  fault(&faults::kPause, these({n2}), 100_ms)};
  Chaos chaos({entry});
  chaos.run_for(60_s);
  Time last = Time{} + 10_s;
  std::set<NodeId> hit;
  for (const FaultRecord& record : chaos.injector.records()) {
    EXPECT_GE(record.at - last, 1_s);
    EXPECT_LE(record.at - last, 2_s);
    EXPECT_LT(record.at, Time{} + 40_s);
    last = record.at;
    hit.insert(record.on.begin(), record.on.end());
  }
  EXPECT_GE(chaos.injector.records().size(), 15U);
  EXPECT_EQ(hit.size(), 2U) << "one of them, drawn";
}

TEST(Injector, AnEntrysDrawsDoNotDependOnTheOthers) {
  ChaosEntry a;
  a.stream = 1;
  a.every = {100_ms, 900_ms};
  a.until = Time{} + 20_s;
  a.one_of = {
      fault(&faults::kPause, {.kind = Selector::Kind::kRandom, .nodes = {}, .role = ""}, 50_ms)};
  ChaosEntry b = a;
  b.stream = 2;
  const auto of = [](const Chaos& chaos, std::size_t entry) {
    std::vector<std::pair<Time, std::vector<NodeId>>> firings;
    for (const FaultRecord& r : chaos.injector.records()) {
      if (r.entry == entry) firings.emplace_back(r.at, r.on);
    }
    return firings;
  };
  Chaos alone({b}), together({a, b});
  alone.run_for(30_s);
  together.run_for(30_s);
  EXPECT_EQ(of(alone, 0), of(together, 1));
  EXPECT_NE(of(together, 0), of(together, 1));
}

}  // namespace
}  // namespace seedbed
