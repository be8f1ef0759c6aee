// What a participant may not forget: a commit that another one still has to hear of. Who asks takes
// a transaction that nobody knows for one that was aborted. Both scenarios are shrunken from the
// first swarm of the protocol.
#include <gtest/gtest.h>

#include <string>

#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_reader.h"

namespace seedbed::three_phase_commit {
namespace {

/// Of three nodes and one client. `rest`: what the case has of its own, as YAML.
Result result_of(std::string_view rest) {
  constexpr std::string_view kHead = R"(
name: forgetting
about: So few operations that there is no progress to speak of.
protocol: three_phase_commit
nodes: 3
settle: 0s
disk: { sync: 1ms }
progress: off
)";
  const std::string yaml = std::string(kHead) + std::string(rest);
  const ReadResult read = read_scenario("forgetting.yaml", yaml, {});
  for (const ScenarioError& error : read.errors) ADD_FAILURE() << error.text();
  if (!read.scenario) return {};
  Run run(std::make_shared<const Scenario>(*read.scenario));
  run.to_end();
  return judge(run);
}

/// n2 is away when its coordinator, back with a new life, tells of the commit again, and begins
/// another transaction before n2 has acknowledged the old one.
TEST(Forgetting, NotOfAnEarlierLifeThatIsStillOpen) {
  const Result result = result_of(R"(
duration: 4.37s
seed: 3
network: { latency: 1ms }
fault_points: { chance: 20% }
workload:
  kind: txn
  clients: 1
  timeout: 2s
  operations:
    - { at: 1.8s, client: c1, txn: "[[:r 0 nil] [:r 1 nil]]" }
    - { at: 2s, client: c1, txn: "[[:append 0 45] [:r 1 nil] [:append 0 47]]" }
    - { at: 2.5s, client: c1, txn: "[[:append 1 53]]" }
chaos:
  - { at: 1.9s, torn_write: [n1, n3], for: 800ms }
  - { at: 2s, torn_write: n2, for: 1.4s }
  - { at: 3s, torn_write: n1, for: 3s }
)");
  EXPECT_TRUE(result.as_expected);
  EXPECT_EQ(result.ok, 2U);
}

/// n3 commits without its coordinator, which then comes back knowing nothing of it, and begins
/// anew; n2 was away, and asks.
TEST(Forgetting, NotWhatWasCommittedWithoutItsCoordinator) {
  const Result result = result_of(R"(
duration: 4.445s
seed: 374
network: { latency: 5ms }
workload:
  kind: txn
  clients: 1
  timeout: 2s
  operations:
    - { at: 1s, client: c1, txn: "[[:r 1 nil] [:r 1 nil]]" }
    - { at: 1.83s, client: c1, txn: "[[:append 0 381] [:r 1 nil] [:r 0 nil] [:append 0 384]]" }
    - { at: 3.62s, client: c1, txn: "[[:r 3 nil]]" }
    - { at: 3.7s, client: c1, txn: "[[:r 2 nil] [:r 2 nil] [:r 3 nil] [:append 3 732]]" }
chaos:
  - { at: 1.86s, crash: [n1, n2], for: 1.7s, skew: 100ms }
  - { at: 3.71s, crash: [n1, n2], for: 100ms, skew: 100ms }
)");
  EXPECT_TRUE(result.as_expected);
  EXPECT_EQ(result.ok, 1U);
}

}  // namespace
}  // namespace seedbed::three_phase_commit
