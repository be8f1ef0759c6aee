// The clients: how often they ask, for what, and what they make of the answers.
#include "sim/workload/kv_client.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

std::vector<Operation> history_of(const WorkloadConfig& config, Duration duration = 20_s,
                                  std::uint64_t seed = 1) {
  auto scenario = testing::quiet(*find_protocol("raft"), 3);
  scenario->world.seed = seed;
  scenario->duration = duration;
  scenario->settle = 4_s;
  scenario->workload = config;
  seedbed::Run run(scenario);
  run.to_end();
  return run.world().history().operations();
}

TEST(KvClient, AnOpenLoopKeepsItsRateWhateverTheAnswersDo) {
  const auto operations = history_of({.clients = 4, .rate_millihertz = 200'000});
  EXPECT_NEAR(static_cast<double>(operations.size()), 4000, 200);
}

TEST(KvClient, AClosedLoopHasOneOperationAClientAtATime) {
  const auto operations = history_of({.clients = 3, .think = 5_ms});
  std::map<NodeId, Time> free_at;
  for (const Operation& op : operations) {
    if (op.invoked_at > Time{} + 20_s) continue;  // the read-back asks for all keys at once
    EXPECT_GE(op.invoked_at, free_at[op.client]);
    free_at[op.client] = op.returned_at + 5_ms;
  }
  EXPECT_EQ(free_at.size(), 3U);
  EXPECT_GT(operations.size(), 1000U);
}

/// Idle for longer than a session lives, each client opens one after another.
TEST(KvClient, OpensASessionWhereItMust) {
  auto scenario = testing::quiet(*find_protocol("raft"), 3);
  for (std::size_t i = 0; i < scenario->parameters.size(); ++i) {
    if (scenario->protocol->parameters[i].name == "session_timeout") {
      scenario->parameters[i] = {(500_ms).count(), 0};
    }
  }
  scenario->workload = WorkloadConfig{.clients = 4, .rate_millihertz = 8'000};
  seedbed::Run run(scenario);
  run.to_end();
  const Result result = judge(run);
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_GT(result.ok, 200U);
  EXPECT_EQ(result.info, 0U) << "it knows how long a session lives";
}

TEST(KvClient, TheQuotaIsExact) {
  const auto operations = history_of({.clients = 3, .keys = 2, .operations = 100});
  EXPECT_EQ(operations.size(), 100U + 2U) << "and one read of each key at the end";
}

TEST(KvClient, TheMixAndTheKeysAreAsConfigured) {
  WorkloadConfig config{.clients = 4, .rate_millihertz = 500'000, .keys = 10};
  config.mix = {Probability::percent(20), Probability::percent(70), Probability::percent(10)};
  config.distribution = KeyDistribution::kZipf;
  config.zipf_permille = 1000;
  std::map<kv::Function, int> functions;
  std::map<kv::Key, int> keys;
  const auto operations = history_of(config);
  for (const Operation& op : operations) {
    ++functions[op.command.function];
    ++keys[op.command.key];
  }
  const double n = static_cast<double>(operations.size());
  EXPECT_NEAR(functions[kv::Function::kRead] / n, 0.2, 0.02);
  EXPECT_NEAR(functions[kv::Function::kWrite] / n, 0.7, 0.02);
  EXPECT_NEAR(functions[kv::Function::kCas] / n, 0.1, 0.02);
  for (kv::Key k = 0; k < 10; ++k) EXPECT_NEAR(keys[k] / n, 1.0 / (k + 1) / 2.929, 0.02) << k;
}

TEST(KvClient, NoTwoWritesHaveTheSameValue) {
  std::set<kv::Value> values;
  for (const Operation& op : history_of({.clients = 5, .rate_millihertz = 200'000})) {
    if (op.command.function == kv::Function::kRead) continue;
    EXPECT_TRUE(values.insert(op.command.value).second) << op.command.value;
  }
  EXPECT_GT(values.size(), 1000U);
}

TEST(KvClient, EveryKeyIsReadBackAfterTheSettling) {
  std::set<kv::Key> read;
  for (const Operation& op : history_of({.clients = 2, .rate_millihertz = 50'000, .keys = 6})) {
    if (op.invoked_at < Time{} + 22_s) continue;
    EXPECT_EQ(op.command.function, kv::Function::kRead);
    EXPECT_EQ(op.completion, Completion::kOk);
    read.insert(op.command.key);
  }
  EXPECT_EQ(read.size(), 6U);
}

TEST(KvClient, WhatNobodyAnswersIsUnknownUnlessItWasARead) {
  auto scenario = testing::quiet(*find_protocol("raft"), 3);
  scenario->duration = 5_s;
  scenario->world.network.loss = Probability::percent(100);
  scenario->workload = WorkloadConfig{.rate_millihertz = 100'000};
  seedbed::Run run(scenario);
  run.to_end();
  for (const Operation& op : run.world().history().operations()) {
    const bool read = op.command.function == kv::Function::kRead;
    EXPECT_EQ(op.completion, read ? Completion::kFail : Completion::kInfo);
  }
}

}  // namespace
}  // namespace seedbed
