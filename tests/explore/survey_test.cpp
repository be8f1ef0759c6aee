#include "sim/explore/survey.h"

#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

TEST(Survey, OneSeedIsItsRun) {
  const auto scenario = testing::read("raft/isolated-leader.yaml", 7);
  seedbed::Run run(scenario);
  run.to_end();
  const Result result = judge(run);
  const Survey s = survey(*scenario, 7, 7);
  EXPECT_EQ(s.runs, 1U);
  EXPECT_EQ(s.pass, 1U);
  EXPECT_EQ(s.unexpected, 0U);
  EXPECT_EQ(s.acknowledged, result.ok);
  EXPECT_EQ(s.throughput_millihertz, result.throughput_millihertz);
  EXPECT_EQ(s.latency_p50, result.latency->p50);
  EXPECT_EQ(s.latency_p99, result.latency->p99);
  EXPECT_EQ(s.messages_per_thousand, result.messages.sent * 1000 / result.ok);
}

TEST(Survey, CountsWhatEndedOtherwiseThanExpected) {
  auto scenario = testing::read("raft/isolated-leader.yaml");
  scenario->duration = 8_s;
  scenario->mutant = "acknowledges-early";
  const Survey s = survey(*scenario, 1, 5);
  EXPECT_EQ(s.runs, 5U);
  EXPECT_EQ(s.pass + s.fail + s.unknown, 5U);
  EXPECT_EQ(s.unexpected, 5U - s.pass);
}

}  // namespace
}  // namespace seedbed
