// The clients of transactions: what they ask for, how the history tells it, and that the history
// alone convicts a protocol that breaks a rule.
#include "sim/workload/txn_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/trace/jepsen_history.h"
#include "sim/workload/workload.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

std::shared_ptr<Scenario> calm(const WorkloadConfig& config, Duration duration = 10_s) {
  auto scenario = testing::quiet(*find_protocol("two_phase_commit"), 4);
  scenario->duration = duration;
  scenario->settle = 4_s;
  scenario->world.network.latency = Latency::uniform({1_ms, 3_ms});
  scenario->workload = config;
  return scenario;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(TxnClient, ABankIsToldInJepsensWords) {
  seedbed::Run run(calm({.clients = 2,
                         .rate_millihertz = 20'000,
                         .keys = 3,
                         .kind = &kBankWorkload,
                         .bank = {.reads = Probability::percent(50)}}));
  run.to_end();
  const std::string text = jepsen_history(run.world().history());
  EXPECT_THAT(text, ::testing::HasSubstr(":type :invoke, :f :transfer, :value {:from "));
  EXPECT_THAT(text, ::testing::HasSubstr(":type :invoke, :f :read, :value nil}"));
  EXPECT_THAT(text, ::testing::HasSubstr(":type :ok, :f :read, :value {0 "));
  const Result result = judge(run);
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_GT(result.ok, 150U);
}

TEST(TxnClient, NoValueIsWrittenToAKeyTwiceAndKeysAreRetired) {
  for (const TxnModel model : {TxnModel::kListAppend, TxnModel::kRwRegister}) {
    WorkloadConfig config{.clients = 3, .rate_millihertz = 50'000, .keys = 5};
    config.kind = &kTxnWorkload;
    config.txn.model = model;
    config.txn.key_life = 20;
    seedbed::Run run(calm(config));
    run.to_end();
    std::set<std::pair<std::string, std::string>> written;
    std::set<int> keys;
    for (const std::string& line : lines_of(jepsen_history(run.world().history()))) {
      if (line.find(":invoke") == line.npos) continue;
      const std::string verb = model == TxnModel::kListAppend ? "[:append " : "[:w ";
      for (auto at = line.find(verb); at != line.npos; at = line.find(verb, at + 1)) {
        std::istringstream words(line.substr(at + verb.size()));
        std::string key, value;
        words >> key >> value;
        EXPECT_TRUE(written.emplace(key, value).second) << line;
        keys.insert(std::stoi(key));
      }
    }
    EXPECT_GT(written.size(), 300U);
    EXPECT_GT(keys.size(), 30U) << "10 s, 50/s, 3 clients: some 8 generations of 5 keys";
    EXPECT_EQ(judge(run).verdict, Verdict::kPass);
  }
}

TEST(TxnClient, TheSameOperationsAreAskedForWhateverTheAnswersAre) {
  const WorkloadConfig config{.clients = 3, .rate_millihertz = 50'000, .kind = &kTxnWorkload};
  auto lossy = calm(config);
  lossy->world.network.loss = Probability::percent(20);
  seedbed::Run a(calm(config)), b(lossy);
  a.to_end();
  b.to_end();
  const auto asked = [](const seedbed::Run& run) {
    std::multiset<std::string> values;
    for (const Operation& op : run.world().history().operations()) {
      if (op.invoked_at < Time{} + 10_s) values.emplace(op.asked);
    }
    return values;
  };
  EXPECT_EQ(asked(a), asked(b));
  EXPECT_GT(b.world().history().count(Completion::kInfo), 0U);
  EXPECT_EQ(judge(b).verdict, Verdict::kPass);
}

/// No invariant looks at these runs: only what the clients saw.
TEST(TxnClient, TheHistoryAloneConvicts) {
  struct Case {
    std::string scenario, check;
  };
  for (const auto& [name, check] :
       {Case{"two_phase_commit/mutants/releases-early.yaml", "bank"},
        Case{"two_phase_commit/mutants/commits-on-timeout.yaml", "bank"},
        Case{"two_phase_commit/mutants/counts-majority.yaml", "serializable"}}) {
    bool convicted = false;
    for (std::uint64_t seed = 1; seed <= 100 && !convicted; ++seed) {
      auto scenario = testing::read(name, seed);
      scenario->checks = {check};
      seedbed::Run run(scenario);
      run.to_end();
      const Result result = judge(run);
      convicted = result.first_violation && result.first_violation->check == check;
    }
    EXPECT_TRUE(convicted) << name << " by " << check;
  }
}

}  // namespace
}  // namespace seedbed
