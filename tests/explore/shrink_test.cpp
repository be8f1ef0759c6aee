// Shrinking: what is written down is the run that was drawn, and every mutant ends up small.
#include "sim/explore/shrink.h"

#include <gtest/gtest.h>

#include <fstream>

#include "sim/explore/concrete.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_reader.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

Reproduction drawn(const std::string& text, std::uint64_t seed) {
  Errors errors({"test.yaml"});
  return {"test.yaml", *parse_yaml(text, 0, "", errors), seed, nullptr};
}

Reproduction of_file(const std::string& name, std::uint64_t seed) {
  const std::string path = std::string(SEEDBED_SOURCE_DIR) + "/scenarios/" + name;
  std::ifstream in(path);
  Reproduction r = drawn({std::istreambuf_iterator<char>(in), {}}, seed);
  r.file = path;
  return r;
}

std::optional<std::uint64_t> fingerprint_of(const std::shared_ptr<const Scenario>& scenario) {
  seedbed::Run run(scenario);
  run.to_end();
  const Result result = judge(run);
  if (!result.first_violation) return std::nullopt;
  return result.first_violation->fingerprint();
}

/// Tries one after the other, in this process.
Failing failing_as(std::uint64_t fingerprint, std::uint64_t* runs) {
  return [=](std::size_t count, const auto& make) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < count; ++i) {
      ++*runs;
      const auto scenario = make(i);
      if (scenario != nullptr && fails_so(scenario, fingerprint)) return i;
    }
    return std::nullopt;
  };
}

struct Small {
  Reproduction found;
  std::uint64_t fingerprint = 0;
  std::uint64_t runs = 0;
};

Small shrunken(const Reproduction& start) {
  Small small;
  small.fingerprint = fingerprint_of(scenario_of(start)).value();
  const Failing failing = failing_as(small.fingerprint, &small.runs);
  small.found = smallest(simplify(start, failing), failing);
  return small;
}

/// The seed of the first run that fails.
std::uint64_t failing_seed(const std::string& name) {
  auto scenario = testing::read(name);
  while (!fingerprint_of(scenario)) ++scenario->world.seed;
  return scenario->world.seed;
}

std::vector<std::uint64_t> server_digests(const std::shared_ptr<const Scenario>& scenario) {
  seedbed::Run run(scenario);
  run.to_end();
  std::vector<std::uint64_t> digests;
  for (NodeId n{1}; n.value <= run.world().servers(); ++n.value) {
    digests.push_back(run.world().digest(n));
  }
  return digests;
}

constexpr const char* kStormy = R"(
name: stormy
protocol: raft
nodes: 5
duration: 10s
settle: 3s
network: { latency: 1ms..20ms, loss: 2%, duplicate: 5%, reorder: { chance: 5%, by: 30ms } }
disk: { sync: 1ms }
workload: { kind: kv, clients: 3, rate: 40/s, keys: 2 }
chaos:
  - { every: 500ms..1s, until: 9s, crash: random, for: 100ms..400ms }
  - every: 1s..2s
    until: 9s
    one_of:
      - { partition: halves, for: 300ms }
      - { partition: majority_ring, for: 300ms }
      - { isolate: leader, for: 300ms }
      - { one_way: { from: leader, to: followers }, for: 200ms }
      - { pause: random, for: 200ms }
      - { clock_jump: random, by: -1s..1s }
      - { slow: random, by: 10x, for: 300ms }
  - every: 1s..2s
    until: 9s
    one_of:
      - { loss: 30%, on: random, for: 500ms }
      - { delay: 5ms..50ms, only: AppendEntries, for: 500ms }
)";

const Failing kAnything = [](std::size_t, const auto&) { return std::optional<std::size_t>(0); };

/// Every fault and operation as a list: each server does and sees what it did when they were drawn.
/// Without the weather that chaos adds, whose draws are named by its entry.
TEST(WriteDown, FaultsAndOperationsAreTheSameRunToEveryServer) {
  std::string text = kStormy;
  text.erase(text.rfind("  - every:"));
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Reproduction start = drawn(text, seed);
    const auto listed = write_down(start, kAnything);
    ASSERT_TRUE(listed.has_value());
    EXPECT_EQ(server_digests(scenario_of(start)), server_digests(scenario_of(*listed)))
        << "seed " << seed;
  }
}

/// And the fates of all messages.
TEST(WriteDown, FatesAreTheSameRunToEveryServer) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto listed = write_down(drawn(kStormy, seed), kAnything);
    ASSERT_TRUE(listed.has_value());
    EXPECT_GT(listed->lists->chaos.size(), 15U);
    EXPECT_GT(listed->lists->operations.size(), 300U);
    const auto decided = decide(*listed, kAnything);
    ASSERT_TRUE(decided.has_value());
    EXPECT_GT(decided->lists->decisions.size(), 1000U);
    const auto digests = server_digests(scenario_of(*listed));
    EXPECT_EQ(digests, server_digests(scenario_of(*decided))) << "seed " << seed;
    EXPECT_NE(digests, server_digests(scenario_of(drawn(kStormy, seed + 1))));
  }
}

