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

CheckResult judged(std::string_view name, Duration settle) {
  auto scenario = testing::read("chord/calm.yaml");
  scenario->duration = 5_s;
  scenario->settle = settle;
  Run run(scenario);
  run.to_end();
  const Result result = judge(run);
  for (const CheckResult& check : result.checks) {
    if (check.name == name) return check;
  }
  ADD_FAILURE() << "no check " << name;
  return {};
}

TEST(Lookups, AreJudgedByWhatIsAskedOnceAllHasSettled) {
  EXPECT_EQ(judged("lookup", 4_s).verdict, Verdict::kPass);
  EXPECT_EQ(judged("stored", 4_s).verdict, Verdict::kPass);
}

TEST(Lookups, AreUnknownWhereNobodyAskedThen) {
  for (const std::string_view name : {"lookup", "stored"}) {
    const CheckResult check = judged(name, {});
    EXPECT_EQ(check.verdict, Verdict::kUnknown) << name;
    EXPECT_THAT(check.note, HasSubstr("was answered in the second half of the settled time"));
  }
}

}  // namespace
}  // namespace seedbed
