// Fault points where they are not asked for; and servers that join and leave.
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

TEST(RaftFaultPoints, ThoseThatAreNotAskedForAreReachedAndNotTaken) {
  auto scenario = testing::read("raft/fault-points.yaml");
  scenario->world.fault_points.only = {"early_heartbeat"};
  seedbed::Run run(scenario);
  run.to_end();
  for (const FaultPointCount& point : judge(run).fault_points) {
    EXPECT_EQ(point.active && point.taken > 0, point.name == "early_heartbeat") << point.name;
  }
}

TEST(RaftFaultPoints, AreNotToldOfWhereTheyAreOff) {
  auto scenario = testing::read("raft/fault-points.yaml");
  scenario->world.fault_points = {};
  seedbed::Run run(scenario);
  run.to_end();
  EXPECT_TRUE(judge(run).fault_points.empty());
}

/// A spare that joins becomes a voter, and one of the first may leave.
TEST(RaftMembership, AGrowingClusterKeepsItsPromises) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    seedbed::Run run(testing::read("raft/growing-cluster.yaml", seed));
    run.to_end();
    const Result result = judge(run);
    EXPECT_EQ(result.verdict, Verdict::kPass) << "seed " << seed;
    const World& world = run.world();
    EXPECT_TRUE(world.is_up({4}) && world.is_up({5}));
    EXPECT_FALSE(world.is_up({1}));
    int leading = 0;
    for (std::uint32_t id = 2; id <= 5; ++id) {
      leading += world.process({id})->role() == "leader" ? 1 : 0;
    }
    EXPECT_EQ(leading, 1) << "seed " << seed;
  }
}

}  // namespace
}  // namespace seedbed
