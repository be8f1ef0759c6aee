// What `network:` may say, form by form, and the files that it names.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "sim/scenario/graphml.h"
#include "sim/scenario/latency_matrix.h"
#include "sim/world/topology.h"
#include "tests/scenario/support.h"
#include "tests/support/shared_folder.h"

namespace seedbed {
namespace {

using namespace testing_scenario;

Scenario good(const std::string& lines) {
  const ReadResult result = read_scenario(file_here("testdata/test.yaml"), raft(lines), {});
  EXPECT_EQ(lines_of(result), "") << lines;
  return result.scenario.value_or(Scenario{});
}
NetworkConfig network(const std::string& flow) {
  return good("network: " + flow + "\n").world.network;
}
std::string bad(const std::string& lines) {
  const std::string file = file_here("testdata/test.yaml");
  std::string errors = lines_of(read_scenario(file, raft(lines), {}));
  const std::string folder = file_here("testdata/");
  for (std::size_t at = 0; (at = errors.find(folder, at)) != errors.npos;) {
    errors.erase(at, folder.size());
  }
  return errors;
}

TEST(NetworkForm, Loss) {
  EXPECT_EQ(network("{ loss: 2% }").loss.chance, Probability::percent(2));
  EXPECT_FALSE(network("{ loss: 2% }").loss.bursts);
  const Loss timed = network("{ loss: { burst: { every: 2s, for: 50ms, good: 1% } } }").loss;
  EXPECT_EQ(timed.bursts.bad_for, 50_ms);
  EXPECT_EQ(timed.bursts.good_for, 1950_ms);
  EXPECT_EQ(timed.chance, Probability::percent(1));
  EXPECT_EQ(timed.burst_chance, Probability::percent(100));
  const Loss stepped =
      network("{ loss: { burst: { enter: 1%, leave: 25%, step: 10ms, bad: 60% } } }").loss;
  EXPECT_EQ(stepped.bursts.good_for,
            Bursts::stepping(10_ms, Probability::percent(1), Probability::percent(25)).good_for);
  EXPECT_EQ(stepped.burst_chance, Probability::percent(60));
}

TEST(NetworkForm, UplinksAndStreams) {
  const NetworkConfig narrow = network("{ bandwidth: { rate: 10Mbps, queue: 64KiB } }");
  EXPECT_EQ(narrow.bandwidth, 10'000'000U);
  EXPECT_EQ(narrow.queue, 65'536U);
  EXPECT_EQ(network("{ bandwidth: unlimited }").bandwidth, 0U);
  EXPECT_FALSE(network("{ order: any }").streams);
  EXPECT_EQ(network("{ order: fifo }").streams->retransmit, 200_ms);
  EXPECT_EQ(network("{ order: { fifo: { reset_after: 3s } } }").streams->reset_after, 3_s);
}

TEST(NetworkForm, Links) {
  const NetworkConfig n = good(
                              "nodes: 3\nnetwork:\n  links:\n"
                              "    - { from: n1, to: [n2, c1], both_ways: true, loss: 1% }\n"
                              "    - { from: all, to: n3, latency: 50ms }\n"
                              "workload: { kind: kv, clients: 1 }\n")
                              .world.network;
  ASSERT_EQ(n.links.size(), 2U);
  EXPECT_TRUE(n.links[0].joins({1}, {2}) && n.links[0].joins({2}, {1}));
  EXPECT_TRUE(n.links[0].joins({4}, {1})) << "a client";
  EXPECT_FALSE(n.links[0].joins({2}, {4}) || n.links[0].latency.has_value());
  EXPECT_TRUE(n.links[1].joins({2}, {3}));
  EXPECT_FALSE(n.links[1].joins({3}, {2}));
  EXPECT_EQ(n.links[1].latency->text(), "50ms");
}

TEST(NetworkForm, DrawnTopologies) {
  const TopologyConfig small =
      good("nodes: 9\nnetwork: { topology: { small_world: { degree: 6, rewire: 25% } } }\n")
          .world.network.topology;
  EXPECT_EQ(small.kind, TopologyKind::kSmallWorld);
  EXPECT_EQ(small.degree, 6U);
  EXPECT_EQ(small.rewire, Probability::percent(25));
  const TopologyConfig free =
      good("nodes: 9\nnetwork: { topology: { scale_free: { links: 3 } } }\n")
          .world.network.topology;
  EXPECT_EQ(free.kind, TopologyKind::kScaleFree);
  EXPECT_EQ(free.degree, 3U);
}

TEST(NetworkForm, AGraphBringsItsNodes) {
  const Scenario s = good("network: { topology: { graphml: house.graphml } }\n");
  EXPECT_EQ(s.nodes, 5U) << "left out, nodes follows the graph";
  const Topology t = Topology::make(s.world.network.topology, 5, 1);
  EXPECT_EQ(t.edges().size(), 6U) << "a double edge and a loop are gone";
  EXPECT_EQ(t.hops({1}, {5}), 2U);
  EXPECT_EQ(bad("nodes: 4\nnetwork: { topology: { graphml: house.graphml } }\n"),
            "test.yaml:3:22: network.topology: a topology of 5 nodes, and there are 4; left out, "
            "nodes follows it\n");
}

TEST(NetworkForm, RegionsFromEveryKindOfFile) {
  for (const std::string file : {"regions.csv", "regions.json", "regions.js"}) {
    const Scenario s = good("network: { topology: { regions: " + file +
                            ", place: { west: 2, east: 3 }, jitter: 0ms..1ms } }\n"
                            "chaos: [ { at: 1s, crash: west }, { at: 2s, isolate: [east] } ]\n");
    EXPECT_EQ(s.nodes, 5U);
    const Regions& r = *s.world.network.topology.regions;
    ASSERT_EQ(r.latency.size(), 4U) << file;
    EXPECT_EQ(r.latency[0], std::nullopt) << "zero on the diagonal: nobody measured it";
    EXPECT_EQ(r.latency[1], 35_ms) << "half of the round trip";
    EXPECT_EQ(r.latency[2], 36'250_us);
    EXPECT_EQ(r.latency[3], 1_ms);
    EXPECT_EQ(s.chaos[0].one_of[0].who.nodes, (std::vector{NodeId{1}, NodeId{2}}));
    EXPECT_EQ(s.chaos[1].one_of[0].who.nodes, (std::vector{NodeId{3}, NodeId{4}, NodeId{5}}));
  }
  const Scenario s = good(
      "network: { topology: { regions: numbers.txt, unit: s, values: one_way, clients: r2, "
      "place: { r2: 1, r1: 1 } } }\n");
  const Regions& r = *s.world.network.topology.regions;
  EXPECT_EQ(r.latency[1], 72'500_us * 1000 / 1000);
  EXPECT_EQ(r.latency[2], 70_ms);
  EXPECT_EQ(r.clients, 0U);
}

TEST(NetworkForm, AFlapHasAnEveryOfItsOwn) {
  const Scenario s = good(
      "nodes: 3\nchaos:\n  - { at: 5s, flap: [n1, n2], every: 100ms..200ms, for: 3s }\n"
      "  - { every: 9s, one_of: [ { flap: random(2), every: 1s, for: 2s } ] }\n"
      "  - { at: 1s, loss: 5%, on: { from: n1, to: [n2, n3] } }\n"
      "  - { at: 1s, swizzle: random(2), step: 1s, for: 9s }\n"
      "  - { at: 1s, bandwidth: 1Mbps, on: n1 }\n"
      "  - { at: 1s, partition: random, for: 1s }\n");
  EXPECT_EQ(s.chaos[0].one_of[0].by, (Range<Duration>{100_ms, 200_ms}));
  EXPECT_EQ(s.chaos[0].every, (Range<Duration>{}));
  EXPECT_EQ(s.chaos[1].every, (Range<Duration>{9_s, 9_s}));
  EXPECT_EQ(s.chaos[1].one_of[0].by, (Range<Duration>{1_s, 1_s}));
  ASSERT_TRUE(s.chaos[2].one_of[0].on.link);
  EXPECT_EQ(s.chaos[2].one_of[0].on.link->to.nodes, (std::vector{NodeId{2}, NodeId{3}}));
  EXPECT_EQ(s.chaos[4].one_of[0].rate.bits, 1'000'000U);
  EXPECT_EQ(s.chaos[5].one_of[0].partition.kind, PartitionShape::Kind::kRandom);
}

TEST(NetworkForm, FilesThatAreWrongSayWhere) {
  const auto regions = [](const std::string& file) {
    return bad("network: { topology: { regions: " + file + ", place: { west: 1, east: 1 } } }\n");
  };
  EXPECT_EQ(regions("nowhere.csv"),
            "test.yaml:2:33: network.topology.regions: nowhere.csv: no such file\n");
  EXPECT_EQ(regions("wrong.csv"),
            "wrong.csv:2:8: network.topology.regions: 'far' is not a duration: a number with a "
            "unit (ns, us, ms, s, min, h), such as 150ms\n");
  EXPECT_EQ(regions("numbers.txt"),
            "test.yaml:2:55: network.topology.place.west: 'west' is no region of the file; there "
            "are r1, r2\n"
            "test.yaml:2:64: network.topology.place.east: 'east' is no region of the file; there "
            "are r1, r2\n");
  const auto graph = [](const std::string& file) {
    return bad("network: { topology: { graphml: " + file + " } }\n");
  };
  EXPECT_EQ(graph("deep.graphml"),
            "test.yaml:2:33: network.topology.graphml: deep.graphml: elements more than 32 deep\n");
  EXPECT_EQ(graph("entity.graphml"),
            "test.yaml:2:33: network.topology.graphml: entity.graphml: a document type or "
            "entities, which a graph has no use for\n");
  EXPECT_EQ(graph("regions.csv").substr(0, 74),
            "test.yaml:2:33: network.topology.graphml: regions.csv: not GraphML: <unspe");
}

// --- files from the world, where they are

struct Reading {
  YamlNode node;
  Errors errors{{"test.yaml"}};
  ReadContext context{errors, ""};
  Cursor at{node, context};
};

TEST(RealFiles, EveryGraphOfTheTopologyZooLoads) {
  const std::string folder = testing::shared_folder() + "/topologies";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  std::size_t graphs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".graphml") continue;
    Reading reading;
    const auto graph = read_graphml_file(reading.at, entry.path().string());
    ASSERT_NE(graph, nullptr) << entry.path() << reading.errors.take().front().message;
    TopologyConfig config;
    config.kind = TopologyKind::kGraph;
    config.graph = graph;
    const Topology t = Topology::make(config, graph->nodes, 1);
    EXPECT_LE(t.edges().size(), graph->edges.size());
    EXPECT_GE(graph->nodes, 2U) << entry.path();
    ++graphs;
  }
  EXPECT_GE(graphs, 100U);
}

TEST(RealFiles, EveryLatencyMatrixLoads) {
  const std::string folder = testing::shared_folder() + "/latency";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  std::size_t matrices = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool matrix =
        name.find("Data_") != name.npos || name.starts_with("aws") || name == "azure_latency.csv";
    if (!entry.is_regular_file() || !matrix) continue;
    Reading reading;
    const auto m = read_latency_matrix(reading.at, entry.path().string(), false);
    ASSERT_TRUE(m) << name << ": " << reading.errors.take().front().message;
    EXPECT_GE(m->names.size(), 20U) << name;
    std::size_t known = 0;
    for (const auto& value : m->values) known += value.has_value();
    EXPECT_GE(known, m->values.size() * 9 / 10) << name;
    ++matrices;
  }
  EXPECT_GE(matrices, 4U);
}

}  // namespace
}  // namespace seedbed
