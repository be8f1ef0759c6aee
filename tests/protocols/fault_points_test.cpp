// Every cooperative fault point of a protocol is reached and taken, and the correct one lives with
// it.
#include <gtest/gtest.h>

#include <map>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

class FaultPoints : public ::testing::TestWithParam<const Protocol*> {};

TEST_P(FaultPoints, AreAllReachedAndTakenAndTheCorrectProtocolLivesWithThem) {
  if (GetParam()->fault_points.empty()) GTEST_SKIP() << "it has none";
  const std::string name = fmt::format("{}/fault-points.yaml", GetParam()->name);
  std::map<std::string_view, FaultPointCount> totals;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    seedbed::Run run(testing::read(name, seed));
    run.to_end();
    const Result result = judge(run);
    EXPECT_EQ(result.verdict, Verdict::kPass) << "seed " << seed;
    const bool serves = !GetParam()->workload.empty();  // else it runs by itself
    EXPECT_TRUE(!serves || result.ok > 500) << "seed " << seed;
    ASSERT_EQ(result.fault_points.size(), GetParam()->fault_points.size())
        << "one is reached that the protocol does not list";
    for (const FaultPointCount& point : result.fault_points) {
      totals[point.name].reached += point.reached;
      totals[point.name].taken += point.taken;
    }
  }
  EXPECT_EQ(totals.size(), GetParam()->fault_points.size());
  for (const auto& total : totals) {
    EXPECT_GT(total.second.reached, 50U) << total.first;
    EXPECT_GT(total.second.taken, 2U) << total.first;
    EXPECT_LT(total.second.taken * 5, total.second.reached) << total.first << ": 5 % are asked for";
  }
}

INSTANTIATE_TEST_SUITE_P(Registry, FaultPoints,
                         ::testing::ValuesIn(all_protocols().begin(), all_protocols().end()),
                         [](const auto& tested) { return std::string(tested.param->name); });

}  // namespace
}  // namespace seedbed
