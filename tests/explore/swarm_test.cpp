// Swarms: each seed's draws, what they are made of, and the correct protocols under them.
#include "sim/explore/swarm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/base/text.h"
#include "sim/run/result.h"
#include "sim/run/run.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

std::string text_of(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& s : settings) text += fmt::format("--set '{}={}' ", s.path, s.value);
  return text;
}

std::shared_ptr<const Scenario> drawn(const Scenario& base, std::uint64_t seed) {
  const std::vector<Setting> settings = swarm_settings(base, seed);
  const std::string file =
      fmt::format("{}/scenarios/{}/swarm.yaml", SEEDBED_SOURCE_DIR, base.protocol->name);
  const ReadResult read = read_scenario_file(file, settings);
  for (const ScenarioError& error : read.errors) ADD_FAILURE() << error.text();
  if (!read.scenario) throw std::runtime_error(text_of(settings));
  auto scenario = std::make_shared<Scenario>(*read.scenario);
  scenario->world.seed = seed;
  return scenario;
}

TEST(Swarm, ASeedDrawsTheSameAndAnotherSeedOthers) {
  const auto base = testing::read("raft/swarm.yaml");
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const std::string text = text_of(swarm_settings(*base, seed));
    EXPECT_EQ(text, text_of(swarm_settings(*base, seed)));
    seen.insert(text);
  }
  EXPECT_EQ(seen.size(), 50U);
}

TEST(Swarm, AScenarioThatNamesNodesKeepsItsSize) {
  auto base = testing::read("raft/swarm.yaml");
  base->chaos.emplace_back().text = "{ at: 5s, crash: n5 }";
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const Setting& s : swarm_settings(*base, seed)) EXPECT_NE(s.path, "nodes");
  }
}

/// What a swarm did, over its seeds.
struct Tally {
  std::map<std::string_view, std::uint64_t> active;  // fault -> runs in which it took effect
  std::set<std::uint32_t> sizes;
  std::set<std::string> variants;
  std::uint64_t runs = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t silent = 0;  // runs without an acknowledged operation
  std::uint64_t points_taken = 0;

  void add(const Scenario& scenario, const Result& result) {
    std::set<std::string_view> hit;
    for (const FaultRecord& fault : result.faults) {
      if (!fault.on.empty()) hit.insert(fault.name);
    }
    for (const std::string_view name : hit) ++active[name];
    sizes.insert(scenario.nodes);
    variants.insert(scenario.variant);
    ++runs;
    acknowledged += result.ok;
    silent += result.ok == 0;
    for (const FaultPointCount& point : result.fault_points) points_taken += point.taken;
  }
};

/// A correct protocol passes whatever the seed draws.
Tally run_seeds(const Protocol& protocol, std::uint64_t first, std::uint64_t last) {
  const auto base = testing::read(fmt::format("{}/swarm.yaml", protocol.name));
  Tally tally;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const auto scenario = drawn(*base, seed);
    seedbed::Run run(scenario);
    run.to_end();
    const Result result = judge(run);
    EXPECT_EQ(result.verdict, Verdict::kPass)
        << "seed " << seed << ": "
        << (result.first_violation ? result.first_violation->message : "undecided") << "\n"
        << text_of(swarm_settings(*base, seed));
    tally.add(*scenario, result);
  }
  return tally;
}

/// The property `sometimes`: over the seeds, each fault was really active.
void expect_all_active(const Protocol& protocol, const Tally& tally) {
  for (const FaultInfo* fault : all_faults()) {
    const auto& beyond = protocol.beyond_its_model;
    if (std::find(beyond.begin(), beyond.end(), fault) != beyond.end()) continue;
    if (fault->fields[0].swarm.empty()) continue;
    const auto found = tally.active.find(fault->name);
    EXPECT_TRUE(found != tally.active.end()) << fault->name << " hit nobody in any run";
  }
  for (const ProtocolAction& action : protocol.actions) {
    EXPECT_TRUE(tally.active.contains(action.name)) << action.name;
  }
  EXPECT_THAT(tally.sizes, ::testing::ElementsAre(3, 4, 5, 7));
  EXPECT_EQ(tally.variants.size(), protocol.variants.size() + 1);
  EXPECT_EQ(tally.silent, 0U);
  EXPECT_GT(tally.acknowledged, 50 * tally.runs);
  EXPECT_GT(tally.points_taken, 1'000U);
  std::string text;
  for (const auto& [name, runs] : tally.active) text += fmt::format(" {} {}", name, runs);
  fmt::print("acknowledged {}, silent runs {}, fault points taken {}, runs with:{}\n",
             tally.acknowledged, tally.silent, tally.points_taken, text);
}

std::set<std::string> drawn_paths(const Scenario& base) {
  std::set<std::string> paths;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    for (const Setting& s : swarm_settings(base, seed)) paths.insert(s.path);
  }
  return paths;
}

