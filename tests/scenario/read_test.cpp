// A whole scenario, field by field; and the forms that one scenario cannot have all at once.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sim/chaos/fault.h"
#include "sim/scenario/formula_text.h"
#include "sim/workload/workload.h"
#include "tests/scenario/support.h"

namespace seedbed {
namespace {

using namespace testing_scenario;

Scenario full() {
  const ReadResult result = read_scenario_file(file_here("testdata/full.yaml"), {});
  EXPECT_EQ(lines_of(result), "");
  return result.scenario.value_or(Scenario{});
}

Scenario good(const std::string& lines) {
  const ReadResult result = read(raft(lines));
  EXPECT_EQ(lines_of(result), "") << lines;
  return result.scenario.value_or(Scenario{});
}

Value parameter(const Scenario& s, std::string_view name) {
  for (std::size_t i = 0; i < s.protocol->parameters.size(); ++i) {
    if (s.protocol->parameters[i].name == name) return s.parameters.at(i);
  }
  ADD_FAILURE() << "no parameter " << name;
  return {};
}

TEST(FullScenario, WhatRuns) {
  const Scenario s = full();
  EXPECT_EQ(s.name, "full-1");
  EXPECT_EQ(s.about, "Everything at once.\nTwice.\n");
  EXPECT_EQ(s.file, file_here("testdata/full.yaml"));
  ASSERT_EQ(s.protocol, find_protocol("raft"));
  EXPECT_EQ(s.variant, "");
  EXPECT_EQ(s.mutant, "");
  ASSERT_EQ(s.parameters.size(), s.protocol->parameters.size());
  EXPECT_EQ(parameter(s, "election_timeout"), (Value{200'000'000, 400'000'000}));
  EXPECT_EQ(parameter(s, "heartbeat"), (Value{40'000'000, 0}));
  EXPECT_EQ(s.nodes, 5U);
  EXPECT_TRUE(s.groups.empty());
  EXPECT_EQ(s.duration, 60_s);
  EXPECT_EQ(s.settle, 5_s);
  EXPECT_EQ(s.checks, (std::vector<std::string>{"linearizable", "log_matching"}));
  EXPECT_FALSE(s.progress);
  EXPECT_EQ(s.expect_violates, "log_matching");
  EXPECT_EQ(s.on_violation, OnViolation::kContinue);
}

TEST(FullScenario, World) {
  const Scenario s = full();
  const WorldConfig& w = s.world;
  EXPECT_EQ(w.seed, 9'223'372'036'854'775'807U);
  EXPECT_EQ(w.tie_break, TieBreak::kRandom);
  EXPECT_EQ(w.network.latency.text(), Latency::uniform({1_ms, 5_ms}).text());
  EXPECT_EQ(w.network.loss.chance.ppb, 5'000'000U);
  EXPECT_EQ(w.network.duplicate.ppb, 1'000'000U);
  EXPECT_EQ(w.network.reorder.chance.ppb, 10'000'000U);
  EXPECT_EQ(w.network.reorder.by, 10_ms);
  EXPECT_EQ(w.network.corrupt.ppb, 1U);
  EXPECT_EQ(w.network.bandwidth, 1'500'000'000U);
  EXPECT_EQ(w.network.topology.kind, TopologyKind::kRing);
  EXPECT_EQ(w.clocks.skew, 10_ms);
  EXPECT_EQ(w.clocks.drift_ppb, 200'000);
  EXPECT_EQ(w.cpu.per_message, 20_us);
  EXPECT_EQ(w.disk.sync, (Range<Duration>{500_us, 2_ms}));
  EXPECT_EQ(w.disk.torn.ppb, 10'000'000U);
}

TEST(FullScenario, Workload) {
  const Scenario s = full();
  ASSERT_TRUE(s.workload);
  EXPECT_EQ(s.workload->clients, 3U);
  EXPECT_EQ(s.workload->rate_millihertz, 200'000U);
  EXPECT_EQ(s.workload->think, Duration{});
  EXPECT_EQ(s.workload->keys, 7U);
  EXPECT_EQ(s.workload->distribution, KeyDistribution::kZipf);
  EXPECT_EQ(s.workload->zipf_permille, 1'250U);
  EXPECT_EQ(s.workload->mix.read, Probability::percent(60));
  EXPECT_EQ(s.workload->mix.write, Probability::percent(40));
  EXPECT_EQ(s.workload->mix.cas, Probability{});
  EXPECT_EQ(s.workload->operations, 10'000U);
  EXPECT_EQ(s.workload->timeout, 2_s);
}

TEST(FullScenario, ChaosOnNodes) {
  const ChaosPlan plan = full().chaos;
  ASSERT_EQ(plan.size(), 15U);
  const auto fault = [&](std::size_t i) { return plan.at(i).one_of.at(0); };
  EXPECT_EQ(plan[0].at, Time{} + 1_s);
  EXPECT_EQ(plan[0].text, "{ at: 1s, crash: leader, for: 3s }");
  EXPECT_EQ(fault(0).info, &faults::kCrash);
  EXPECT_EQ(fault(0).who.kind, Selector::Kind::kRole);
  EXPECT_EQ(fault(0).who.role, "leader");
  EXPECT_EQ(fault(0).lasts, (Range<Duration>{3_s, 3_s}));
  EXPECT_EQ(fault(1).info, &faults::kKill);
  EXPECT_EQ(fault(1).who.kind, Selector::Kind::kNodes);
  EXPECT_EQ(fault(1).who.nodes, std::vector{NodeId{3}});
  EXPECT_EQ(fault(1).lasts, std::nullopt);
  EXPECT_EQ(fault(2).info, &faults::kPause);
  EXPECT_EQ(fault(2).who.nodes, (std::vector{NodeId{2}, NodeId{6}}));  // c1 comes after n5
  EXPECT_EQ(fault(2).lasts, (Range<Duration>{1_s, 3_s}));
  EXPECT_EQ(fault(3).info, &faults::kIsolate);
  EXPECT_EQ(fault(3).who.kind, Selector::Kind::kRoleAll);
  EXPECT_EQ(fault(3).who.role, "follower");
  EXPECT_EQ(fault(11).info, &faults::kClockJump);
  EXPECT_EQ(fault(11).who.kind, Selector::Kind::kRandom);
  EXPECT_EQ(fault(11).who.count, 1U);
  EXPECT_EQ(fault(11).by, (Range<Duration>{-(500_ms), 500_ms}));
  EXPECT_EQ(fault(12).info, &faults::kHeal);
}

TEST(FullScenario, ChaosOfTheNetwork) {
  const ChaosPlan plan = full().chaos;
  ASSERT_EQ(plan.size(), 15U);
  const auto fault = [&](std::size_t i) { return plan.at(i).one_of.at(0); };
  EXPECT_EQ(fault(4).partition.kind, PartitionShape::Kind::kGroups);
  EXPECT_EQ(fault(4).partition.groups, (std::vector{std::vector{NodeId{1}, NodeId{2}},
                                                    std::vector{NodeId{3}, NodeId{4}, NodeId{5}}}));
  EXPECT_EQ(fault(5).partition.kind, PartitionShape::Kind::kMajorityRing);
  EXPECT_EQ(fault(6).info, &faults::kOneWay);
  EXPECT_EQ(fault(6).link.from.role, "leader");
  EXPECT_EQ(fault(6).link.to.role, "follower");
  EXPECT_EQ(fault(7).info, &faults::kLoss);
  EXPECT_EQ(fault(7).chance, Probability::percent(20));
  EXPECT_EQ(fault(7).on.who.nodes, std::vector{NodeId{3}});
  EXPECT_EQ(fault(7).only, "AppendEntries");
  EXPECT_EQ(fault(8).info, &faults::kDelay);
  EXPECT_EQ(fault(8).by, (Range<Duration>{10_ms, 50_ms}));
  EXPECT_EQ(fault(8).on.who.kind, Selector::Kind::kMinority);
  EXPECT_EQ(fault(9).info, &faults::kDuplicate);
  EXPECT_EQ(fault(9).on.who.kind, Selector::Kind::kMajority);
  EXPECT_EQ(fault(10).info, &faults::kReorder);
  EXPECT_EQ(fault(10).held.chance, Probability::percent(1));
  EXPECT_EQ(fault(10).held.by, (Range<Duration>{10_ms, 10_ms}));
  EXPECT_EQ(fault(10).on.who.kind, Selector::Kind::kAll);
}

TEST(FullScenario, RepeatedChaos) {
  const ChaosPlan plan = full().chaos;
  ASSERT_EQ(plan.size(), 15U);
  const ChaosEntry& storm = plan[13];
  EXPECT_EQ(storm.id, "storm");
  EXPECT_EQ(storm.at, std::nullopt);
  EXPECT_EQ(storm.every, (Range<Duration>{2_s, 6_s}));
  EXPECT_EQ(storm.from, Time{} + 40_s);
  EXPECT_EQ(storm.until, Time{} + 58_s);
  ASSERT_EQ(storm.one_of.size(), 3U);
  EXPECT_EQ(storm.one_of[0].info, &faults::kCrash);
  EXPECT_EQ(storm.one_of[1].partition.kind, PartitionShape::Kind::kHalves);
  EXPECT_EQ(storm.one_of[2].partition.kind, PartitionShape::Kind::kBridge);
  const ChaosEntry& jump = plan[14];
  EXPECT_EQ(jump.every, (Range<Duration>{5_s, 5_s}));
  EXPECT_EQ(jump.from, Time{});
  EXPECT_EQ(jump.until, Time::never());
  EXPECT_EQ(jump.one_of.at(0).who.count, 2U);
}

TEST(ReadScenario, DefaultsAreTheStructs) {
  const ReadResult result = read_scenario("some/where/two-words.yaml", "protocol: raft\n", {});
  ASSERT_TRUE(result.scenario) << lines_of(result);
  const Scenario& s = *result.scenario;
  EXPECT_EQ(s.name, "two-words");
  EXPECT_EQ(s.nodes, Scenario{}.nodes);
  EXPECT_EQ(s.duration, Scenario{}.duration);
  EXPECT_EQ(s.world.seed, 1U);
  EXPECT_FALSE(s.workload);
  EXPECT_FALSE(s.checks);
  EXPECT_TRUE(s.progress);
  EXPECT_FALSE(s.steady);
  EXPECT_EQ(s.expect_violates, "");
  for (std::size_t i = 0; i < s.parameters.size(); ++i) {
    EXPECT_EQ(s.parameters[i], s.protocol->parameters[i].initial);
  }
}

TEST(ReadScenario, GroupsNameNodes) {
  const Scenario s = good(
      "groups: [{ name: east, count: 2 }, { name: gw }, { name: west, count: 3 }]\n"
      "workload: { kind: kv, clients: 1, think: 5ms }\n"
      "chaos:\n"
      "  - { at: 1s, crash: west }\n"
      "  - { at: 2s, isolate: [gw, n1, c1] }\n"
      "  - { at: 3s, partition: [east, [gw, west]] }\n");
  EXPECT_EQ(s.nodes, 6U);
  ASSERT_EQ(s.groups.size(), 3U);
  EXPECT_EQ(s.groups[1].name, "gw");
  EXPECT_EQ(s.groups[1].count, 1U);
  EXPECT_EQ(s.workload->think, 5_ms);
  EXPECT_EQ(s.workload->rate_millihertz, std::nullopt);
  ASSERT_EQ(s.chaos.size(), 3U);
  EXPECT_EQ(s.chaos[0].one_of[0].who.nodes, (std::vector{NodeId{4}, NodeId{5}, NodeId{6}}));
  EXPECT_EQ(s.chaos[1].one_of[0].who.nodes, (std::vector{NodeId{1}, NodeId{3}, NodeId{7}}));
  EXPECT_EQ(s.chaos[2].one_of[0].partition.groups[1].size(), 4U);
}

TEST(ReadScenario, Latencies) {
  const auto latency = [](const std::string& text) {
    return good("network: { latency: " + text + " }\n").world.network.latency.text();
  };
  EXPECT_EQ(latency("2ms"), Latency::constant(2_ms).text());
  EXPECT_EQ(latency("1ms..5ms"), Latency::uniform({1_ms, 5_ms}).text());
  EXPECT_EQ(latency("{ exponential: { mean: 2ms } }"), Latency::exponential(2_ms).text());
  EXPECT_EQ(latency("{ lognormal: { median: 1ms, p99: 12ms } }"),
            Latency::lognormal(1_ms, 12_ms).text());
  EXPECT_EQ(latency("{ pareto: { min: 1ms, alpha: 1.5 } }"), Latency::pareto(1_ms, 1.5).text());
}

TEST(ReadScenario, Topologies) {
  const auto topology = [](const std::string& text) {
    return good("nodes: 9\nnetwork: { topology: " + text + " }\n").world.network.topology;
  };
  EXPECT_EQ(topology("complete").kind, TopologyKind::kComplete);
  EXPECT_EQ(topology("line").kind, TopologyKind::kLine);
  EXPECT_EQ(topology("star").kind, TopologyKind::kStar);
  EXPECT_EQ(topology("tree").kind, TopologyKind::kTree);
  EXPECT_EQ(topology("grid").kind, TopologyKind::kGrid);
  EXPECT_EQ(topology("{ random: { degree: 8 } }").kind, TopologyKind::kRandom);
  EXPECT_EQ(topology("{ random: { degree: 8 } }").degree, 8U);
}

/// A folder with a scenario and a file of latencies beside it.
class Samples : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) /
              (std::string("seedbed-samples-") + test->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "s.yaml") << raft("network: { latency: { samples: s.csv } }\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  ReadResult with(const std::string& samples) {
    std::ofstream(folder_ / "s.csv", std::ios::binary) << samples;
    return read_scenario_file((folder_ / "s.yaml").string(), {});
  }
  std::filesystem::path folder_;
};

TEST_F(Samples, AreRead) {
  const ReadResult result = with("# ms\n1.5, 2\t3ms;0.004s\r\n72.44800000000001\n\n");
  ASSERT_TRUE(result.scenario) << lines_of(result);
  const Latency expected =
      Latency::samples({Duration(1'500'000), 2_ms, 3_ms, 4_ms, Duration(72'448'000)});
  for (std::uint64_t i = 0; i < 64; ++i) {
    EXPECT_EQ(result.scenario->world.network.latency.draw(i << 58), expected.draw(i << 58));
  }
}

TEST_F(Samples, ErrorsAreLocated) {
  const std::string csv = (folder_ / "s.csv").string();
  const std::string at = (folder_ / "s.yaml").string() + ":2:32: network.latency.samples: ";
  EXPECT_EQ(lines_of(with("1, 2\n3, fast\n")),
            csv +
                ":2:4: network.latency.samples: 'fast' is not a duration: a number with a unit "
                "(ns, us, ms, s, min, h), such as 150ms\n");
  EXPECT_EQ(lines_of(with("-1ms\n")),
            csv +
                ":1:1: network.latency.samples: '-1ms' is negative: allowed is 0s or more, such "
                "as 150ms\n");
  EXPECT_EQ(lines_of(with("# nothing\n")), at + csv + ": no values\n");
  std::filesystem::remove(folder_ / "s.csv");
  EXPECT_EQ(lines_of(read_scenario_file((folder_ / "s.yaml").string(), {})),
            at + csv + ": no such file\n");
  std::filesystem::create_directory(folder_ / "s.csv");
  EXPECT_EQ(lines_of(read_scenario_file((folder_ / "s.yaml").string(), {})),
            at + csv + ": not a regular file\n");
}

TEST(ReadScenario, VariantThenWith) {
  for (const Protocol* protocol : all_protocols()) {
    for (const VariantInfo& variant : protocol->variants) {
      const ReadResult result = read("protocol: " + std::string(protocol->name) +
                                     "\nnodes: 9\nvariant: " + std::string(variant.name) + "\n");
      ASSERT_TRUE(result.scenario) << lines_of(result);
      EXPECT_EQ(result.scenario->variant, variant.name);
      for (const auto& setting : variant.settings) {
        EXPECT_EQ(parameter(*result.scenario, setting.parameter), setting.value);
      }
    }
  }
}

TEST(ReadScenario, EveryMutantAndEveryInvariantHasItsName) {
  for (const Protocol* protocol : all_protocols()) {
    const std::string base = "nodes: 9\nprotocol: " + std::string(protocol->name) + "\n";
    std::string workload;
    for (const Workload* w : all_workloads()) {
      const bool serves = !protocol->workload.empty() && w->service == protocol->workload;
      if (serves) workload = fmt::format("\nworkload: {{ kind: {} }}", w->name);
    }
    for (const MutantInfo& mutant : protocol->mutants) {
      const ReadResult result =
          read(base + "mutant: " + std::string(mutant.name) +
               "\nexpect: { violates: " + std::string(mutant.dies_by) + " }" + workload);
      ASSERT_TRUE(result.scenario) << lines_of(result);
      EXPECT_EQ(result.scenario->mutant, mutant.name);
      EXPECT_EQ(result.scenario->expect_violates, mutant.dies_by);
    }
    for (const InvariantInfo& invariant : protocol->invariants) {
      EXPECT_EQ(errors_of(base + "check: [" + std::string(invariant.name) + "]\n"), "");
    }
  }
}

TEST(Read, HowSteadyTheServiceMustBe) {
  const ReadResult result =
      read(raft("workload: { kind: kv }\nprogress: { within: 3s, from: 10s }\n"));
  ASSERT_EQ(lines_of(result), "");
  ASSERT_TRUE(result.scenario->steady);
  EXPECT_TRUE(result.scenario->progress);
  EXPECT_EQ(result.scenario->steady->within, 3_s);
  EXPECT_EQ(result.scenario->steady->from, 10_s);
}

TEST(Read, WhatWasPublished) {
  const ReadResult figures =
      read(raft("published: { source: \"Figure 16\", measure: time_to_elect, trials: 100,\n"
                "  figures: { p50: 146ms, max: 512ms, mean: 156ms }, within: { p50: 6% } }\n"));
  ASSERT_EQ(lines_of(figures), "");
  const Published& p = *figures.scenario->published;
  EXPECT_EQ(p.source, "Figure 16");
  EXPECT_EQ(p.trials, 100U);
  ASSERT_EQ(p.measures.size(), 1U);
  const PublishedMeasure& m = p.measures[0];
  EXPECT_EQ(m.measure->name, "time_to_elect");
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    const std::string_view name = kFigures[i].name;
    EXPECT_EQ(m.figures[i].has_value(), name == "p50" || name == "max" || name == "mean");
    EXPECT_EQ(m.within[i].has_value(), name == "p50");
  }
  const ReadResult share =
      read(raft("published: { source: a, measure: split_vote, share: 0.059203%, interval: 99% }"));
  ASSERT_EQ(lines_of(share), "");
  EXPECT_EQ(share.scenario->published->measures[0].share->ppb, 592'030U);
  EXPECT_EQ(share.scenario->published->measures[0].interval, Probability::percent(99));
  const ReadResult least =
      read(raft("published: { source: a, measure: split_vote, at_least: 95% }"));
  ASSERT_EQ(lines_of(least), "");
  EXPECT_EQ(least.scenario->published->measures[0].at_least, Probability::percent(95));
}

TEST(Read, SeveralMeasuresOfTheSameTrials) {
  const ReadResult two =
      read(raft("published: { source: a, measures: [\n"
                "  { measure: split_vote, share: 5% },\n"
                "  { measure: time_to_elect, figures: { mean: 2ms, p99: 1s }, within: { mean: "
                "3% or 0.5ms, p99: 1ms } } ] }"));
  ASSERT_EQ(lines_of(two), "");
  const auto& measures = two.scenario->published->measures;
  ASSERT_EQ(measures.size(), 2U);
  EXPECT_EQ(measures[0].measure->name, "split_vote");
  std::string within;
  for (const auto& tolerance : measures[1].within) {
    if (tolerance) within += to_text(*tolerance) + "; ";
  }
  EXPECT_EQ(within, "1ms; 3% or 500us; ");
}

TEST(Forms, TimeDaemonsFaultPointsAndSpares) {
  const Scenario s = good(
      "nodes: 3\n"
      "spares: 2\n"
      "clocks: { ntp: { every: 64s, error: 2ms, slew: 300ppm, step: 1s } }\n"
      "fault_points: { chance: 5%, active: 25%, only: [one_entry, no_hint] }\n"
      "workload: { kind: kv, clients: 2 }\n"
      "chaos:\n"
      "  - { at: 1s, join: n5 }\n"
      "  - { at: 2s, crash: n4, for: 1s, skew: 50ms }\n"
      "  - { at: 3s, pause: c1, for: 1s }\n"
      "  - { at: 4s, slow: n1, by: 2.5x }\n"
      "  - { at: 5s, clock_drift: n1, by: -1ppm..2ppm }\n"
      "  - { at: 6s, kill: random(40% followers) }\n");
  EXPECT_EQ(s.spares, 2U);
  EXPECT_EQ(s.servers(), 5U);
  EXPECT_EQ(s.world.clocks.ntp.every, 64_s);
  EXPECT_EQ(s.world.clocks.ntp.error, 2_ms);
  EXPECT_EQ(s.world.clocks.ntp.slew_ppb, 300'000);
  EXPECT_EQ(s.world.clocks.ntp.step, 1_s);
  EXPECT_EQ(s.world.fault_points.chance, Probability::percent(5));
  EXPECT_EQ(s.world.fault_points.active, Probability::percent(25));
  EXPECT_EQ(s.world.fault_points.only, (std::vector<std::string>{"one_entry", "no_hint"}));
  const auto fault = [&](std::size_t i) { return s.chaos.at(i).one_of.at(0); };
  EXPECT_EQ(fault(0).info, &faults::kJoin);
  EXPECT_EQ(fault(0).who.nodes, std::vector{NodeId{5}});
  EXPECT_EQ(fault(1).skew, 50_ms);
  EXPECT_EQ(fault(2).who.nodes, std::vector{NodeId{6}}) << "clients come after the spares";
  EXPECT_EQ(fault(3).factor.permille, 2500U);
  EXPECT_EQ(fault(4).drift_ppb, (Range<std::int64_t>{-1'000, 2'000}));
  EXPECT_EQ(fault(5).who.share, Probability::percent(40));
  EXPECT_EQ(fault(5).who.role, "follower");
}

TEST(Properties, StandBesideTheChecks) {
  const auto checks = [](std::string_view list) {
    return *read(raft(fmt::format("workload: {{ kind: kv }}\ncheck: [{}]\n", list))).scenario;
  };
  const std::string_view property =
      "{ name: back, leads_to: { from: fault crash, to: any(role == leader), within: 3s } }";
  const Scenario only = checks(property);
  EXPECT_FALSE(only.checks) << "no name listed: all of them";
  ASSERT_EQ(only.properties.size(), 1U);
  EXPECT_EQ(only.properties[0].name, "back");
  EXPECT_EQ(only.properties[0].is, temporal::Operator::kLeadsTo);
  EXPECT_EQ(only.properties[0].from.text, "fault crash");
  EXPECT_EQ(only.properties[0].what.text, "any(role == leader)");
  EXPECT_EQ(only.properties[0].within, 3_s);
  const Scenario both = checks(fmt::format("log_matching, {}", property));
  EXPECT_EQ(both.checks, std::vector<std::string>{"log_matching"});
  EXPECT_EQ(both.properties.size(), 1U);
  EXPECT_TRUE(checks("").checks->empty());
}

TEST(Properties, BindAsPeopleRead) {
  const auto words = words_of_properties(*find_protocol("raft"));
  const auto parsed = parse_formula("not up == 1 and up == 2 or up == 3", words);
  ASSERT_TRUE(parsed.value) << parsed.error;
  EXPECT_EQ(parsed.value->kind, temporal::Formula::Kind::kOr);
  ASSERT_EQ(parsed.value->parts.size(), 2U);
  EXPECT_EQ(parsed.value->parts[0].kind, temporal::Formula::Kind::kAnd);
  EXPECT_EQ(parsed.value->parts[0].parts[0].kind, temporal::Formula::Kind::kNot);
  EXPECT_EQ(parsed.value->parts[0].text, "not up == 1 and up == 2");
}

TEST(Properties, AnyTextIsReadOrRefused) {
  const auto words = words_of_properties(*find_protocol("raft"));
  constexpr std::string_view kPieces[] = {"all",   "any",
                                          "count", "(",
                                          ")",     "up",
                                          "time",  "==",
                                          "<",     "3",
                                          "3s",    "not",
                                          "and",   "fault",
                                          "or",    "crash",
                                          "role",  "leader",
                                          "'",     "-",
                                          "last",  "99999999999999999999",
                                          "."};
  Rng rng(7);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    const std::uint64_t count = rng.below(12);
    for (std::uint64_t k = 0; k < count; ++k) {
      text += kPieces[rng.below(std::size(kPieces))];
      if (rng.below(4) != 0) text += ' ';
    }
    const auto parsed = parse_formula(text, words);
    EXPECT_NE(parsed.value.has_value(), !parsed.error.empty()) << text;
    accepted += parsed.value.has_value() ? 1 : 0;
  }
  EXPECT_GT(accepted, 0);
  EXPECT_FALSE(parse_formula(std::string(3000, '('), words).value);
}

}  // namespace
}  // namespace seedbed
