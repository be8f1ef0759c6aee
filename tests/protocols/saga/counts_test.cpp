// The counts of messages and of log records in good weather, against the formulas of the README.
#include <gtest/gtest.h>

#include "protocols/saga/server.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/workload/workload.h"
#include "tests/support/scenarios.h"

namespace seedbed::saga {
namespace {

using workflow::Step;

/// Steps one after the other, each at a participant of its own; the last is the pivot.
std::shared_ptr<const Workflow> sequence(std::size_t steps) {
  std::vector<Step> all;
  for (std::size_t i = 0; i < steps; ++i) {
    Step& step = all.emplace_back();
    step.name = step.participant = fmt::format("s{}", i + 1);
    step.pivot = i + 1 == steps;
    if (!step.pivot) step.compensation = "undo";
    if (i > 0) step.after.insert(static_cast<StepNumber>(i - 1));
  }
  return std::make_shared<const Workflow>(all);
}

struct Counts {
  std::uint64_t messages = 0;  // without the client's two
  std::uint64_t records = 0;
  bool completed = false;
};

/// One saga, on as many servers as `nodes`.
Counts counts_of(std::shared_ptr<const Workflow> steps, bool choreographed, bool locks,
                 StepNumber refused = kNoStep, std::uint32_t nodes = 5) {
  auto scenario = testing::quiet(*find_protocol("saga"), nodes);
  scenario->duration = 10_s;
  scenario->settle = 1_s;
  scenario->parameters[0].lo = choreographed;
  scenario->parameters[1].lo = locks;
  scenario->workload = WorkloadConfig{.clients = 1};
  scenario->workload->kind = &kWorkflowWorkload;
  scenario->workload->workflow.workflow = std::move(steps);
  scenario->progress = refused == kNoStep;  // else nothing is acknowledged
  const kv::Value step = refused == kNoStep ? kv::kNil : kv::Value{refused};
  scenario->workload->listed = {
      {Time{} + 1_s, 0, {kv::Function::kWrite, 0, 5, step}, {}, {}, true}};
  seedbed::Run run(scenario);
  run.to_end();
  const seedbed::Result result = judge(run);
  EXPECT_EQ(result.verdict, Verdict::kPass);
  Counts counts{result.messages.sent - 2, 0, result.ok == 1};
  for (const auto& [name, value] : result.metrics) {
    if (name == "log_writes") counts.records = value;
  }
  return counts;
}

TEST(SagaCounts, OfAnOrchestratedSagaAreTwoAStep) {
  for (std::size_t n = 1; n <= 8; ++n) {
    const Counts plain = counts_of(sequence(n), false, false);
    EXPECT_TRUE(plain.completed);
    EXPECT_EQ(plain.messages, 2 * n) << n;
    EXPECT_EQ(plain.records, 2 * n + 2) << n;
    const Counts locked = counts_of(sequence(n), false, true);
    EXPECT_EQ(locked.messages, 2 * n + 2 * (n - 1)) << n;
    for (std::size_t k = 1; k <= n; ++k) {
      const auto refused = static_cast<StepNumber>(k - 1);
      const Counts undone = counts_of(sequence(n), false, false, refused);
      EXPECT_FALSE(undone.completed);
      EXPECT_EQ(undone.messages, 2 * k + 2 * (k - 1)) << n << " " << k;
    }
  }
}

TEST(SagaCounts, OfAChoreographedSagaAreTwoAnEdge) {
  for (std::size_t n = 1; n <= 8; ++n) {
    EXPECT_EQ(counts_of(sequence(n), true, false).messages, 2 * (n + 1)) << n;
    EXPECT_EQ(counts_of(sequence(n), true, true).messages, 2 * (n + 1) + 2 * (n - 1)) << n;
    for (std::size_t k = 1; k <= n; ++k) {
      const auto refused = static_cast<StepNumber>(k - 1);
      EXPECT_EQ(counts_of(sequence(n), true, false, refused).messages, 4 * k) << n << " " << k;
    }
  }
}

/// The order: 6 steps, 3 with a compensation, 8 edges with those from and to the home.
TEST(SagaCounts, DoNotDependOnTheServersOrOnWhatIsParallel) {
  for (const std::uint32_t nodes : {1U, 3U, 7U}) {
    const auto& order = workflow::order_workflow();
    EXPECT_EQ(counts_of(order, false, false, kNoStep, nodes).messages, 12U);
    EXPECT_EQ(counts_of(order, false, true, kNoStep, nodes).messages, 18U);
    EXPECT_EQ(counts_of(order, true, false, kNoStep, nodes).messages, 16U);
    EXPECT_EQ(counts_of(order, true, true, kNoStep, nodes).messages, 22U);
  }
}

}  // namespace
}  // namespace seedbed::saga
