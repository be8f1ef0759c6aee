// Workflows: which descriptions make a sound saga, and what follows from one.
#include "sim/world/workflow.h"

#include <gtest/gtest.h>

namespace seedbed::workflow {
namespace {

Step step(const char* name, const char* compensation, StepSet after, bool pivot = false) {
  Step s;
  s.name = name;
  s.participant = "p";
  s.compensation = compensation;
  s.after = after;
  s.pivot = pivot;
  return s;
}

std::string complaint_of(const std::vector<Step>& steps) {
  const auto found = Workflow::complaint(steps);
  return found ? std::to_string(found->step) + " " + std::string(found->key) : "none";
}

TEST(Workflow, SetsOfStepsAreWords) {
  StepSet s{0b1010};
  EXPECT_TRUE(s.contains(StepNumber{1}));
  EXPECT_FALSE(s.contains(kNoStep));
  EXPECT_TRUE(s.contains(StepSet{0b1000}));
  EXPECT_FALSE(s.contains(StepSet{0b1}));
  std::vector<int> items;
  for (const StepNumber n : s) items.push_back(n);
  EXPECT_EQ(items, (std::vector<int>{1, 3}));
  EXPECT_EQ(StepSet::first(32).size(), 32U);
}

TEST(Workflow, TheOrderIsSound) {
  const Workflow& order = *order_workflow();
  EXPECT_EQ(order.sources(), StepSet{0b1});
  EXPECT_EQ(order.sinks(), StepSet{0b100000});
  EXPECT_EQ(order.successors(0), StepSet{0b110});
  EXPECT_EQ(order.descendants(1), StepSet{0b111000});
  EXPECT_EQ(order.compensatable(), StepSet{0b111});
  EXPECT_EQ(order.ready(StepSet{0b1}), StepSet{0b110});
  EXPECT_EQ(order.ready(StepSet{0b11}), StepSet{0b100});
  EXPECT_TRUE(order.may_fail(3));
  EXPECT_FALSE(order.may_fail(4));
  EXPECT_EQ(order.participants().size(), 4U);
  EXPECT_EQ(order.participant(5), 0U);
}

TEST(Workflow, OnlyThePivotAndWhatComesAfterItGoWithoutCompensation) {
  EXPECT_EQ(complaint_of({step("a", "c", {})}), "none");
  EXPECT_EQ(complaint_of({step("a", "", {}, true)}), "none");
  EXPECT_EQ(complaint_of({step("a", "", {})}), "0 compensate");
  EXPECT_EQ(complaint_of({step("a", "", {}), step("b", "", {1}, true)}), "0 compensate");
  EXPECT_EQ(complaint_of({step("a", "c", {}, true)}), "0 compensate");
  EXPECT_EQ(complaint_of({step("a", "", {}, true), step("b", "c", {1})}), "1 compensate");
}

TEST(Workflow, ThePivotIsOneAndNothingIsBesideIt) {
  EXPECT_EQ(complaint_of({step("a", "", {}, true), step("b", "", {1}, true)}), "1 pivot");
  EXPECT_EQ(complaint_of({step("a", "c", {}), step("b", "c", {1}), step("p", "", {1}, true)}),
            "1 after");
}

TEST(Workflow, NamesAreUniqueAndStepsWaitForEarlierOnes) {
  EXPECT_EQ(complaint_of({step("a", "c", {}), step("a", "c", {1})}), "1 step");
  EXPECT_EQ(complaint_of({step("a", "c", {0b10}), step("b", "c", {})}), "0 after");
  EXPECT_EQ(complaint_of({}), "0 ");
  EXPECT_EQ(complaint_of(std::vector<Step>(33, step("a", "c", {}))), "32 ");
}

}  // namespace
}  // namespace seedbed::workflow
