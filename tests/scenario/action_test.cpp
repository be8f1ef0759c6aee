// What a protocol adds to the faults, as a scenario asks for it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/scenario/errors.h"
#include "sim/scenario/fault_form.h"
#include "tests/scenario/support.h"
#include "tests/support/sleeper.h"

namespace seedbed {
namespace {

using namespace testing_scenario;

const bool kRegistered = add_protocol(testing::kSleeper);

std::string sleeper(std::string_view entries) {
  EXPECT_TRUE(kRegistered);
  return fmt::format("protocol: sleeper\nnodes: 5\nchaos:\n{}", entries);
}

TEST(Actions, AreFaultsOfOneKey) {
  const ReadResult result = read(
      sleeper("  - { at: 5s, wake: [n1, n2, n4] }\n"
              "  - { every: 1s..2s, one_of: [ { wake: asleep }, { crash: n1 }, { shake: all } ] }\n"
              "  - { every: 3s, wake: random(2) }\n"));
  ASSERT_EQ(lines_of(result), "");
  const ChaosPlan& plan = result.scenario->chaos;
  const Fault& first = plan[0].one_of[0];
  EXPECT_EQ(first.info, &faults::kAction);
  EXPECT_EQ(first.action, &testing::kSleeper.actions[0]);
  EXPECT_EQ(first.who.nodes, (std::vector{NodeId{1}, NodeId{2}, NodeId{4}}));
  EXPECT_EQ(name_of(first), "wake");
  EXPECT_EQ(name_of(plan[1].one_of[0]), "wake");
  EXPECT_EQ(name_of(plan[1].one_of[1]), "crash");
  EXPECT_EQ(name_of(plan[1].one_of[2]), "shake");
  EXPECT_EQ(plan[2].one_of[0].who.count, 2U);
}

TEST(Actions, WhatIsWrongWithThemIsTold) {
  EXPECT_EQ(errors_of(sleeper("  - { at: 1s, wakee: n1 }\n"
                              "  - { at: 2s, wake: n9 }\n"
                              "  - { at: 3s, wake: n1, for: 2s }\n"
                              "  - { at: 4s, crash: n1, shake: n2 }\n"
                              "  - { at: 5s, wake: n1, shake: n2 }\n"
                              "  - { at: 6s }\n"
                              "  - { at: 7s, one_of: [ { shale: n1 } ] }\n")),
            "test.yaml:4:15: chaos[0].wakee: no such fault; did you mean 'wake'?\n"
            "test.yaml:5:21: chaos[1].wake: 'n9' is nobody here: there are n1 to n5\n"
            "test.yaml:6:25: chaos[2].for: wake takes no 'for'; it takes at, every, from, until, "
            "id, keep, wake\n"
            "test.yaml:7:26: chaos[3].shake: a second fault beside 'crash'; an entry holds one, or "
            "one_of\n"
            "test.yaml:8:25: chaos[4].shake: a second fault beside 'wake'; an entry holds one, or "
            "one_of\n"
            "test.yaml:9:5: chaos[5]: names no fault; one of " +
                listed(fault_names(&testing::kSleeper)) +
                "\n"
                "test.yaml:10:27: chaos[6].one_of[0].shale: no such fault; did you mean "
                "'shake'?\n");
}

TEST(Actions, ThoseOfAnotherProtocolAreNotThisOnes) {
  EXPECT_EQ(errors_of(raft("chaos:\n  - { at: 1s, wake: n1 }\n")),
            "test.yaml:3:15: chaos[0].wake: an action of sleeper; the protocol here is raft\n");
  EXPECT_EQ(errors_of("protocol: reft\nchaos:\n  - { at: 1s, wake: n1 }\n"),
            "test.yaml:1:11: protocol: 'reft' is no protocol; did you mean 'raft'?\n");
}

TEST(Actions, TheSchemaKnowsThemAll) {
  const auto schema = nlohmann::json::parse(scenario_schema());
  const auto& entry = schema["properties"]["chaos"]["items"];
  EXPECT_TRUE(entry["properties"].contains("wake"));
  const auto& rules = entry["allOf"];
  const auto rule = std::find_if(rules.begin(), rules.end(), [](const auto& r) {
    return r.contains("if") && r["if"]["required"][0] == "wake";
  });
  ASSERT_NE(rule, rules.end());
  EXPECT_EQ((*rule)["then"]["properties"]["wake"]["description"], "who wakes up");
  EXPECT_EQ((*rule)["then"]["properties"]["for"], false);
}

TEST(Recovery, IsForProtocolsThatPromiseIt) {
  const std::string errors =
      errors_of("protocol: sleeper\nworkload: { kind: kv }\ncheck: [recovery]\n");
  EXPECT_NE(
      errors.find("test.yaml:3:9: check[0]: sleeper does not say how long its recovery takes"),
      std::string::npos)
      << errors;
}

}  // namespace
}  // namespace seedbed
