#include "sim/world/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/probe.h"

namespace seedbed {
namespace {

using testing::Do;
using ::testing::ElementsAre;
using testing::Logged;
using testing::Ping;
using testing::Probe;
using testing::ProbeWorld;
using testing::Saved;
using testing::Seen;
using testing::Tick;

constexpr NodeId n1{1}, n2{2}, n3{3};

TEST(World, AMessageTakesItsLatency) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) { ctx.send(n2, Ping{7}); }});
  w.run_for(10_ms);
  w.act(1, 0);
  w.run_for(10_ms);
  EXPECT_THAT(w.probe(2).seen,
              ElementsAre(Seen{Time{}, "start"}, Seen{Time{} + 11_ms, "ping 7 from n1"}));
}

TEST(World, ABroadcastReachesEveryPeerAndIsOnePayload) {
  ProbeWorld w(4, {[](Probe&, Context& ctx) { ctx.broadcast(Ping{1}); }});
  w.act(2, 0);
  w.world.step();
  EXPECT_EQ(w.world.living_payloads(), 1U);
  EXPECT_EQ(w.world.messages().sent, 3U);
  w.run_for(5_ms);
  EXPECT_EQ(w.probe(2).seen.size(), 1U);
  for (const std::uint32_t n : {1U, 3U, 4U}) EXPECT_EQ(w.probe(n).seen.size(), 2U);
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(World, TimersFireOnceAndCanBeCancelled) {
  ProbeWorld w(1, {[](Probe& p, Context& ctx) {
                     ctx.after(3_ms, Tick{3});
                     p.timer = ctx.after(2_ms, Tick{2});
                     ctx.after(1_ms, Tick{1});
                   },
                   [](Probe& p, Context& ctx) {
                     EXPECT_TRUE(ctx.cancel(p.timer));
                     EXPECT_FALSE(ctx.cancel(p.timer));
                   }});
  w.act(1, 0);
  w.run_for(1_ms);
  w.act(1, 1);
  w.run_for(10_ms);
  EXPECT_THAT(w.probe(1).whats(), ElementsAre("start", "tick 1", "tick 3"));
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(World, TimersRunOnTheLocalClock) {
  WorldConfig config = ProbeWorld::calm();
  config.clocks.drift_ppb = 100'000'000;  // within 10 %
  ProbeWorld w(1, {[](Probe&, Context& ctx) { ctx.after(100_ms, Tick{1}); }}, config);
  const std::int64_t drift = w.world.clock(n1).drift_ppb;
  ASSERT_NE(drift, 0);
  w.act(1, 0);
  w.run_for(200_ms);
  const Duration took = w.probe(1).seen.back().at - Time{};
  EXPECT_EQ(took, w.world.clock(n1).due(Time{}, 100_ms) - Time{});
  EXPECT_EQ(drift > 0, took < 100_ms);
}

TEST(World, WhatIsSentAfterASaveDepartsOnceItIsDurable) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) {
                 ctx.send(n2, Ping{1});
                 ctx.save(Saved{5});
                 ctx.send(n2, Ping{2});
                 ctx.send_unsynced(n2, Ping{3});
               }});
  w.act(1, 0);
  w.run_for(10_ms);
  EXPECT_THAT(
      w.probe(2).seen,
      ElementsAre(Seen{Time{}, "start"}, Seen{Time{} + 1_ms, "ping 1 from n1"},
                  Seen{Time{} + 1_ms, "ping 3 from n1"}, Seen{Time{} + 2_ms, "ping 2 from n1"}));
}

TEST(World, ALaterHandlerWaitsForAnEarlierHandlersWrite) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) { ctx.save(Saved{5}); },
                   [](Probe&, Context& ctx) { ctx.send(n2, Ping{1}); }});
  w.act(1, 0);
  w.run_for(500_us);
  w.act(1, 1);
  w.run_for(10_ms);
  EXPECT_EQ(w.probe(2).seen.back(), (Seen{Time{} + 2_ms, "ping 1 from n1"}));
}

TEST(World, WritesDuringASyncAreSyncedTogetherNext) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) {
                     ctx.append(Logged{1});
                     ctx.when_synced(Tick{1});
                   },
                   [](Probe&, Context& ctx) {
                     ctx.append(Logged{2});
                     ctx.when_synced(Tick{2});
                   }});
  w.act(1, 0);
  w.run_for(200_us);
  w.act(1, 1);
  w.run_for(100_us);
  w.act(1, 1);
  w.run_for(10_ms);
  EXPECT_THAT(w.probe(1).seen,
              ElementsAre(Seen{Time{}, "start"}, Seen{Time{} + 1_ms, "tick 1"},
                          Seen{Time{} + 2_ms, "tick 2"}, Seen{Time{} + 2_ms, "tick 2"}));
  EXPECT_EQ(w.world.durable(n1).log<Logged>().size(), 3U);
}

