// Clocks that freeze, change their rate or are disciplined, and the timers that run on them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/probe.h"

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using testing::Probe;
using testing::ProbeWorld;
using testing::Tick;

constexpr NodeId n1{1}, n2{2};
constexpr std::int64_t kTenPercent = 100'000'000;

ClockFault drift(std::vector<NodeId> nodes, std::int64_t ppb) {
  return {.gain_ppb = {ppb, ppb}, .nodes = std::move(nodes)};
}
ClockFault freeze(std::vector<NodeId> nodes) { return {.freeze = true, .nodes = std::move(nodes)}; }

Probe::Scripts timer_scripts() {
  return {[](Probe& p, Context& ctx) { p.timer = ctx.after(1_s, Tick{1}); },
          [](Probe& p, Context& ctx) { EXPECT_TRUE(ctx.cancel(p.timer)); },
          [](Probe&, Context& ctx) { ctx.after({}, Tick{2}); },
          [](Probe& p, Context& ctx) {
            for (std::uint64_t i = 1; i <= 5; ++i) ctx.after(1_s, Tick{i});
            p.timer = ctx.after(1_s, Tick{6});
          }};
}

Time last_seen(const ProbeWorld& w, std::uint32_t n) { return w.probe(n).seen.back().at; }

TEST(NodeClock, KeepsItsReadingWhenItsRateChanges) {
  NodeClock clock{.offset = 3_ms, .drift_ppb = 200'000, .wall_offset = 1_s};
  Rng rng(7);
  Time now;
  Time before = clock.monotonic(now);
  for (int i = 0; i < 1000; ++i) {
    now += rng.between({{}, 10_s});
    EXPECT_GE(clock.monotonic(now), before) << "it never steps back";
    before = clock.monotonic(now);
    const auto ppb = static_cast<std::int64_t>(rng.below(2 * kTenPercent)) - kTenPercent;
    clock.set_rate(now, i % 5 == 0 ? -NodeClock::kBillion : ppb);
    EXPECT_EQ(clock.monotonic(now), before);
    EXPECT_EQ(clock.wall(now), before + 1_s);
  }
}

TEST(NodeClock, IsDueAtTheFirstInstantThatReadsEnough) {
  Rng rng(3);
  for (int i = 0; i < 1000; ++i) {
    const auto ppb = static_cast<std::int64_t>(rng.below(2 * kTenPercent)) - kTenPercent;
    const NodeClock clock{.offset = {}, .drift_ppb = ppb};
    const Time now = Time{} + rng.between({{}, 100_s});
    const Duration local = rng.between({1_ns, 1_s});
    const Time due = clock.due(now, local);
    EXPECT_GE(clock.monotonic(due) - clock.monotonic(now), local);
    EXPECT_LE(clock.monotonic(due) - clock.monotonic(now), local + 2_ns);
    EXPECT_EQ(clock.due(now, {}), now);
  }
}

TEST(Clocks, ATimerWaitsWhileItsClockStandsStill) {
  ProbeWorld w(2, timer_scripts());
  w.act(1, 0);
  w.act(2, 0);
  w.run_for(400_ms);
  const std::uint32_t fault = w.world.add_clock_fault(freeze({n1}));
  const Time reading = w.world.clock(n1).monotonic(w.world.now());
  w.run_for(3_s);
  EXPECT_EQ(w.world.clock(n1).monotonic(w.world.now()), reading);
  EXPECT_EQ(w.world.clock(n1).wall(w.world.now()), reading);
  EXPECT_THAT(w.probe(1).whats(), ElementsAre("start"));
  EXPECT_EQ(last_seen(w, 2), Time{} + 1_s) << "the other's clock went on";
  w.world.remove_clock_fault(fault);
  w.run_for(10_s);
  EXPECT_EQ(last_seen(w, 1), Time{} + 4_s) << "600 ms were left when it froze";
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(Clocks, ATimerArmedOnAFrozenClockWaitsForTheThawAndOneOfNothingDoesNot) {
  ProbeWorld w(1, timer_scripts());
  const std::uint32_t fault = w.world.add_clock_fault(freeze({n1}));
  w.act(1, 0);
  w.act(1, 2);
  w.run_for(5_s);
  EXPECT_THAT(w.probe(1).whats(), ElementsAre("start", "tick 2"));
  w.world.remove_clock_fault(fault);
  w.run_for(5_s);
  EXPECT_EQ(last_seen(w, 1), Time{} + 6_s);
}

TEST(Clocks, FreezesNest) {
  ProbeWorld w(1, timer_scripts());
  w.act(1, 0);
  w.run_for(500_ms);
  const std::uint32_t a = w.world.add_clock_fault(freeze({n1}));
  const std::uint32_t b = w.world.add_clock_fault(freeze({n1}));
  w.run_for(1_s);
  w.world.remove_clock_fault(a);
  w.run_for(1_s);
  w.world.remove_clock_fault(b);
  w.world.remove_clock_fault(b);
  w.run_for(5_s);
  EXPECT_EQ(last_seen(w, 1), Time{} + 3_s);
}

TEST(Clocks, ATimerKeepsItsReadingWhenTheDriftChanges) {
  ProbeWorld w(2, timer_scripts());
  w.act(1, 0);
  w.act(2, 0);
  w.run_for(500_ms);
  const std::uint32_t fast = w.world.add_clock_fault(drift({n1}, 4 * kTenPercent));
  const std::uint32_t slow = w.world.add_clock_fault(drift({n2}, -2 * kTenPercent));
  w.run_for(3_s);
  EXPECT_EQ(last_seen(w, 1), Time{} + 500_ms + Duration(500'000'000 * 10LL / 14 + 1)) << "earlier";
  EXPECT_EQ(last_seen(w, 2), Time{} + 1125_ms) << "later";
  w.world.remove_clock_fault(fast);
  w.world.remove_clock_fault(slow);
  EXPECT_EQ(w.world.clock(n1).drift_ppb, 0);
  EXPECT_EQ(w.world.clock(n2).drift_ppb, 0);
  EXPECT_EQ(w.world.clock(n1).monotonic(w.world.now()), Time{} + 3500_ms + 1200_ms);
}

TEST(Clocks, AMovedTimerIsStillCancelledByItsId) {
  ProbeWorld w(1, timer_scripts());
  w.act(1, 0);
  w.run_for(500_ms);
  const std::uint32_t fault = w.world.add_clock_fault(freeze({n1}));
  w.act(1, 1);  // while it is frozen
  w.act(1, 0);
  w.run_for(1_s);
  w.world.remove_clock_fault(fault);
  w.run_for(100_ms);
  w.act(1, 1);  // after the thaw
  w.run_for(5_s);
  EXPECT_THAT(w.probe(1).whats(), ElementsAre("start"));
  EXPECT_EQ(w.world.living_payloads(), 0U);
}

TEST(Clocks, TimersOfOneInstantKeepTheirOrderWhenTheyMove) {
  ProbeWorld w(1, timer_scripts());
  w.act(1, 3);
  w.run_for(500_ms);
  w.world.add_clock_fault(drift({n1}, kTenPercent));
  w.run_for(5_s);
  EXPECT_THAT(w.probe(1).whats(),
              ElementsAre("start", "tick 1", "tick 2", "tick 3", "tick 4", "tick 5", "tick 6"));
}

/// However often the rate changes, a timer never comes before its reading, and hardly after it.
TEST(Clocks, ATimerIsExactWhateverTheRatesWere) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    ProbeWorld w(1, {[](Probe&, Context& ctx) { ctx.after(10_s, Tick{1}); }});
    w.act(1, 0);
    w.run_for({});
    Rng rng(seed);
    int changes = 0;
    while (w.probe(1).seen.size() == 1) {
      const auto ppb = static_cast<std::int64_t>(rng.below(4 * kTenPercent)) - 2 * kTenPercent;
      const std::uint32_t fault =
          w.world.add_clock_fault(rng.below(4) == 0 ? freeze({n1}) : drift({n1}, ppb));
      w.run_for(rng.between({1_ms, 500_ms}));
      w.world.remove_clock_fault(fault);
      changes += 2;
    }
    EXPECT_GT(changes, 20);
    // The clock's whole way up to then, which is what the rates added up to.
    EXPECT_LE(last_seen(w, 1), w.world.now());
    EXPECT_GE(w.world.clock(n1).monotonic(w.world.now()), Time{} + 10_s);
    EXPECT_LE(w.world.clock(n1).monotonic(last_seen(w, 1)) - Time{}, 11_s);
  }
}

