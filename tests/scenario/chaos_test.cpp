// Random streams of chaos entries: named by their content or id, never by their position.
#include <gtest/gtest.h>

#include <set>

#include "sim/chaos/fault.h"
#include "tests/scenario/support.h"

namespace seedbed {
namespace {

using namespace testing_scenario;

ChaosPlan plan_of(const std::string& entries) {
  const ReadResult result = read(raft(fmt::format("nodes: 5\nspares: 1\nchaos:\n{}", entries)));
  EXPECT_EQ(lines_of(result), "") << entries;
  return result.scenario ? result.scenario->chaos : ChaosPlan{};
}

constexpr const char* kFirst = "  - { at: 5s, crash: leader }\n";
constexpr const char* kSecond = "  - { every: 1s..2s, isolate: [n1, n2], for: 3s }\n";
constexpr const char* kThird = "  - { id: third, at: 7s, crash: leader }\n";

TEST(ChaosStreams, RemovingAnEntryLeavesTheOthers) {
  const ChaosPlan all = plan_of(fmt::format("{}{}{}", kFirst, kSecond, kThird));
  const ChaosPlan rest = plan_of(fmt::format("{}{}", kSecond, kThird));
  ASSERT_EQ(all.size(), 3U);
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(all[1].stream, rest[0].stream);
  EXPECT_EQ(all[2].stream, rest[1].stream);
  EXPECT_EQ(std::set({all[0].stream, all[1].stream, all[2].stream}).size(), 3U);
}

TEST(ChaosStreams, CommentsSpacingAndQuotesDoNotCount) {
  const ChaosPlan flow = plan_of(kSecond);
  const ChaosPlan block = plan_of(
      "    # a comment\n"
      "    - every:   \"1s..2s\"   # another\n"
      "      isolate:\n"
      "        - n1\n"
      "        - 'n2'\n"
      "      for: 3s\n");
  ASSERT_EQ(flow.size(), 1U);
  ASSERT_EQ(block.size(), 1U);
  EXPECT_EQ(flow[0].text, "{ every: 1s..2s, isolate: [n1, n2], for: 3s }");
  EXPECT_EQ(flow[0].text, block[0].text);
  EXPECT_EQ(flow[0].stream, block[0].stream);
}

TEST(ChaosStreams, EqualEntriesDiffer) {
  const ChaosPlan plan = plan_of(fmt::format("{0}{0}{0}", kFirst));
  ASSERT_EQ(plan.size(), 3U);
  EXPECT_EQ(std::set({plan[0].stream, plan[1].stream, plan[2].stream}).size(), 3U);
  EXPECT_EQ(plan[0].stream, plan_of(kFirst)[0].stream);
}

TEST(ChaosStreams, AnIdNamesTheStreamWhateverTheContent) {
  const ChaosPlan one = plan_of("  - { id: a, at: 5s, crash: leader }\n");
  const ChaosPlan other = plan_of("  - { id: a, at: 6s, crash: n1, for: 1s }\n");
  EXPECT_EQ(one[0].stream, other[0].stream);
  EXPECT_EQ(one[0].stream, hash_text("a"));
}

TEST(ChaosStreams, AliasesAreTheirContent) {
  const ChaosPlan plan = plan_of(
      "  - &a { at: 5s, crash: leader }\n"
      "  - { at: 5s, crash: leader }\n"
      "  - *a\n");
  ASSERT_EQ(plan.size(), 3U);
  EXPECT_EQ(plan[0].text, plan[2].text);
  EXPECT_EQ(std::set({plan[0].stream, plan[1].stream, plan[2].stream}).size(), 3U);
}

TEST(ChaosTimes, ARangeIsATimeToBeDrawn) {
  const ChaosPlan plan = plan_of("  - { at: 1s..1.075s, heal: all }\n  - { at: 2s, heal: all }\n");
  ASSERT_EQ(plan.size(), 2U);
  EXPECT_EQ(plan[0].at, Time{} + 1_s);
  EXPECT_EQ(plan[0].spread, 75_ms);
  EXPECT_EQ(plan[1].spread, Duration{});
}

TEST(Faults, DisksAndLinks) {
  const ChaosPlan plan = plan_of(
      "  - { at: 1s, disk_slow: leader, by: 1s..3s, for: 10s }\n"
      "  - { at: 2s, lose_tail: random(2), entries: 3, for: 1s }\n"
      "  - { at: 3s, cut: [n1, n4], for: 2s }\n"
      "  - { at: 4s, cut: followers }\n"
      "  - { at: 5s, partition: ring, for: 2s }\n");
  ASSERT_EQ(plan.size(), 5U);
  const auto fault = [&](std::size_t i) -> const Fault& { return plan[i].one_of[0]; };
  EXPECT_EQ(fault(0).info, &faults::kDiskSlow);
  EXPECT_EQ(fault(0).by.max, 3_s);
  EXPECT_EQ(fault(1).info, &faults::kLoseTail);
  EXPECT_EQ(fault(1).entries, 3U);
  EXPECT_EQ(fault(2).info, &faults::kCut);
  EXPECT_EQ(fault(2).who.nodes, (std::vector{NodeId{1}, NodeId{4}}));
  EXPECT_EQ(fault(4).partition.kind, PartitionShape::Kind::kRing);
}

TEST(Faults, EveryOneIsDescribed) {
  for (const FaultInfo* each : all_faults()) {
    const FaultInfo& info = *each;
    EXPECT_FALSE(info.about.empty());
    EXPECT_FALSE(info.source.empty());
    ASSERT_FALSE(info.fields.empty());
    EXPECT_EQ(info.fields[0].name, info.name);
    EXPECT_TRUE(info.fields[0].required);
    for (const FaultField& field : info.fields) EXPECT_FALSE(field.about.empty());
  }
}

/// The fault's keys, `field` with `value` and the others with the first of what a swarm tries.
std::string entry_with(const FaultInfo& info, const FaultField& field, std::string_view value) {
  std::string keys;
  for (const FaultField& other : info.fields) {
    const std::string_view said = &other == &field ? value : swarm_values(other.swarm, 5).front();
    if (!said.empty()) keys += fmt::format(", {}: {}", other.name, said);
  }
  return fmt::format("  - {{ {}{} }}\n", info.once ? "at: 1s" : "every: 1s..2s", keys);
}

TEST(Faults, ASwarmsValuesAreGoodOnes) {
  for (const FaultInfo* info : all_faults()) {
    for (const FaultField& field : info->fields) {
      if (info->fields[0].swarm.empty()) continue;  // not for swarms
      for (const std::string_view value : swarm_values(field.swarm, 5)) {
        EXPECT_FALSE(field.required && value.empty()) << info->name << "." << field.name;
        EXPECT_EQ(plan_of(entry_with(*info, field, value)).size(), 1U);
      }
    }
  }
}

}  // namespace
}  // namespace seedbed