TEST(World, WhenSyncedComesAtOnceIfNothingIsPending) {
  ProbeWorld w(1, {[](Probe&, Context& ctx) { ctx.when_synced(Tick{1}); }});
  w.act(1, 0);
  w.run_for(1_us);
  EXPECT_EQ(w.probe(1).seen.back(), (Seen{Time{}, "tick 1"}));
}

TEST(World, ACrashForgetsWhatWasNotSyncedAndTheMessagesThatWaited) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) {
                     ctx.save(Saved{1});
                     ctx.append(Logged{1});
                   },
                   [](Probe&, Context& ctx) {
                     ctx.save(Saved{2});
                     ctx.append(Logged{2});
                     ctx.send(n2, Ping{2});
                     ctx.after(1_ms, Tick{9});
                   }});
  w.act(1, 0);
  w.run_for(5_ms);
  w.act(1, 1);
  w.run_for(500_us);
  w.world.crash(n1, Probability{});
  EXPECT_FALSE(w.world.is_up(n1));
  EXPECT_EQ(w.world.process(n1), nullptr);
  w.run_for(5_ms);
  w.world.restart(n1);
  w.run_for(5_ms);
  EXPECT_EQ(w.probe(1).recovered_value, 1U);
  ASSERT_EQ(w.probe(1).recovered_log.size(), 1U);
  EXPECT_EQ(w.probe(1).recovered_log[1].value, 1U);
  EXPECT_THAT(w.probe(1).whats(), ElementsAre("start")) << "timers of an earlier life are dead";
  EXPECT_THAT(w.probe(2).whats(), ElementsAre("start"));
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(World, ATornCrashLeavesAPrefixOfWhatWasBeingSynced) {
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    WorldConfig config = ProbeWorld::calm();
    config.seed = seed;
    ProbeWorld w(1, {[](Probe&, Context& ctx) {
                   for (std::uint64_t i = 1; i <= 4; ++i) ctx.append(Logged{i});
                 }},
                 config);
    w.act(1, 0);
    w.run_for(500_us);
    w.world.crash(n1, Probability::percent(100));
    const auto log = w.world.durable(n1).log<Logged>();
    for (std::uint64_t i = 1; i <= log.size(); ++i) ASSERT_EQ(log[i].value, i);
    lengths.insert(log.size());
  }
  EXPECT_THAT(lengths, ElementsAre(0, 1, 2, 3, 4));
}

TEST(World, TruncateAndCompactReachTheDurableLogInOrder) {
  ProbeWorld w(1, {[](Probe&, Context& ctx) {
                 for (std::uint64_t i = 1; i <= 4; ++i) ctx.append(Logged{i});
                 ctx.truncate<Logged>(3);
                 ctx.append(Logged{30});
                 ctx.compact<Logged>(1);
               }});
  w.act(1, 0);
  w.run_for(5_ms);
  const auto log = w.world.durable(n1).log<Logged>();
  EXPECT_EQ(log.first_index(), 2U);
  EXPECT_EQ(log.last_index(), 3U);
  EXPECT_EQ(log[3].value, 30U);
}

TEST(World, MessagesToANodeThatIsDownAreCut) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) { ctx.send(n2, Ping{1}); }});
  w.act(1, 0);
  w.run_for({});
  w.world.crash(n2, Probability{});
  w.run_for(5_ms);
  EXPECT_EQ(w.world.messages().cut, 1U);
  EXPECT_EQ(w.world.messages().delivered, 0U);
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(World, ABusyNodeIsOneServer) {
  ProbeWorld w(3, {[](Probe&, Context& ctx) { ctx.send(n3, Ping{1}); },
                   [](Probe& p, Context&) { p.work_per_ping = 10_ms; }});
  w.act(3, 1);
  w.act(1, 0);
  w.act(2, 0);
  w.act(1, 0);
  w.run_for(50_ms);
  EXPECT_THAT(
      w.probe(3).seen,
      ElementsAre(Seen{Time{}, "start"}, Seen{Time{} + 1_ms, "ping 1 from n1"},
                  Seen{Time{} + 11_ms, "ping 1 from n2"}, Seen{Time{} + 21_ms, "ping 1 from n1"}));
}

