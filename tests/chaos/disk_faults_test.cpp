// Each fault of disks on one of four nodes, two of which echo to each other and two others
// likewise: what it does, that it ends when it should, and that the other two never notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/chaos/injector.h"
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
using testing::Tick;

constexpr NodeId n2{2}, n3{3}, n4{4};

/// Writes, tells its partner once that is durable, and does it again.
void beat(Probe& probe, Context& ctx) {
  const std::uint64_t number = ++probe.recovered_value;
  ctx.append(Logged{number});
  ctx.save(Saved{number});
  ctx.send(NodeId{((ctx.self().value - 1) ^ 1) + 1}, Ping{number});
  ctx.when_synced(Tick{number});
  ctx.after(3_ms, Do{0});
}

struct Echo {
  explicit Echo(std::optional<Fault> fault = std::nullopt, std::uint64_t seed = 1)
      : w(4, {beat}, config(seed)), injector(plan(std::move(fault)), seed) {
    injector.start(w.world);
    for (std::uint32_t n = 1; n <= 4; ++n) w.act(n, 0);
  }
  static WorldConfig config(std::uint64_t seed) {
    WorldConfig config = ProbeWorld::calm();
    config.seed = seed;
    config.disk.sync = {1_ms, 2_ms};
    return config;
  }
  static std::shared_ptr<const ChaosPlan> plan(std::optional<Fault> fault) {
    ChaosPlan plan;
    if (fault) {
      ChaosEntry& entry = plan.emplace_back();
      entry.at = Time{} + 1_s;
      entry.one_of = {*fault};
    }
    return std::make_shared<const ChaosPlan>(std::move(plan));
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
  /// How many pings have reached n1 from n2.
  std::size_t heard() const {
    const std::vector<std::string> whats = w.probe(1).whats();
    return static_cast<std::size_t>(std::count_if(
        whats.begin(), whats.end(), [](const auto& what) { return what.starts_with("ping"); }));
  }
  std::uint64_t failed_syncs() const {
    for (const auto& [name, count] : w.world.metrics()) {
      if (name == "failed_syncs") return count;
    }
    return 0;
  }
  Recovered disk() const { return w.world.durable(n2); }

  ProbeWorld w;
  Injector injector;
};

Fault on_n2(const FaultInfo& info, std::optional<Duration> lasts = std::nullopt) {
  Fault fault;
  fault.info = &info;
  fault.who = {.kind = Selector::Kind::kNodes, .nodes = {n2}, .role = ""};
  if (lasts) fault.lasts = Range<Duration>{*lasts, *lasts};
  fault.chance = Probability::percent(100);
  fault.entries = 3;
  return fault;
}

TEST(DiskFaults, OthersNeverNotice) {
  Echo calm;
  calm.run_for(4_s);
  for (const FaultInfo* info :
       {&faults::kDiskFull, &faults::kDiskError, &faults::kTornWrite, &faults::kLoseTail,
        &faults::kBitRot, &faults::kSyncLies, &faults::kMisdirect}) {
    Echo echo(on_n2(*info, 500_ms));
    echo.run_for(4_s);
    ASSERT_EQ(echo.injector.records().size(), 1U);
    EXPECT_THAT(echo.injector.records()[0].on, ElementsAre(n2)) << info->name;
    EXPECT_EQ(echo.w.world.digest(n3), calm.w.world.digest(n3)) << info->name;
    EXPECT_EQ(echo.w.world.digest(n4), calm.w.world.digest(n4)) << info->name;
    const bool ends = info->end != nullptr;
    EXPECT_EQ(echo.injector.records()[0].until,
              ends ? std::optional(Time{} + 1500_ms) : std::nullopt);
  }
}

TEST(DiskFaults, AFullDiskBringsItsServiceDownUntilThereIsRoom) {
  Echo echo(on_n2(faults::kDiskFull, 2_s));
  echo.run_for(1100_ms);
  EXPECT_FALSE(echo.w.world.is_up(n2));
  EXPECT_EQ(echo.failed_syncs(), 1U);
  const std::size_t before = echo.heard();
  echo.run_for(1_s);
  EXPECT_TRUE(echo.w.world.is_up(n2)) << "it is started again a second later";
  EXPECT_EQ(echo.w.probe(2).recovered_log.last_index(), before) << "what it told is what it has";
  echo.w.act(2, 0);
  echo.run_for(100_ms);
  EXPECT_FALSE(echo.w.world.is_up(n2)) << "there still is no room";
  echo.run_for(1_s);
  echo.w.act(2, 0);
  echo.run_for(100_ms);
  EXPECT_GT(echo.heard(), before);
  EXPECT_EQ(echo.failed_syncs(), 2U);
}

TEST(DiskFaults, WhoCannotReadItsDiskDoesNotStart) {
  Echo echo(on_n2(faults::kDiskError, 2500_ms));
  for (int i = 0; i < 3; ++i) {
    echo.run_for(1100_ms);
    EXPECT_FALSE(echo.w.world.is_up(n2)) << i;
  }
  echo.run_for(1_s);
  EXPECT_TRUE(echo.w.world.is_up(n2));
  EXPECT_EQ(echo.failed_syncs(), 1U);
}

TEST(DiskFaults, ATornCrashLeavesAPart) {
  std::set<std::int64_t> left;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Echo calm(std::nullopt, seed), echo(on_n2(faults::kTornWrite, 1_s), seed);
    calm.run_for(1_s);
    echo.run_for(3_s);
    EXPECT_TRUE(echo.w.world.is_up(n2));
    const auto had = static_cast<std::int64_t>(calm.disk().log<Logged>().last_index());
    const auto has = static_cast<std::int64_t>(echo.w.probe(2).recovered_log.last_index());
    EXPECT_FALSE(echo.disk().damaged());
    left.insert(has - had);
  }
  EXPECT_THAT(left, ElementsAre(0, 1)) << "nothing that was synced is lost";
}

