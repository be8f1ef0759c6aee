// What a protocol adds to the faults, in a run and its result.
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"
#include "tests/support/sleeper.h"

namespace seedbed {
namespace {

ChaosEntry ask(Duration at, std::size_t action, Selector who) {
  ChaosEntry entry;
  entry.at = Time{} + at;
  entry.text = "{ ... }";
  Fault& fault = entry.one_of.emplace_back();
  fault.info = &faults::kAction;
  fault.action = &testing::kSleeper.actions[action];
  fault.who = std::move(who);
  return entry;
}
Selector role(std::string name) {
  return {.kind = Selector::Kind::kRoleAll, .nodes = {}, .role = std::move(name)};
}

Result run_with(ChaosPlan plan) {
  auto scenario = testing::quiet(testing::kSleeper, 3);
  scenario->chaos = std::move(plan);
  seedbed::Run run(scenario);
  run.to_end();
  return judge(run);
}

const CheckResult& progress(const Result& result) {
  return *std::find_if(result.checks.begin(), result.checks.end(),
                       [](const CheckResult& c) { return c.name == "progress"; });
}

TEST(Actions, StandInTheResultLikeFaults) {
  const Result result =
      run_with({ask(1_s, 0, {.nodes = {}, .role = ""}), ask(2_s, 0, role("awake"))});
  EXPECT_EQ(result.verdict, Verdict::kPass);
  ASSERT_EQ(result.faults.size(), 2U);
  EXPECT_EQ(result.faults[0].name, "wake");
  EXPECT_EQ(result.faults[0].on.size(), 3U);
  EXPECT_EQ(result.metrics[0].second, 6U);
}

TEST(Actions, OneThatNobodyTakesUpIsNoProgress) {
  for (const ChaosPlan& idle :
       {ChaosPlan{ask(1_s, 1, {.nodes = {}, .role = ""})}, ChaosPlan{ask(1_s, 0, role("awake"))}}) {
    const Result result = run_with(idle);
    EXPECT_EQ(result.verdict, Verdict::kFail);
    EXPECT_EQ(progress(result).violations.at(0).shape, "a fault hit nobody");
  }
}

}  // namespace
}  // namespace seedbed
