// What every protocol gets for being registered: smoke, determinism, mutants that die by the
// invariant that they name, and no invariant that nothing breaks.
#include <gtest/gtest.h>

#include <set>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/workload/workload.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

std::string failures(const Result& result) {
  std::string text;
  for (const CheckResult& check : result.checks) {
    if (check.verdict == Verdict::kPass) continue;
    text += fmt::format("{} {}: {}\n", check.name, name_of(check.verdict), check.note);
    for (const Violation& v : check.violations) text += "  " + v.message + "\n";
  }
  return text;
}

class Protocols : public ::testing::TestWithParam<const Protocol*> {};

TEST_P(Protocols, RunInGoodWeather) {
  auto scenario = testing::quiet(*GetParam(), 5);
  scenario->duration = 10_s;
  scenario->settle = 2_s;
  const bool serves = !GetParam()->workload.empty();  // else it runs by itself
  if (serves) scenario->workload = WorkloadConfig{.rate_millihertz = 100'000};
  for (const Workload* w : all_workloads()) {
    if (serves && w->service == GetParam()->workload) scenario->workload->kind = w;
  }
  if (serves && scenario->workload->kind == &kTxnWorkload)
    scenario->workload->keys = 40;  // few conflicts
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    scenario->world.seed = seed;
    seedbed::Run run(scenario);
    run.to_end();
    const Result result = judge(run);
    EXPECT_EQ(result.verdict, Verdict::kPass) << "seed " << seed << "\n" << failures(result);
    EXPECT_TRUE(!serves || result.ok > 500) << result.ok;
  }
}

TEST_P(Protocols, AreDocumented) {
  const Protocol& p = *GetParam();
  EXPECT_FALSE(p.title.empty() || p.paper.empty() || p.about.empty());
  for (const Parameter& parameter : p.parameters) EXPECT_FALSE(parameter.about.empty());
  for (const InvariantInfo& i : p.invariants) EXPECT_FALSE(i.about.empty() || i.source.empty());
  for (const MeasureInfo& m : p.measures) EXPECT_FALSE(m.about.empty() || m.source.empty());
  for (const ProtocolAction& a : p.actions) {
    EXPECT_FALSE(a.about.empty() || a.source.empty() || a.who.empty()) << a.name;
    EXPECT_NE(a.act, nullptr) << a.name;
    for (const FaultInfo* fault : all_faults()) {
      for (const FaultField& field : fault->fields) EXPECT_NE(a.name, field.name);
    }
  }
  for (const char* file : {"README.md", "CMakeLists.txt", "protocol.cpp"}) {
    const auto path = fmt::format("{}/protocols/{}/{}", SEEDBED_SOURCE_DIR, p.name, file);
    EXPECT_TRUE(std::filesystem::exists(path)) << path;
  }
}

TEST_P(Protocols, MayListNoInvariantThatNobodyLooksFor) {
  Protocol forgetful = *GetParam();
  std::vector<InvariantInfo> listed(forgetful.invariants.begin(), forgetful.invariants.end());
  listed.push_back({"unheard_of", "listed in the table, and in no watch", "nowhere"});
  forgetful.invariants = listed;
  const auto scenario = testing::quiet(*GetParam(), 3);
  scenario->protocol = &forgetful;
  EXPECT_THROW(seedbed::Run{scenario}, AssertionFailed);
}

/// The invariants that some mutant of the protocol breaks.
TEST_P(Protocols, EveryMutantNamesAnInvariantAndHasAScenario) {
  const Protocol& p = *GetParam();
  for (const MutantInfo& m : p.mutants) {
    std::set<std::string_view> general = {"progress", "recovery", "assert"};
    for (const Workload* w : all_workloads()) {
      if (w->service != p.workload) continue;
      for (const WorkloadCheck& check : w->checks) general.insert(check.name);
    }
    EXPECT_TRUE(std::any_of(p.invariants.begin(), p.invariants.end(),
                            [&](const InvariantInfo& i) { return i.name == m.dies_by; }) ||
                general.contains(m.dies_by))
        << m.name;
    const std::string name = fmt::format("{}/mutants/{}.yaml", p.name, m.name);
    const auto scenario = testing::read(name);
    EXPECT_EQ(scenario->mutant, m.name);
    EXPECT_EQ(scenario->expect_violates, m.dies_by);
  }
}

/// A checker that nothing can break proves nothing.
TEST_P(Protocols, EveryInvariantIsBrokenBySomeMutant) {
  const Protocol& p = *GetParam();
  std::set<std::string> unbroken;
  for (const InvariantInfo& i : p.invariants) unbroken.insert(std::string(i.name));
  for (std::uint64_t seed = 1; seed <= 50 && !unbroken.empty(); ++seed) {
    for (const MutantInfo& m : p.mutants) {
      auto scenario = testing::read(fmt::format("{}/mutants/{}.yaml", p.name, m.name), seed);
      scenario->on_violation = OnViolation::kContinue;
      seedbed::Run run(scenario);
      run.to_end();
      for (const Violation& v : run.violations()) unbroken.erase(v.check);
    }
  }
  EXPECT_TRUE(unbroken.empty()) << "nothing breaks " << *unbroken.begin();
}

INSTANTIATE_TEST_SUITE_P(Registry, Protocols,
                         ::testing::ValuesIn(all_protocols().begin(), all_protocols().end()),
                         [](const auto& tested) { return std::string(tested.param->name); });

class Scenarios : public ::testing::TestWithParam<std::string> {};

TEST_P(Scenarios, TheSameSeedIsTheSameHistoryAndAnotherIsNot) {
  std::set<std::uint64_t> digests;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    seedbed::Run first(testing::read(GetParam(), seed));
    seedbed::Run second(testing::read(GetParam(), seed));
    first.to_end();
    second.to_end();
    EXPECT_EQ(first.world().digest(), second.world().digest());
    digests.insert(first.world().digest());
  }
  EXPECT_EQ(digests.size(), 5U);
}

/// `expect: pass` holds for every seed; an expected violation is found within 500, and nothing else
/// comes first.
TEST_P(Scenarios, EndAsTheyExpect) {
  const bool violates = !testing::read(GetParam())->expect_violates.empty();
  const std::uint64_t seeds = violates ? 500 : 10;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto scenario = testing::read(GetParam(), seed);
    seedbed::Run run(scenario);
    run.to_end();
    const Result result = judge(run);
    if (violates) {
      if (result.as_expected) return;
      ASSERT_FALSE(result.first_violation) << failures(result);
      continue;
    }
    EXPECT_TRUE(result.as_expected) << "seed " << seed << "\n" << failures(result);
    if (!scenario->workload) continue;
    EXPECT_GT(result.throughput_millihertz, 5'000U) << "operations kept being acknowledged";
  }
  EXPECT_FALSE(violates) << "not found within " << seeds << " seeds";
}

/// The correct protocol passes where its mutant dies: it is the rule that failed, not the weather.
TEST_P(Scenarios, TheCorrectProtocolPassesWhereItsMutantDies) {
  if (testing::read(GetParam())->mutant.empty()) return;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    seedbed::Run run(testing::read_correct(GetParam(), seed));
    run.to_end();
    const Result result = judge(run);
    EXPECT_EQ(result.verdict, Verdict::kPass) << "seed " << seed << "\n" << failures(result);
  }
}

INSTANTIATE_TEST_SUITE_P(Repository, Scenarios, ::testing::ValuesIn(testing::scenario_files()),
                         [](const auto& tested) { return testing::test_name(tested.param); });

}  // namespace
}  // namespace seedbed
