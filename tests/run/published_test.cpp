// A run that measures what a paper published: it ends with the value.
#include <gtest/gtest.h>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"
#include "tests/support/sleeper.h"

namespace seedbed {
namespace {

/// When the first server woke up; and at the end, that none did, if asked so.
template <bool kSaysNever>
class FirstAwake : public Measure<FirstAwake<kSaysNever>> {
 public:
  void look(const World& world, NodeId touched) override {
    if (touched && world.process(touched)->epoch() > 0) value_ = (world.now() - Time{}).count();
  }
  void end(const World& world) override {
    if (kSaysNever) value_ = (world.now() - Time{}).count();
  }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};

constexpr MeasureInfo kFirstAwake = {"first_awake", "", "", MeasureKind::kTime,
                                     &make_measure<FirstAwake<false>>};
constexpr MeasureInfo kFirstAwakeIfAny = {"first_awake_if_any", "", "", MeasureKind::kTime,
                                          &make_measure<FirstAwake<true>>};

/// How long the run was.
class Length : public Measure<Length> {
 public:
  void look(const World& /*world*/, NodeId /*touched*/) override {}
  void end(const World& world) override { value_ = (world.now() - Time{}).count(); }
  std::optional<std::int64_t> value() const override { return value_; }

 private:
  std::optional<std::int64_t> value_;
};
constexpr MeasureInfo kLength = {"length", "", "", MeasureKind::kTime, &make_measure<Length>};

std::shared_ptr<Scenario> waking(const MeasureInfo& measure, std::optional<Duration> at) {
  auto scenario = testing::quiet(testing::kSleeper, 3);
  scenario->published.emplace().measures = {{.measure = &measure}};
  for (const Duration when : {at.value_or(30_s), 40_s}) {
    ChaosEntry& entry = scenario->chaos.emplace_back();
    entry.at = Time{} + when;
    Fault& fault = entry.one_of.emplace_back();
    fault.info = &faults::kAction;
    fault.action = &testing::kSleeper.actions[at ? 0 : 1];  // in vain
  }
  return scenario;
}

TEST(Published, TheValueEndsTheRun) {
  seedbed::Run run(waking(kFirstAwake, 5_s));
  run.to_end();
  EXPECT_EQ(run.world().now(), Time{} + 5_s);
  EXPECT_FALSE(run.stopped_early());
  const Result result = judge(run);
  EXPECT_EQ(result.verdict, Verdict::kPass) << "what chaos had no time for does not count";
  ASSERT_EQ(result.measured.size(), 1U);
  EXPECT_EQ(result.measured[0].name, "first_awake");
  EXPECT_EQ(result.measured[0].value, (5_s).count());
}

TEST(Published, WithoutOneTheRunGoesToItsEnd) {
  seedbed::Run run(waking(kFirstAwake, std::nullopt));
  run.to_end();
  EXPECT_EQ(run.world().now(), Time{} + 70_s);
  EXPECT_EQ(judge(run).measured.at(0).value, std::nullopt);
  seedbed::Run other(waking(kFirstAwakeIfAny, std::nullopt));
  other.to_end();
  EXPECT_EQ(judge(other).measured.at(0).value, (70_s).count()) << "the last chance";
}

TEST(Published, TheLastOfSeveralValuesEndsTheRun) {
  auto scenario = waking(kFirstAwake, 5_s);
  scenario->published->measures.push_back({.measure = &kLength});
  seedbed::Run run(scenario);
  run.to_end();
  EXPECT_EQ(run.world().now(), Time{} + 70_s) << "the second has none before";
  EXPECT_EQ(run.measured(0), (5_s).count());
  EXPECT_EQ(run.measured(1), (70_s).count());
}

TEST(Published, ACopyMeasuresOnItsOwn) {
  seedbed::Run run(waking(kFirstAwake, 5_s));
  for (int i = 0; i < 3; ++i) run.step();
  seedbed::Run copy = run;
  run.to_end();
  EXPECT_EQ(copy.measured(0), std::nullopt);
  copy.to_end();
  EXPECT_EQ(copy.measured(0), run.measured(0));
  EXPECT_TRUE(run.measured());
}

}  // namespace
}  // namespace seedbed
