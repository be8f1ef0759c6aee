// What is written down in a scenario instead of drawn: decisions about messages, operations, and
// the lines in which a run's faults are written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sim/chaos/fault.h"
#include "sim/scenario/scenario_lines.h"
#include "sim/scenario/yaml_line.h"
#include "sim/scenario/yaml_text.h"
#include "tests/scenario/support.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

using namespace testing_scenario;
using ::testing::IsNull;

constexpr NodeId n1{1}, n3{3}, c1{4};

TEST(Decisions, AreReadByWhatHappensToTheMessage) {
  const ReadResult result = read(raft(R"(nodes: 3
workload: { kind: kv, clients: 2 }
decisions:
  - { delay: Request, from: c1, to: n3, sent: 1.25s, nth: 2, by: 40ms }
  - { lose: AppendEntries, from: n1, to: n3, sent: 1200us }
  - { duplicate: Request, from: c1, to: n3, sent: 1.25s, nth: 2, by: 0ms }
)"));
  ASSERT_EQ(lines_of(result), "");
  const std::vector<Decision> expected = {
      {Decision::Kind::kLose, {n1, n3, Time{} + 1200_us, 0}, "AppendEntries", {}},
      {Decision::Kind::kDelay, {c1, n3, Time{} + 1250_ms, 2}, "Request", 40_ms},
      {Decision::Kind::kDuplicate, {c1, n3, Time{} + 1250_ms, 2}, "Request", {}}};
  EXPECT_EQ(*result.scenario->world.network.decisions, expected) << "sorted by message";
  for (const Decision& d : expected) {
    const ReadResult again = read(
        raft(fmt::format("nodes: 3\nworkload: {{ kind: kv }}\ndecisions: [{}]", line_of(d, 3))));
    ASSERT_EQ(lines_of(again), "") << line_of(d, 3);
    EXPECT_EQ(again.scenario->world.network.decisions->front(), d);
  }
}

TEST(Decisions, NoneIsNothing) {
  EXPECT_THAT(read(raft("decisions: []")).scenario->world.network.decisions, IsNull());
}

TEST(Operations, ListedOnesAreReadAsTheyAreWritten) {
  const ReadResult result = read(raft(R"(nodes: 3
workload:
  kind: kv
  clients: 2
  operations:
    - { at: 1s, client: c2, write: 3, value: 7 }
    - { at: 1.5s, client: c1, cas: 3, expected: 7, value: 8 }
    - { at: 1.5s, client: c1, cas: 4, value: 9 }
    - { at: 2s, client: c1, read: 3 }
)"));
  ASSERT_EQ(lines_of(result), "");
  using kv::Function;
  const std::vector<ListedOperation> expected = {
      {Time{} + 1_s, 1, {Function::kWrite, 3, 7, kv::kNil}},
      {Time{} + 1500_ms, 0, {Function::kCas, 3, 8, 7}},
      {Time{} + 1500_ms, 0, {Function::kCas, 4, 9, kv::kNil}},
      {Time{} + 2_s, 0, {Function::kRead, 3, kv::kNil, kv::kNil}}};
  EXPECT_EQ(result.scenario->workload->listed, expected);
  for (const ListedOperation& op : expected) {
    const std::string line = line_of(op);
    const ReadResult again =
        read(raft(fmt::format("workload: {{ kind: kv, clients: 2, operations: [{}] }}", line)));
    ASSERT_EQ(lines_of(again), "") << line;
    EXPECT_EQ(again.scenario->workload->listed.front(), op);
  }
}

/// The line of a concrete fault means that fault.
TEST(FaultLines, EveryFaultIsReadAsItIsWritten) {
  const std::vector<std::string> entries = {
      "crash: n1, for: 1s, skew: 5ms",
      "crash: [n1, n2]",
      "kill: n2",
      "wipe: n1, for: 1.5s",
      "pause: [n1, n3], for: 200ms",
      "slow: n1, by: 10.500x, for: 1s",
      "join: n6",
      "leave: n1",
      "isolate: n3, for: 1s",
      "partition: [[n1], [n2, n3]], for: 1s",
      "one_way: { from: n1, to: [n2, n3] }",
      "cut: [n1, n2], for: 3s",
      "flap: [n1, n2], every: 20ms..200ms, for: 1s",
      "swizzle: [n1, n2], step: 50ms",
      "loss: 100%, on: n2, only: AppendEntries, for: 600ms",
      "delay: 5ms, on: { from: n1, to: c1 }, for: 1s",
      "duplicate: 50%",
      "reorder: { chance: 5%, by: 1ms..50ms }",
      "corrupt: 1%, for: 1s",
      "bandwidth: 100000bps, on: n1, for: 1s",
      "clock_jump: n1, by: -500ms",
      "clock_drift: n1, by: -200000ppb..200000ppb, for: 1s",
      "clock_freeze: n1, for: 1s",
      "disk_slow: n1, by: 5ms..50ms, for: 1s",
      "disk_full: n1, for: 1s",
      "disk_error: n1, chance: 10%, for: 1s",
      "torn_write: n1, for: 1s",
      "lose_tail: n1, entries: 3, for: 1s",
      "bit_rot: n1, bits: 10",
      "sync_lies: n1, for: 1s",
      "misdirect: n1, chance: 0.1%, for: 1s",
      "heal: all",
      "transfer_leadership: n1",
  };
  std::set<const FaultInfo*> seen;
  for (const std::string& entry : entries) {
    const std::string line = fmt::format("{{ at: 1.5s, {} }}", entry);
    const ReadResult result = read(raft(fmt::format(
        "nodes: 5\nspares: 1\nworkload: {{ kind: kv, clients: 1 }}\nchaos: [{}]", line)));
    ASSERT_EQ(lines_of(result), "") << line;
    const ChaosEntry& read = result.scenario->chaos.front();
    seen.insert(read.one_of[0].info);
    EXPECT_EQ(line_of(*read.at, read.one_of[0], 6), line);
  }
  for (const FaultInfo* info : all_faults()) EXPECT_TRUE(seen.contains(info)) << info->name;
}

/// A document loses comments and layout, and nothing else.
TEST(YamlText, EveryScenarioIsReadAsItIsWritten) {
  for (const std::string& name : testing::scenario_files()) {
    const std::string text = slurp(fmt::format("{}/scenarios/{}", SEEDBED_SOURCE_DIR, name));
    Errors errors({name});
    const auto root = parse_yaml(text, 0, "", errors);
    ASSERT_TRUE(root.has_value());
    const std::string document = to_document(*root);
    const auto again = parse_yaml(document, 0, "", errors);
    ASSERT_TRUE(again.has_value()) << document;
    EXPECT_EQ(to_line(*again), to_line(*root));
    EXPECT_EQ(to_document(*again), document);
  }
}

}  // namespace
}  // namespace seedbed
