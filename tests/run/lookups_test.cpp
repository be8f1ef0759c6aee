// What clients of a distributed hash table find once all has settled, and that a run in which they
// found nothing then proves nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

using ::testing::HasSubstr;

CheckResult judged(std::string_view name, std::shared_ptr<const Scenario> scenario) {
  Run run(std::move(scenario));
  run.to_end();
  const Result result = judge(run);
  for (const CheckResult& check : result.checks) {
    if (check.name == name) return check;
  }
  ADD_FAILURE() << "no check " << name;
  return {};
}

CheckResult judged(std::string_view name, Duration settle) {
  auto scenario = testing::read("chord/calm.yaml");
  scenario->duration = 5_s;
  scenario->settle = settle;
  return judged(name, scenario);
}

TEST(Lookups, AreJudgedByWhatIsAskedOnceAllHasSettled) {
  EXPECT_EQ(judged("lookup", 4_s).verdict, Verdict::kPass);
  EXPECT_EQ(judged("stored", 4_s).verdict, Verdict::kPass);
}

TEST(Lookups, AreUnknownWhereNobodyAskedThen) {
  for (const std::string_view name : {"lookup", "stored"}) {
    const CheckResult check = judged(name, 0_s);
    EXPECT_EQ(check.verdict, Verdict::kUnknown) << name;
    EXPECT_THAT(check.note, HasSubstr("was answered in the second half of the settled time"));
  }
}

/// Two of three are killed; the third has crashed, and finds nobody by way of whom to join again.
TEST(Lookups, OfTheOneWhoIsLeftNothingIsExpected) {
  constexpr std::string_view kLeft = R"(
name: left
about: Nobody answers at the end.
protocol: kademlia
nodes: 3
duration: 5s
settle: 5s
progress: off
workload: { kind: lookup, clients: 2, rate: 60/s }
chaos: [{ at: 2s, kill: [n2, n3] }, { at: 3s, crash: n1, for: 1s }]
)";
  const ReadResult result = read_scenario("left.yaml", kLeft, {});
  ASSERT_TRUE(result.scenario) << result.errors.front().text();
  const CheckResult check = judged("lookup", std::make_shared<const Scenario>(*result.scenario));
  EXPECT_EQ(check.verdict, Verdict::kPass);
  EXPECT_EQ(check.note, "at most one node was left to ask");
}

}  // namespace
}  // namespace seedbed
