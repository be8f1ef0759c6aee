// Raft over many seeds: everything at once, and the correct protocol where its mutants die.
#include <gtest/gtest.h>

#include <map>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed::raft {
namespace {

struct Totals {
  Duration simulated;
  std::uint64_t ok = 0;
  std::map<std::string, std::uint64_t> metrics;
};

/// Each seed passes, undecided by no check, and goes on to be of use.
void run_seeds(const std::string& name, std::uint64_t seeds, Totals& totals) {
  const auto scenario = testing::read_correct(name);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    auto seeded = std::make_shared<Scenario>(*scenario);
    seeded->world.seed = seed;
    seedbed::Run run(seeded);
    run.to_end();
    const Result result = judge(run);
    EXPECT_EQ(result.verdict, Verdict::kPass)
        << name << " seed " << seed << ": "
        << (result.first_violation ? result.first_violation->message : "unknown");
    totals.simulated += result.simulated - Time{};
    totals.ok += result.ok;
    for (const auto& [metric, count] : result.metrics) totals.metrics[metric] += count;
  }
}

/// Nothing that the scenario is for was idle.
void expect_all_of_it(const Totals& totals, std::uint64_t seeds) {
  for (const char* metric : {"leaders", "pre_votes", "step_downs", "transfers", "changes",
                             "snapshots", "snapshots_installed"}) {
    EXPECT_GE(totals.metrics.at(metric), seeds / 4) << metric;
  }
  EXPECT_GT(totals.ok, seeds * 500);
}

TEST(Everything, IsLinearizableOver20Seeds) {
  Totals totals;
  run_seeds("raft/everything.yaml", 20, totals);
  expect_all_of_it(totals, 20);
}

TEST(EverythingLong, IsLinearizableOver1000SeedsAnd8Hours) {
  Totals totals;
  run_seeds("raft/everything.yaml", 1000, totals);
  expect_all_of_it(totals, 1000);
  EXPECT_GE(totals.simulated, 3600_s * 8);
}

class CorrectLong : public ::testing::TestWithParam<std::string> {};

TEST_P(CorrectLong, PassesOver10000Seeds) {
  Totals totals;
  run_seeds(GetParam(), 10'000, totals);
  EXPECT_GT(totals.ok, 10'000U);
}

std::vector<std::string> mutant_scenarios() {
  std::vector<std::string> files = testing::scenario_files();
  std::erase_if(files, [](const std::string& f) { return !f.starts_with("raft/mutants/"); });
  return files;
}

INSTANTIATE_TEST_SUITE_P(Raft, CorrectLong, ::testing::ValuesIn(mutant_scenarios()),
                         [](const auto& tested) { return testing::test_name(tested.param); });

}  // namespace
}  // namespace seedbed::raft
