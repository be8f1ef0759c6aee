// Fixed timeouts beside phi accrual detectors, in the weather that each is good for.
#include <gtest/gtest.h>

#include "protocols/heartbeat/server.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed::heartbeat {
namespace {

std::shared_ptr<Scenario> group(bool phi, Duration timeout, Latency latency, std::uint64_t seed) {
  auto scenario = testing::quiet(*find_protocol("heartbeat"), 4);
  const auto& parameters = scenario->protocol->parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name == "phi") scenario->parameters[i] = {phi, 0};
    if (parameters[i].name == "timeout") scenario->parameters[i] = {timeout.count(), 0};
  }
  scenario->world.network.latency = latency;
  scenario->world.seed = seed;
  scenario->duration = 120_s;
  return scenario;
}

std::uint64_t mistakes_of(const std::shared_ptr<Scenario>& scenario) {
  seedbed::Run run(scenario);
  run.to_end();
  for (const auto& [name, count] : run.world().metrics()) {
    if (name == "mistakes") return count;
  }
  return 0;
}

/// From the crash of n1 until n2 takes it for down.
Duration detection_of(const std::shared_ptr<Scenario>& scenario) {
  seedbed::Run run(scenario);
  while (run.world().now() < Time{} + 30_s && run.step()) {
  }
  run.world().kill({1});
  const Time crashed = run.world().now();
  const auto suspects = [&] {
    const auto* server = static_cast<const Server*>(run.world().process({2}));
    return server->peers().at(1).suspected;
  };
  while (!suspects() && run.step()) {
  }
  return run.world().now() - crashed;
}

const Latency kCalm = Latency::uniform({1_ms, 5_ms});
const Latency kJittery = Latency::uniform({10_ms, 700_ms});

TEST(Detectors, PhiLearnsHowLateHeartbeatsAreWhereATimeoutIsWrong) {
  std::uint64_t fixed = 0;
  std::uint64_t phi = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    fixed += mistakes_of(group(false, 500_ms, kJittery, seed));
    phi += mistakes_of(group(true, 500_ms, kJittery, seed));
  }
  EXPECT_GT(fixed, 1000U);
  EXPECT_LT(phi, fixed / 100);
}

TEST(Detectors, PhiIsFastWhereATimeoutMustBeLongForTheWorst) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Duration fixed = detection_of(group(false, 3_s, kCalm, seed));
    const Duration phi = detection_of(group(true, 3_s, kCalm, seed));
    EXPECT_GT(fixed, 2'500_ms);
    EXPECT_LE(fixed, 3'300_ms) << "the timeout, and an interval until the next look";
    EXPECT_LT(phi, 700_ms);
    EXPECT_GT(phi, 100_ms);
  }
}

}  // namespace
}  // namespace seedbed::heartbeat