TEST(Clocks, AFrozenWorldCopiesAndGoesOnAsTheOriginal) {
  ProbeWorld w(1, timer_scripts());
  w.act(1, 0);
  w.run_for(500_ms);
  const std::uint32_t fault = w.world.add_clock_fault(freeze({n1}));
  w.run_for(1_s);
  ProbeWorld copy(w);
  for (ProbeWorld* each : {&w, &copy}) {
    each->world.remove_clock_fault(fault);
    each->run_for(5_s);
  }
  EXPECT_EQ(w.world.digest(), copy.world.digest());
  EXPECT_EQ(last_seen(copy, 1), Time{} + 2_s);
}

// --- time daemons

WorldConfig disciplined(Duration skew, std::int64_t drift_ppb, Duration error = 1_ms) {
  WorldConfig config = ProbeWorld::calm();
  config.clocks = {.skew = skew, .drift_ppb = drift_ppb, .ntp = {.every = 64_s, .error = error}};
  return config;
}

Duration off(const World& world, NodeId n) {
  return world.clock(n).wall(world.now()) - world.now();
}
Duration magnitude(Duration d) { return d < Duration{} ? -d : d; }

TEST(TimeDaemon, BringsTheWallClockToTrueTimeAndHoldsItThere) {
  ProbeWorld w(20, {}, disciplined(50_ms, 200'000));
  Duration worst_at_first;
  for (std::uint32_t id = 1; id <= 20; ++id) {
    worst_at_first = std::max(worst_at_first, magnitude(off(w.world, {id})));
  }
  EXPECT_GT(worst_at_first, 20_ms);
  w.run_for(3'600_s);
  for (int minute = 0; minute < 60; ++minute) {
    w.run_for(60_s);
    for (std::uint32_t id = 1; id <= 20; ++id) {
      EXPECT_LT(magnitude(off(w.world, {id})), 4_ms) << "n" << id << " at minute " << minute;
    }
  }
}

TEST(TimeDaemon, WithoutOneTheClocksPart) {
  WorldConfig config = disciplined(50_ms, 200'000);
  config.clocks.ntp = {};
  ProbeWorld w(20, {}, config);
  w.run_for(7'200_s);
  Duration worst;
  for (std::uint32_t id = 1; id <= 20; ++id) worst = std::max(worst, magnitude(off(w.world, {id})));
  EXPECT_GT(worst, 1_s) << "200 ppm in two hours is 1.4 s";
}

TEST(TimeDaemon, SlewsWithinItsLimitAndNeverStepsTheMonotonicClock) {
  ProbeWorld w(5, {}, disciplined(100_ms, 0));
  std::vector<Time> last(6);
  for (int second = 0; second < 1000; ++second) {
    w.run_for(1_s);
    for (std::uint32_t id = 1; id <= 5; ++id) {
      const Time reading = w.world.clock({id}).monotonic(w.world.now());
      if (second > 0) {
        EXPECT_LE(magnitude(reading - last[id] - 1_s), 500_us + 2_ns);
      }
      last[id] = reading;
      EXPECT_EQ(w.world.clock({id}).wall_offset, Duration{}) << "100 ms is no matter of steps";
    }
  }
}

TEST(TimeDaemon, StepsTheWallClockWhereItIsFarOff) {
  ProbeWorld w(2, {}, disciplined({}, 0, {}));
  w.run_for(100_s);
  w.world.jump_wall_clock(n1, 10_s);
  w.run_for(64_s);
  EXPECT_EQ(off(w.world, n1), Duration{});
  EXPECT_EQ(w.world.clock(n1).monotonic(w.world.now()), w.world.now());
}

TEST(TimeDaemon, AClockThatStoodStillIsSteppedForwardAfterwards) {
  ProbeWorld w(2, {}, disciplined({}, 0, {}));
  const std::uint32_t fault = w.world.add_clock_fault(freeze({n1}));
  w.run_for(200_s);
  EXPECT_EQ(off(w.world, n1), Duration(-200'000'000'000)) << "no daemon runs on it meanwhile";
  w.world.remove_clock_fault(fault);
  w.run_for(64_s);
  EXPECT_EQ(off(w.world, n1), Duration{});
  EXPECT_EQ(w.world.now() - w.world.clock(n1).monotonic(w.world.now()), 200_s);
}

}  // namespace
}  // namespace seedbed
