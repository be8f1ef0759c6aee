// The clients of a distributed hash table: what they ask for, how the history tells it, and what is
// judged of it.
#include "sim/workload/lookup_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/trace/jepsen_history.h"
#include "sim/workload/workload.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<Scenario> calm(const WorkloadConfig& config) {
  auto scenario = testing::quiet(*find_protocol("chord"), 8);
  scenario->duration = 10_s;
  scenario->settle = 4_s;
  scenario->world.network.latency = Latency::uniform({1_ms, 3_ms});
  scenario->workload = config;
  scenario->workload->kind = &kLookupWorkload;
  return scenario;
}

TEST(LookupClient, LooksUpPutsAndGetsItsOwnBlocks) {
  seedbed::Run run(calm({.clients = 2, .rate_millihertz = 20'000, .keys = 30}));
  run.to_end();
  std::set<std::string_view> put;
  std::map<std::string_view, int> asked;
  for (const Operation& op : run.world().history().operations()) {
    ++asked[op.function];
    EXPECT_EQ(op.completion, Completion::kOk);
    if (op.function == "put") {
      EXPECT_TRUE(put.insert(op.asked).second) << "a block is put once";
    } else if (op.function == "get") {
      EXPECT_TRUE(put.contains(op.asked)) << op.asked;
      EXPECT_THAT(std::string(op.answered), HasSubstr(" true]"));
    }
  }
  EXPECT_GT(asked["lookup"], 60);
  EXPECT_GT(asked["put"], 20);
  EXPECT_GT(asked["get"], 20);
  const std::string text = jepsen_history(run.world().history());
  EXPECT_THAT(text, HasSubstr(":type :invoke, :f :lookup, :value "));
  EXPECT_THAT(text, HasSubstr(":type :ok, :f :lookup, :value ["));
}

TEST(LookupClient, WhatIsAskedWhenTheRunHasSettledIsJudged) {
  const auto scenario = calm({.clients = 3, .keys = 30, .operations = 40});
  scenario->checks = {"lookup", "stored"};
  seedbed::Run run(scenario);
  run.to_end();
  const Time judged = Time{} + scenario->duration + scenario->settle / 2;
  int late = 0;
  for (const Operation& op : run.world().history().operations()) late += op.invoked_at >= judged;
  EXPECT_GE(late, 3 * 8) << "each client asks once more";
  EXPECT_EQ(judge(run).verdict, Verdict::kPass);
}

TEST(LookupClient, AnOwnerThatIsNoneIsFound) {
  const auto scenario = calm({.clients = 3, .keys = 100, .operations = 10});
  scenario->mutant = "finger-as-owner";
  scenario->nodes = 30;
  scenario->checks = {"lookup"};
  seedbed::Run run(scenario);
  run.to_end();
  const Result result = judge(run);
  ASSERT_TRUE(result.first_violation);
  EXPECT_EQ(result.first_violation->check, "lookup");
  EXPECT_THAT(result.first_violation->message, HasSubstr(" was found for key "));
}

TEST(LookupClient, DoesWhatIsListed) {
  auto config = WorkloadConfig{.clients = 1};
  config.listed.push_back({Time{} + 1_s, 0, {}, "put", "17"});
  config.listed.push_back({Time{} + 2_s, 0, {}, "get", "17"});
  config.listed.push_back({Time{} + 3_s, 0, {}, "get", "18"});
  seedbed::Run run(calm(config));
  run.to_end();
  const auto operations = run.world().history().operations();
  ASSERT_EQ(operations.size(), 3U);
  EXPECT_EQ(operations[0].answered, "[17 true]");
  EXPECT_EQ(operations[1].answered, "[17 true]");
  EXPECT_EQ(operations[2].answered, "[18 nil]");
  EXPECT_EQ(operations[2].invoked_at, Time{} + 3_s);
}

}  // namespace
}  // namespace seedbed
