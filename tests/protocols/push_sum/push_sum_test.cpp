// What Push-Sum finds is right, and found in a number of cycles that grows with log n.
#include <gtest/gtest.h>

#include "protocols/push_sum/summer.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed::push_sum {
namespace {

std::shared_ptr<Scenario> of(std::uint32_t nodes, const std::map<std::string, std::int64_t>& with) {
  const Protocol& protocol = *find_protocol("push_sum");
  auto scenario = testing::quiet(protocol, nodes);
  for (std::size_t i = 0; i < protocol.parameters.size(); ++i) {
    const auto set = with.find(std::string(protocol.parameters[i].name));
    if (set != with.end()) scenario->parameters[i].lo = set->second;
  }
  scenario->duration = 20_s;
  scenario->settle = 1_s;
  return scenario;
}

/// Of every node, in thousandths.
void expect_estimates(const std::shared_ptr<Scenario>& scenario, std::int64_t wanted) {
  seedbed::Run run(scenario);
  run.to_end();
  EXPECT_TRUE(run.violations().empty());
  for (std::uint32_t id = 1; id <= scenario->nodes; ++id) {
    const auto* node = static_cast<const Summer*>(run.world().process({id}));
    ASSERT_TRUE(node->estimate());
    EXPECT_NEAR(static_cast<double>(*node->estimate()), static_cast<double>(wanted),
                static_cast<double>(wanted) / 100);
  }
}

std::int64_t sum_of_values(std::uint32_t nodes) {
  std::int64_t sum = 0;
  for (std::uint32_t id = 1; id <= nodes; ++id) {
    sum += Summer::initial(Parameters{}, {id}).sum / Mass::kUnit;
  }
  return sum;
}

TEST(PushSum, FindsTheAverageTheSumAndHowManyThereAre) {
  for (const std::int64_t reliable : {0, 1}) {
    expect_estimates(of(50, {{"reliable", reliable}}), sum_of_values(50) * 1'000 / 50);
    expect_estimates(of(50, {{"reliable", reliable}, {"total", 1}}), sum_of_values(50) * 1'000);
    expect_estimates(
        of(50, {{"reliable", reliable}, {"total", 1}, {"least_value", 1}, {"most_value", 1}}),
        50'000);
  }
}

/// What a duplicating, losing network makes of it, to the last unit of mass.
TEST(PushSum, KeepsAllMassInBadWeather) {
  auto scenario = of(12, {});
  scenario->world.network.loss = Probability::percent(30);
  scenario->world.network.duplicate = Probability::percent(30);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    scenario->world.seed = seed;
    expect_estimates(scenario, sum_of_values(12) * 1'000 / 12);
  }
}

TEST(PushSum, TakesSoManyCyclesMoreForTenTimesTheNodes) {
  const MeasureInfo& rounds = find_protocol("push_sum")->measures[0];
  std::int64_t before = 0;
  for (const std::uint32_t nodes : {10U, 100U, 1'000U}) {
    const auto scenario = of(nodes, {{"reliable", 0}, {"in_step", 1}});
    seedbed::Run run(scenario);
    const auto measure = rounds.make();
    while (!measure->value() && run.step()) measure->look(run.world(), run.world().acting());
    ASSERT_TRUE(measure->value());
    const std::int64_t cycles = *measure->value() / 1'000'000'000;
    EXPECT_GT(cycles, before);
    if (before > 0) {
      EXPECT_LT(cycles, before + 15);
    }
    before = cycles;
  }
}

}  // namespace
}  // namespace seedbed::push_sum
