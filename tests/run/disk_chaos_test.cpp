// The correct Raft on bad disks: what it survives, what it stops over, and what nobody can survive.
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

TEST(DiskChaos, RaftSurvivesDisksThatFail) {
  std::map<std::string_view, std::uint64_t> hit;
  std::uint64_t failed_syncs = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    seedbed::Run run(testing::read("raft/bad-disks.yaml", seed));
    run.to_end();
    const Result result = judge(run);
    ASSERT_EQ(result.verdict, Verdict::kPass) << "seed " << seed;
    for (const FaultRecord& fault : result.faults) hit[fault.name] += !fault.on.empty();
    for (const auto& [name, count] : run.world().metrics())
      failed_syncs += name == "failed_syncs" ? count : 0;
  }
  for (const char* name : {"disk_full", "disk_error", "disk_slow", "torn_write"}) {
    EXPECT_GT(hit[name], 100U) << name;
  }
  EXPECT_GT(failed_syncs, 500U);
}

TEST(DiskChaos, ARaftServerWhoseDiskIsDamagedStops) {
  std::uint64_t stopped = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    seedbed::Run run(testing::read("raft/rotten-disks.yaml", seed));
    run.to_end();
    ASSERT_EQ(judge(run).verdict, Verdict::kPass) << "seed " << seed;
    for (std::uint32_t n = 1; n <= 5; ++n) {
      const World& world = run.world();
      stopped += !world.is_up({n});
      EXPECT_TRUE(world.is_up({n}) || world.durable({n}).damaged()) << n;
    }
  }
  EXPECT_GT(stopped, 100U);
}

/// A lie is beyond what any protocol of crash-recovery can detect: the expectation is a violation,
/// in some seed.
TEST(DiskChaos, ALieBreaksTheCorrectRaft) {
  constexpr std::string_view kText =
      "name: lies\nprotocol: raft\nnodes: 3\nduration: 10s\nsettle: 5s\n"
      "workload: { kind: kv, clients: 4, rate: 60/s, keys: 3 }\nchaos:\n"
      "  - { at: 0s, sync_lies: all }\n"
      "  - { every: 300ms..900ms, until: 9s, crash: random, for: 10ms..100ms }\n"
      "  - { every: 300ms..900ms, until: 9s, isolate: random, for: 400ms }\n";
  const ReadResult read = read_scenario("lies.yaml", kText, {});
  ASSERT_TRUE(read.scenario);
  std::uint64_t broken = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto scenario = std::make_shared<Scenario>(*read.scenario);
    scenario->world.seed = seed;
    seedbed::Run run(scenario);
    run.to_end();
    broken += judge(run).verdict == Verdict::kFail;
  }
  EXPECT_GT(broken, 0U);
}

}  // namespace
}  // namespace seedbed