TEST(DiskFaults, RotIsKnownAtTheNextStart) {
  Echo echo(on_n2(faults::kBitRot));
  echo.run_for(990_ms);
  EXPECT_FALSE(echo.disk().damaged());
  const std::uint64_t before = echo.disk().log<Logged>().last_index();
  echo.run_for(20_ms);
  EXPECT_TRUE(echo.disk().damaged());
  EXPECT_TRUE(echo.w.world.is_up(n2)) << "nobody has read it";
  EXPECT_LT(echo.disk().log<Logged>().last_index(), before) << "up to the first that is damaged";
  EXPECT_EQ(echo.injector.records()[0].detail, "3 bits each");
}

TEST(DiskFaults, ALieIsFoundOutByACrash) {
  Echo echo(on_n2(faults::kSyncLies, 1_s));
  echo.run_for(1900_ms);
  const std::uint64_t told = echo.heard();
  EXPECT_GT(told, 600U);
  EXPECT_LT(echo.disk().log<Logged>().last_index(), 340U);
  Echo lucky = echo;
  echo.w.world.crash(n2, {});
  echo.w.world.restart(n2);
  echo.run_for(10_ms);
  EXPECT_LT(echo.w.probe(2).recovered_log.last_index(), 340U);
  EXPECT_FALSE(echo.disk().damaged()) << "no disk can tell";
  lucky.run_for(150_ms);
  EXPECT_GE(lucky.disk().log<Logged>().last_index(), told) << "the end of the fault wrote it";
}

TEST(DiskFaults, AWriteThatGoesAstrayDamagesTwoThings) {
  Echo echo(on_n2(faults::kMisdirect, 20_ms));
  echo.run_for(990_ms);
  EXPECT_FALSE(echo.disk().damaged());
  echo.run_for(60_ms);
  EXPECT_TRUE(echo.disk().damaged());
  EXPECT_LT(echo.disk().log<Logged>().last_index(), 340U);
}

}  // namespace
}  // namespace seedbed