/// What raft's swarm draws: a path that nobody draws would be a slip of the pen.
TEST(Swarm, LeavesOutTheWeatherThatIsBeyondTheModel) {
  const auto base = testing::read("three_phase_commit/swarm.yaml");
  const std::set<std::string> drawn_here = drawn_paths(*base);
  const std::set<std::string> drawn_elsewhere = drawn_paths(*testing::read("raft/swarm.yaml"));
  ASSERT_FALSE(base->protocol->weather_beyond_its_model.empty());
  for (const std::string_view path : base->protocol->weather_beyond_its_model) {
    EXPECT_FALSE(drawn_here.contains(std::string(path))) << path;
    EXPECT_TRUE(drawn_elsewhere.contains(std::string(path))) << path;
  }
}

TEST(Swarm, TheCorrectRaftPassesTwoThousandSeedsAndEachFaultWasActive) {
  const Protocol& raft = *find_protocol("raft");
  expect_all_active(raft, run_seeds(raft, 1, 2000));
}

TEST(Swarm, TheCorrectPaxosPassesAThousandSeedsAndEachFaultWasActive) {
  const Protocol& paxos = *find_protocol("paxos");
  expect_all_active(paxos, run_seeds(paxos, 1, 1000));
}

TEST(Swarm, TheCorrectTwoPhaseCommitPassesAThousandSeedsAndEachFaultWasActive) {
  const Protocol& commit = *find_protocol("two_phase_commit");
  expect_all_active(commit, run_seeds(commit, 1, 1000));
}

TEST(Swarm, TheCorrectPaxosCommitPassesAThousandSeeds) {
  const Tally tally = run_seeds(*find_protocol("paxos_commit"), 1, 1000);
  EXPECT_EQ(tally.silent, 0U);
  EXPECT_GT(tally.acknowledged, 50 * tally.runs);
}

TEST(Swarm, TheCorrectCommitOverRaftPassesAHundredSeeds) {
  const Tally tally = run_seeds(*find_protocol("commit_over_raft"), 1, 100);
  EXPECT_EQ(tally.silent, 0U);
  EXPECT_GT(tally.acknowledged, 50 * tally.runs);
}

/// Each of these was silent: a lossy stream, or one with stragglers, outlasted every timeout.
TEST(Swarm, IsServedOnStreamsThatLoseAndStray) {
  const std::map<std::string_view, std::vector<std::uint64_t>> seeds = {
      {"paxos", {2028}},
      {"raft", {2624}},
      {"two_phase_commit", {2616}},
      {"vr", {1055, 1078, 1602, 1943, 2207, 2455, 3103, 3716, 4962}}};
  for (const auto& [protocol, those] : seeds) {
    for (const std::uint64_t seed : those) {
      const Tally tally = run_seeds(*find_protocol(protocol), seed, seed);
      EXPECT_EQ(tally.silent, 0U) << protocol << " " << seed;
    }
  }
}

TEST(Swarm, TheCorrectSagasPassThreeHundredSeedsAndEachFaultWasActive) {
  const Protocol& saga = *find_protocol("saga");
  expect_all_active(saga, run_seeds(saga, 1, 300));
}

TEST(Swarm, TheCorrectViewstampedReplicationPassesAThousandSeedsAndEachFaultWasActive) {
  const Protocol& vr = *find_protocol("vr");
  expect_all_active(vr, run_seeds(vr, 1, 1000));
}

TEST(Swarm, TheCorrectSynodPassesAThousandSeedsAndEachFaultWasActive) {
  const Protocol& synod = *find_protocol("synod");
  expect_all_active(synod, run_seeds(synod, 1, 1000));
}

/// Who forgets everything in a crash must not be stopped together with a majority of its like.
TEST(Swarm, KeepsAMajorityOfThoseWhoForget) {
  for (const char* name : {"vr", "raft"}) {
    const auto base = testing::read(fmt::format("{}/swarm.yaml", name));
    std::size_t faults = 0;
    std::size_t kept = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const auto scenario = drawn(*base, seed);
      for (const ChaosEntry& entry : scenario->chaos) {
        faults += entry.one_of[0].action == nullptr;
        kept += entry.keeps_majority;
      }
    }
    EXPECT_GT(faults, 50U);
    EXPECT_EQ(kept, base->protocol->name == "vr" ? faults : 0U);
  }
}

}  // namespace
}  // namespace seedbed