TEST(World, APausedNodeCatchesUpAllAtOnce) {
  ProbeWorld w(2, {[](Probe&, Context& ctx) { ctx.send(n2, Ping{1}); },
                   [](Probe& p, Context& ctx) { p.timer = ctx.after(3_ms, Tick{1}); }});
  w.act(2, 1);
  w.run_for({});
  w.world.pause(n2);
  w.world.pause(n2);
  w.act(1, 0);
  w.run_for(10_ms);
  w.world.resume(n2);
  w.run_for(10_ms);
  EXPECT_EQ(w.probe(2).seen.size(), 1U) << "paused twice, resumed once";
  w.world.resume(n2);
  w.run_for(10_ms);
  EXPECT_THAT(w.probe(2).seen,
              ElementsAre(Seen{Time{}, "start"}, Seen{Time{} + 20_ms, "ping 1 from n1"},
                          Seen{Time{} + 20_ms, "tick 1"}));
}

TEST(World, ATimerThatFiredIntoAPauseCanStillBeCancelled) {
  ProbeWorld w(1, {[](Probe& p, Context& ctx) { p.timer = ctx.after(3_ms, Tick{1}); },
                   [](Probe& p, Context& ctx) { EXPECT_TRUE(ctx.cancel(p.timer)); }});
  w.act(1, 0);
  w.run_for({});
  w.world.pause(n1);
  w.act(1, 1);
  w.run_for(10_ms);
  w.world.resume(n1);
  w.run_for(10_ms);
  EXPECT_THAT(w.probe(1).whats(), ElementsAre("start"));
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(World, ASyncThatEndsDuringAPauseIsDurable) {
  ProbeWorld w(1, {[](Probe&, Context& ctx) {
                 ctx.save(Saved{1});
                 ctx.when_synced(Tick{1});
               }});
  w.act(1, 0);
  w.run_for({});
  w.world.pause(n1);
  w.run_for(10_ms);
  EXPECT_EQ(w.probe(1).seen.size(), 1U) << "the news waits";
  EXPECT_EQ(w.world.durable(n1).saved<Saved>()->value, 1U);
  w.world.resume(n1);
  w.run_for(10_ms);
  EXPECT_EQ(w.probe(1).seen.back().what, "tick 1");
}

TEST(World, AKilledNodeNeverReturns) {
  ProbeWorld w(1);
  w.world.kill(n1);
  w.world.restart(n1);
  w.run_for(10_ms);
  EXPECT_FALSE(w.world.is_up(n1));
}

TEST(World, OnlyTheWallClockJumps) {
  ProbeWorld w(1);
  const NodeClock before = w.world.clock(n1);
  w.world.jump_wall_clock(n1, -500_ms);
  const NodeClock after = w.world.clock(n1);
  EXPECT_EQ(before.monotonic(w.world.now()), after.monotonic(w.world.now()));
  EXPECT_EQ(before.wall(w.world.now()) - after.wall(w.world.now()), 500_ms);
}

TEST(World, AnUnknownMessageIsAnAssertion) {
  ProbeWorld w(1);
  w.world.inject(n1, {}, Saved{1});
  EXPECT_THROW(w.run_for(1_ms), AssertionFailed);
}

TEST(World, BandwidthMakesMessagesQueueAtTheUplink) {
  WorldConfig config = ProbeWorld::calm();
  config.network.bandwidth = 8'000;  // 1,000 bytes a second: 8 ms a ping
  ProbeWorld w(3, {[](Probe&, Context& ctx) {
                 ctx.send(n2, Ping{1});
                 ctx.send(n3, Ping{2});
               }},
               config);
  w.act(1, 0);
  w.run_for(50_ms);
  EXPECT_EQ(w.probe(2).seen.back().at, Time{} + 9_ms);
  EXPECT_EQ(w.probe(3).seen.back().at, Time{} + 17_ms);
}

TEST(World, ACopyGoesOnExactlyAsTheOriginal) {
  WorldConfig config = ProbeWorld::calm();
  config.network.latency = Latency::uniform({1_ms, 9_ms});
  config.network.duplicate = Probability::percent(20);
  ProbeWorld w(3, {[](Probe&, Context& ctx) {
                 ctx.append(Logged{ctx.rng().below(100)});
                 ctx.broadcast(Ping{ctx.rng().below(100)});
                 ctx.after(ctx.rng().between({1_ms, 3_ms}), Do{0});
               }},
               config);
  for (const std::uint32_t n : {1U, 2U, 3U}) w.act(n, 0);
  w.run_for(20_ms);
  ProbeWorld copy = w;
  w.run_for(20_ms);
  copy.run_for(20_ms);
  EXPECT_EQ(w.world.digest(), copy.world.digest());
  EXPECT_EQ(w.world.events(), copy.world.events());
  for (const std::uint32_t n : {1U, 2U, 3U}) {
    EXPECT_EQ(w.world.digest(NodeId{n}), copy.world.digest(NodeId{n}));
    EXPECT_EQ(w.probe(n).seen, copy.probe(n).seen);
  }
}

}  // namespace
}  // namespace seedbed
