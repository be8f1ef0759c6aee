// What befalls whole nodes: an empty disk, a slow processor, joining and leaving.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/probe.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using testing::Ping;
using testing::Probe;
using testing::ProbeWorld;
using testing::Tick;

constexpr NodeId n1{1}, n2{2}, n3{3};

TEST(Nodes, AWipedDiskIsEmpty) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) {
                 ctx.save(testing::Saved{5});
                 ctx.append(testing::Logged{6});
               }});
  w.act(1, 0);
  w.act(2, 0);
  w.run_for(10_ms);
  w.world.wipe(n1);
  w.world.crash(n1, {});
  w.world.crash(n2, {});
  w.world.restart(n1);
  w.run_for(1_ms);
  EXPECT_EQ(w.probe(1).recovered_value, 5U) << "it was up when it should have been wiped";
  w.world.crash(n1, {});
  w.world.wipe(n1);
  w.world.restart(n1);
  w.world.restart(n2);
  w.run_for(1_ms);
  EXPECT_EQ(w.probe(1).recovered_value, 0U);
  EXPECT_TRUE(w.probe(1).recovered_log.empty());
  EXPECT_EQ(w.probe(2).recovered_value, 5U);
  w.act(1, 0);
  w.run_for(10_ms);
  w.world.crash(n1, {});
  w.world.restart(n1);
  w.run_for(1_ms);
  EXPECT_EQ(w.probe(1).recovered_log.last_index(), 1U) << "it can be written again";
}

TEST(Nodes, ASlowProcessorIsLateAtEverythingThatItHandles) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) {
                 ctx.send(n2, Ping{1});
                 ctx.send(n2, Ping{2});
               }});
  const std::uint32_t slow = w.world.slow_processors({.factor_permille = 10'000, .nodes = {n2}});
  w.act(1, 0);
  w.run_for(50_ms);
  const auto& seen = w.probe(2).seen;
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[1].at, Time{} + 1_ms + SlowProcessors::kTurn * 10);
  EXPECT_EQ(seen[2].at, Time{} + 1_ms + SlowProcessors::kTurn * 20);
  w.world.restore_processors(slow);
  const Time before = w.world.now();
  w.act(1, 0);
  w.run_for(50_ms);
  EXPECT_EQ(seen[3].at, before + 1_ms);
  EXPECT_EQ(seen[4].at, before + 1_ms);
}