TEST(WriteDown, FaultsAndOperationsHappenAsTheyDid) {
  const Failing anything = [](std::size_t, const auto&) { return std::optional<std::size_t>(0); };
  const Reproduction start = drawn(kStormy, 3);
  const auto listed = write_down(start, anything);
  ASSERT_TRUE(listed.has_value());
  const Concrete before = write_down(std::shared_ptr<const Scenario>(scenario_of(start)));
  const Concrete after = write_down(std::shared_ptr<const Scenario>(scenario_of(*listed)));
  EXPECT_EQ(before.faults, after.faults);
  EXPECT_EQ(before.operations, after.operations);
}

/// The file says what the lists say.
TEST(Document, IsReadAsTheSameRun) {
  const Failing anything = [](std::size_t, const auto&) { return std::optional<std::size_t>(0); };
  std::string text = kStormy;
  text.replace(text.find("duration: 10s"), 13, "duration: 2s");
  for (std::size_t at = 0; (at = text.find("until: 9s", at)) != std::string::npos;) {
    text.replace(at, 9, "until: 2s");
  }
  const auto decided = decide(*write_down(drawn(text, 1), anything), anything);
  ASSERT_TRUE(decided.has_value());
  const ReadResult read = read_scenario("again.yaml", document_of(*decided), {});
  for (const ScenarioError& error : read.errors) ADD_FAILURE() << error.text();
  ASSERT_TRUE(read.scenario.has_value());
  EXPECT_EQ(read.scenario->world.seed, decided->seed);
  EXPECT_EQ(server_digests(std::make_shared<const Scenario>(*read.scenario)),
            server_digests(scenario_of(*decided)));
}

/// What a mutant does and the correct protocol does, too, is none of the mutant's.
TEST(Shrink, AMutantMustDoWhatTheCorrectProtocolDoesNot) {
  Reproduction start = drawn(R"(
name: silent
protocol: raft
mutant: applies-twice
nodes: 3
duration: 5s
settle: 0s
workload: { kind: kv, clients: 1, rate: 10/s }
chaos: [{ at: 0s, isolate: all }]
)",
                             1);
  const auto scenario = scenario_of(start);
  const auto fingerprint = fingerprint_of(scenario);
  ASSERT_TRUE(fingerprint.has_value()) << "nothing was acknowledged";
  EXPECT_FALSE(fails_so(scenario, *fingerprint));
  start.root = without(start.root, "mutant");
  EXPECT_TRUE(fails_so(scenario_of(start), *fingerprint));
}

void expect_small(const std::string& name) {
  SCOPED_TRACE(name);
  const Reproduction start = of_file(name, failing_seed(name));
  const Small small = shrunken(start);
  const ReproductionSize size = size_of(small.found);
  const auto scenario = scenario_of(small.found);
  EXPECT_LE(size.faults, 5U);
  EXPECT_LE(size.nodes, std::max(5U, scenario->protocol->min_nodes));
  EXPECT_LE(size.operations, 10U);
  ASSERT_NE(small.found.lists, nullptr) << "nothing is drawn any more but by the protocol";
  EXPECT_EQ(scenario->world.disk.sync.min, scenario->world.disk.sync.max);
  const ReadResult read = read_scenario("again.yaml", document_of(small.found), {});
  ASSERT_TRUE(read.scenario.has_value());
  const auto again = std::make_shared<const Scenario>(*read.scenario);
  EXPECT_TRUE(fails_so(again, small.fingerprint)) << document_of(small.found);
  fmt::print("{:40} {} faults, {} operations, {} nodes, {} decisions, {} runs\n", name, size.faults,
             size.operations, size.nodes, size.decisions, small.runs);
}

TEST(Shrink, AMutantThatNeedsFewThings) { expect_small("raft/mutants/votes-twice.yaml"); }
TEST(Shrink, AMutantThatNeedsADuplicate) { expect_small("raft/mutants/applies-twice.yaml"); }
TEST(Shrink, AMutantThatNeedsManyCrashes) { expect_small("raft/mutants/forgets-vote.yaml"); }
TEST(Shrink, AMutantThatNeedsSilence) { expect_small("raft/mutants/stands-aside.yaml"); }

TEST(Shrink, WhatIsSmallStaysAsItIs) {
  const std::string name = "regressions/raft-applies-twice.yaml";
  Reproduction start = of_file(name, 1);
  start.seed = read_scenario_file(start.file, {}).scenario->world.seed;
  const ReproductionSize before = size_of(start);
  const Small again = shrunken(start);
  const ReproductionSize after = size_of(again.found);
  EXPECT_LE(after.operations, before.operations);
  EXPECT_LE(after.decisions, 2U);
  EXPECT_GT(after.decisions, 0U) << "a duplicate is what it needs";
}

TEST(ShrinkLong, EveryMutantOfEveryProtocol) {
  for (const Protocol* protocol : all_protocols()) {
    for (const MutantInfo& mutant : protocol->mutants) {
      expect_small(fmt::format("{}/mutants/{}.yaml", protocol->name, mutant.name));
    }
  }
}

}  // namespace
}  // namespace seedbed
