// Questions who is up: how the history tells them, and that the history alone convicts a protocol
// that breaks a rule.
#include "sim/workload/membership_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/trace/jepsen_history.h"
#include "sim/workload/workload.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

using ::testing::HasSubstr;

Verdict verdict_of(const Result& result, std::string_view check) {
  for (const CheckResult& c : result.checks) {
    if (c.name == check) return c.verdict;
  }
  ADD_FAILURE() << "no check " << check;
  return Verdict::kUnknown;
}

Result judged(const std::shared_ptr<Scenario>& scenario) {
  seedbed::Run run(scenario);
  run.to_end();
  return judge(run);
}

TEST(MembershipClient, TellsWhoWasAskedWhatWasSeenAndWhoCameAndWent) {
  seedbed::Run run(testing::read("swim/crashes.yaml"));
  run.to_end();
  const std::string text = jepsen_history(run.world().history());
  EXPECT_THAT(text, HasSubstr(":time 0, :type :ok, :f :join, :value n1}"));
  EXPECT_THAT(text, HasSubstr(":time 3000000000, :type :ok, :f :crash, :value n3}"));
  EXPECT_THAT(text, HasSubstr(":type :invoke, :f :view, :key n4, :value nil}"));
  EXPECT_THAT(text, HasSubstr(":type :ok, :f :view, :key n4, :value [n1 n2 "));
  EXPECT_EQ(judge(run).verdict, Verdict::kPass);
}

TEST(MembershipClient, OperationsCanBeListed) {
  const ReadResult read =
      read_scenario("listed.yaml",
                    "name: listed\nprotocol: swim\nnodes: 3\nduration: 5s\nabout: two questions\n"
                    "workload: { kind: membership, clients: 1, operations: [\n"
                    "  { at: 1s, client: c1, view: n2 }, { at: 2s, client: c1, view: n3 }] }\n"
                    "check: [view_accuracy]\n",
                    {});
  ASSERT_TRUE(read.scenario);
  seedbed::Run run(std::make_shared<Scenario>(*read.scenario));
  run.to_end();
  const auto operations = run.world().history().operations();
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(operations[0].asked, "n2");
  EXPECT_EQ(operations[0].answered, "[n1 n2 n3]");
  EXPECT_EQ(operations[1].asked, "n3");
  EXPECT_EQ(judge(run).verdict, Verdict::kPass);
}

/// No invariant looks at these runs: only what the clients saw.
TEST(MembershipClient, TheHistoryAloneConvicts) {
  struct Case {
    std::string scenario, check;
    std::optional<Duration> detected_within;
  };
  const Case cases[] = {{"swim/mutants/suspects-for-ever.yaml", "view_agreement", std::nullopt},
                        {"swim/mutants/suspects-for-ever.yaml", "view_completeness", 40_s},
                        {"swim/mutants/kills-at-once.yaml", "view_accuracy", std::nullopt},
                        {"heartbeat/mutants/never-forgives.yaml", "view_agreement", std::nullopt},
                        {"heartbeat/mutants/never-suspects.yaml", "view_completeness", 4_s}};
  for (const Case& c : cases) {
    bool convicted = false;
    for (std::uint64_t seed = 1; seed <= 30 && !convicted; ++seed) {
      auto scenario = testing::read(c.scenario, seed);
      scenario->checks = {c.check};
      scenario->workload->membership.detected_within = c.detected_within;
      if (c.check == "view_accuracy") scenario->world.network.loss = Probability::percent(10);
      const Result result = judged(scenario);
      convicted = result.first_violation && result.first_violation->check == c.check;
    }
    EXPECT_TRUE(convicted) << c.scenario << " by " << c.check;
  }
}

TEST(MembershipClient, NobodyConvictsTheCorrectProtocols) {
  for (const char* name : {"swim/crashes.yaml", "heartbeat/crashes.yaml"}) {
    const Result result = judged(testing::read(name));
    EXPECT_EQ(verdict_of(result, "view_agreement"), Verdict::kPass) << name;
    EXPECT_EQ(verdict_of(result, "view_completeness"), Verdict::kPass) << name;
  }
}

}  // namespace
}  // namespace seedbed