TEST(Nodes, ASlowProcessorWorksSoManyTimesLonger) {
  WorldConfig config = ProbeWorld::calm();
  config.cpu.per_message = 1_ms;
  ProbeWorld w(2,
               {[](Probe& p, Context&) { p.work_per_ping = 2_ms; },
                [](Probe&, Context& ctx) {
                  ctx.send(n2, Ping{1});
                  ctx.send(n2, Ping{2});
                }},
               config);
  w.act(2, 0);
  w.world.slow_processors({.factor_permille = 3'000, .nodes = {n2}});
  const std::uint32_t worse = w.world.slow_processors({.factor_permille = 5'000, .nodes = {n2}});
  w.act(1, 1);
  w.run_for(100_ms);
  const auto& seen = w.probe(2).seen;
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[2].at - seen[1].at, (3_ms + SlowProcessors::kTurn) * 5) << "the worst one counts";
  w.world.restore_processors(worse);
  w.act(1, 1);
  w.run_for(100_ms);
  EXPECT_EQ(seen[4].at - seen[3].at, (3_ms + SlowProcessors::kTurn) * 3);
}

TEST(Nodes, ASlowProcessorStaysSlowWhenItRestartsAndHidesNoPause) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) { ctx.send(n2, Ping{1}); }});
  w.world.slow_processors({.factor_permille = 10'000, .nodes = {n2}});
  w.world.crash(n2, {});
  w.world.restart(n2);
  w.run_for({});
  w.act(1, 0);
  w.run_for(50_ms);
  EXPECT_EQ(w.probe(2).seen.back().at, Time{} + 2_ms);
  EXPECT_FALSE(w.world.is_paused(n2));
  w.world.pause(n2);
  EXPECT_TRUE(w.world.is_paused(n2));
  w.act(1, 0);
  w.run_for(50_ms);
  EXPECT_EQ(w.probe(2).seen.size(), 2U);
  w.world.resume(n2);
  w.run_for(50_ms);
  EXPECT_EQ(w.probe(2).seen.back().at, Time{} + 101_ms);
}

TEST(Nodes, ARestartMaySkewBothClocks) {
  ProbeWorld w(1);
  w.run_for(1_s);
  w.world.skew_clock(n1, 50_ms);
  EXPECT_EQ(w.world.clock(n1).offset, Duration{}) << "only while it is down";
  w.world.crash(n1, {});
  w.world.skew_clock(n1, 50_ms);
  w.world.restart(n1);
  w.run_for(1_s);
  EXPECT_EQ(w.world.clock(n1).monotonic(w.world.now()), w.world.now() + 50_ms);
  EXPECT_EQ(w.world.clock(n1).wall(w.world.now()), w.world.now() + 50_ms);
}

// --- joining and leaving

/// Greets whom it knows when it starts, and says goodbye.
class Guest : public Process<Guest, Ping> {
 public:
  void start(Context& ctx, const Recovered&) {
    known = ctx.peers().size();
    ctx.broadcast(Ping{1});
  }
  void leave(Context& ctx) override { ctx.broadcast(Ping{2}); }
  void on(Context&, const Envelope& from, const Ping& m) {
    heard.emplace_back(from.from.node.value, m.number);
  }
  std::vector<std::pair<std::uint32_t, std::uint64_t>> heard;
  std::uint32_t known = 0;
};

struct Party {
  explicit Party(std::uint32_t servers, std::uint32_t spares, std::uint32_t others = 0)
      : world(ProbeWorld::calm(), servers, spares) {
    for (std::uint32_t i = 0; i < servers + spares + others; ++i) {
      world.add_node({std::make_shared<const Guest>()});
    }
  }
  void run() {
    while (world.step()) {
    }
  }
  const Guest& guest(NodeId n) const { return static_cast<const Guest&>(*world.process(n)); }
  World world;
};

TEST(Joining, ASpareIsNobodyUntilItJoinsAndThenKnowsTheFirstServers) {
  Party party(2, 2, 1);
  party.run();
  EXPECT_EQ(party.world.servers(), 4U);
  EXPECT_EQ(party.world.initial_servers(), 2U);
  EXPECT_TRUE(party.world.is_spare(n3));
  EXPECT_FALSE(party.world.is_up(n3));
  EXPECT_EQ(party.world.process(n3), nullptr);
  EXPECT_EQ(party.guest(n1).known, 1U);
  EXPECT_EQ(party.guest({5}).known, 2U);
  party.world.restart(n3);  // nothing crashed that could
  party.world.crash(n3, {});
  party.run();
  EXPECT_FALSE(party.world.is_up(n3));
  party.world.join(n3);
  party.world.join(n3);
  party.run();
  EXPECT_TRUE(party.world.is_up(n3) && !party.world.is_spare(n3));
  EXPECT_EQ(party.world.incarnation(n3), 1U);
  EXPECT_EQ(party.guest(n3).known, 2U);
  EXPECT_EQ(party.guest(n1).heard.back(), std::pair(3U, std::uint64_t{1}));
  EXPECT_TRUE(party.guest({5}).heard.empty()) << "no server";
  EXPECT_TRUE(party.world.is_spare({4}));
}

TEST(Joining, WhoLeavesSaysGoodbyeAndNeverReturns) {
  Party party(3, 0);
  party.run();
  party.world.leave(n2);
  party.run();
  EXPECT_EQ(party.guest(n1).heard.back(), std::pair(2U, std::uint64_t{2}));
  EXPECT_FALSE(party.world.is_up(n2) || party.world.is_spare(n2));
  party.world.restart(n2);
  party.world.join(n2);
  party.run();
  EXPECT_FALSE(party.world.is_up(n2));
  EXPECT_EQ(party.world.living_payloads(), 0U);
}

TEST(Joining, WhoIsPausedLeavesWithoutAWord) {
  Party party(2, 0);
  party.run();
  party.world.pause(n2);
  party.world.leave(n2);
  party.run();
  EXPECT_EQ(party.guest(n1).heard.back(), std::pair(2U, std::uint64_t{1}));
  EXPECT_FALSE(party.world.is_up(n2));
}

TEST(Joining, SparesDoNotChangeWhatHappensWithoutThem) {
  Party without(3, 0), with(3, 5);
  without.run();
  with.run();
  for (const NodeId n : {n1, n2, n3}) {
    EXPECT_EQ(without.world.digest(n), with.world.digest(n));
  }
}

// --- fault points

constexpr std::string_view kOften = "often", kNever = "never";

WorldConfig with_points(FaultPointConfig points) {
  WorldConfig config = ProbeWorld::calm();
  config.fault_points = std::move(points);
  return config;
}
Probe::Scripts asking() {
  return {[](Probe& p, Context& ctx) {
    if (ctx.maybe(kOften)) p.seen.push_back({ctx.true_now(), "taken"});
    if (ctx.maybe(kNever)) p.seen.push_back({ctx.true_now(), "never"});
  }};
}
void ask(ProbeWorld& w, int times) {
  for (int i = 0; i < times; ++i) {
    w.act(1, 0);
    w.run_for(1_ms);
  }
}

TEST(FaultPoints, AreOffUnlessTheRunAsksForThem) {
  ProbeWorld w(1, asking());
  ask(w, 1000);
  EXPECT_TRUE(w.world.fault_points().empty());
  EXPECT_EQ(w.probe(1).seen.size(), 1U);
}

TEST(FaultPoints, AreTakenAsOftenAsTheyShouldBeAndCounted) {
  ProbeWorld w(1, asking(), with_points({.chance = Probability::percent(10), .only = {"often"}}));
  ask(w, 10'000);
  ASSERT_EQ(w.world.fault_points().size(), 2U);
  const FaultPointCount& often = w.world.fault_points()[0];
  EXPECT_EQ(often.name, kOften);
  EXPECT_EQ(often.reached, 10'000U);
  EXPECT_NEAR(static_cast<double>(often.taken), 1000.0, 120.0) << "four standard deviations";
  EXPECT_EQ(w.probe(1).seen.size(), 1 + often.taken);
  EXPECT_EQ(w.world.fault_points()[1].reached, 10'000U);
  EXPECT_EQ(w.world.fault_points()[1].taken, 0U) << "not among `only`";
}

TEST(FaultPoints, AreActiveInSomeRunsAndNotInOthers) {
  int active = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    WorldConfig config = with_points(
        {.chance = Probability::percent(50), .active = Probability::percent(25), .only = {}});
    config.seed = seed;
    ProbeWorld w(1, asking(), config);
    ask(w, 30);
    for (const FaultPointCount& point : w.world.fault_points()) {
      EXPECT_EQ(point.active, point.taken > 0);
      active += point.active ? 1 : 0;
    }
  }
  EXPECT_NEAR(active, 100, 35) << "of 400";
}

}  // namespace
}  // namespace seedbed
