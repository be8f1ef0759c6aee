// `--set PATH=VALUE`: judged as if it stood in the file.
#include <gtest/gtest.h>

#include "tests/scenario/support.h"

namespace seedbed {
namespace {

using namespace testing_scenario;

const std::string kBase = raft(
    "nodes: 5\n"
    "network: { loss: 1% }\n"
    "chaos:\n"
    "  - { at: 5s, crash: leader, for: 10s }\n"
    "  - { at: 6s, crash: n5 }\n");

Scenario with(const std::vector<Setting>& settings) {
  const ReadResult result = read(kBase, settings);
  EXPECT_EQ(lines_of(result), "");
  return result.scenario.value_or(Scenario{});
}
std::string errors_with(const std::vector<Setting>& settings) { return errors_of(kBase, settings); }

TEST(Settings, ReplaceAndCreate) {
  EXPECT_EQ(with({{"network.loss", "2%"}}).world.network.loss.chance, Probability::percent(2));
  EXPECT_EQ(with({{"network.duplicate", "3%"}}).world.network.duplicate, Probability::percent(3));
  EXPECT_EQ(with({{"clocks.skew", "7ms"}}).world.clocks.skew, 7_ms);
  EXPECT_EQ(with({{"with.heartbeat", "20ms"}, {"seed", "7"}}).world.seed, 7U);
  EXPECT_EQ(with({{"seed", "7"}, {"seed", "8"}}).world.seed, 8U);
  EXPECT_EQ(with({{"workload", "{ kind: kv, clients: 2 }"}}).workload->clients, 2U);
  EXPECT_EQ(with({{"workload.kind", "kv"}, {"workload.keys", "9"}}).workload->keys, 9U);
}

TEST(Settings, ListsByIndex) {
  const Range<Duration> three{3_s, 3_s};
  EXPECT_EQ(with({{"chaos.0.for", "3s"}}).chaos[0].one_of[0].lasts, three);
  EXPECT_EQ(with({{"chaos[0].for", "3s"}}).chaos[0].one_of[0].lasts, three);
  EXPECT_EQ(with({{"chaos[0].for", "3s"}}).chaos[0].text, "{ at: 5s, crash: leader, for: 3s }");
  EXPECT_EQ(with({{"chaos.2", "{ at: 7s, heal: all }"}}).chaos.size(), 3U);
  EXPECT_EQ(with({{"check[0]", "log_matching"}}).checks, std::vector<std::string>{"log_matching"});
  EXPECT_TRUE(with({{"chaos", "[]"}}).chaos.empty());
}

TEST(Settings, ErrorsNameTheSetting) {
  EXPECT_EQ(errors_with({{"network.los", "2%"}}),
            "--set network.los: no such key; did you mean 'loss'?\n");
  EXPECT_EQ(
      errors_with({{"network.loss", "2"}}),
      "--set network.loss: '2' is not a percentage: a number from 0% to 100%, such as 0.5%\n");
  EXPECT_EQ(errors_with({{"chaos.0.for", "soon"}}),
            "--set chaos[0].for: 'soon' is not a duration or a range of them: such as 150ms or "
            "150ms..300ms\n");
  EXPECT_EQ(errors_with({{"chaos", "[{ at: 5s, crsh: n1 }]"}}),
            "--set chaos: chaos[0].crsh: no such fault; did you mean 'crash'?\n");
  EXPECT_EQ(errors_with({{"nodes", "4"}}),
            "test.yaml:6:22: chaos[1].crash: 'n5' is nobody here: there are n1 to n4\n");
  EXPECT_EQ(errors_with({{"chaos[7].for", "3s"}}),
            "--set chaos[7].for: chaos has 2 items: from [0], and [2] adds one\n");
  EXPECT_EQ(errors_with({{"chaos.crash", "n1"}}),
            "--set chaos.crash: chaos is a list: an index follows, such as [0]\n");
  EXPECT_EQ(errors_with({{"network.0", "n1"}}),
            "--set network[0]: network is a map: name a key of it\n");
  EXPECT_EQ(errors_with({{"nodes.count", "3"}}),
            "--set nodes.count: nodes is '5', which has nothing below it; set it as a whole\n");
}

TEST(Settings, BadPathsAndValues) {
  const std::string no_path =
      ": not a path: keys and indices, such as network.loss or chaos[0].for\n";
  for (const std::string path : {"", ".", "a..b", "a.", ".a", "a b", "a[", "a[]", "a[-1]", "ä",
                                 "chaos[99999999999999999999]"}) {
    const std::string errors = errors_with({{path, "1"}});
    EXPECT_NE(errors, "") << path;
    EXPECT_EQ(errors.find("--set "), 0U) << errors;
  }
  EXPECT_EQ(errors_with({{"a..b", "1"}}), "--set a..b" + no_path);
  EXPECT_EQ(errors_with({{"seed", " "}}), "--set seed: no value; it is --set PATH=VALUE\n");
  EXPECT_EQ(errors_with({{"seed", "[1"}}).find("--set seed: not valid YAML"), 0U);
  EXPECT_EQ(errors_with({{"seed", std::string("1\0", 2)}}),
            "--set seed: not text: the control character 0x00\n");
}

TEST(Settings, AllErrorsInOneGo) {
  EXPECT_EQ(
      errors_of(raft("nodes: 0\n"), {{"seed", "-1"}, {"network.loss", "2"}}),
      "test.yaml:2:8: nodes: '0' is out of bounds: allowed is 1 to 1000000\n"
      "--set seed: '-1' is out of bounds: allowed is 0 to 9223372036854775807\n"
      "--set network.loss: '2' is not a percentage: a number from 0% to 100%, such as 0.5%\n");
}

}  // namespace
}  // namespace seedbed
