// Shrinking as users run it: a file that fails by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/command_line.h"
#include "tests/support/temporary_folder.h"

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Json = nlohmann::json;

const std::string kTwice = "scenarios/raft/mutants/applies-twice.yaml";

TEST(ShrinkCommand, WritesAFileThatFailsByItself) {
  const TemporaryFolder folder;
  const std::string file = folder / "small.yaml";
  const Outcome o = seedbed("shrink " + kTwice + " --seed 1 --json -o " + file);
  ASSERT_EQ(o.code, 0) << o.err;
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["file"], file);
  EXPECT_EQ(json["check"], "linearizable");
  for (const char* key : {"faults", "operations", "nodes", "simulated_s", "decisions"}) {
    EXPECT_TRUE(json["before"].contains(key) && json["after"].contains(key)) << key;
  }
  EXPECT_GT(json["before"]["operations"], 500);
  EXPECT_LE(json["after"]["operations"], 10);
  EXPECT_EQ(json["cut_short"], false);
  const Outcome valid = seedbed("validate " + file);
  EXPECT_EQ(valid.code, 0) << valid.err;
  const Outcome run = seedbed("run " + file + " --json");
  ASSERT_EQ(run.code, 0) << "it ends as its `expect` says: " << run.err;
  EXPECT_THAT(run.out, HasSubstr(json["fingerprint"].get<std::string>()));
}

TEST(ShrinkCommand, PrintsTheScenarioWhereNoFileIsNamed) {
  const Outcome o = seedbed("shrink scenarios/raft/mutants/votes-twice.yaml --seed 1 --jobs 2");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, StartsWith("name: votes-twice-"));
  EXPECT_THAT(o.out, HasSubstr("expect: { violates: election_safety }"));
  EXPECT_THAT(o.err, HasSubstr("before: "));
  EXPECT_THAT(o.err, HasSubstr("after: "));
}

TEST(ShrinkCommand, ATemporalPropertyStaysBroken) {
  const Outcome o = seedbed("shrink scenarios/raft/leads-alone-for-ever.yaml --seed 1 --json");
  ASSERT_EQ(o.code, 0) << o.err;
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["check"], "gives-up");
  EXPECT_EQ(json["after"]["operations"], 0);
  EXPECT_LE(json["after"]["faults"], 4);
}

TEST(ShrinkCommand, IsTheSameHoweverManyWork) {
  const std::string command = "shrink scenarios/raft/mutants/leads-on.yaml --seed 1 --jobs ";
  EXPECT_EQ(seedbed(command + "1").out, seedbed(command + "3").out);
}

TEST(ShrinkCommand, ARunThatTakesItsProcessWithIt) {
  const Outcome o = seedbed("shrink tests/plugin/reckless.yaml --plugin '" SEEDBED_RECKLESS_PLUGIN
                            "' --mutant segfaults --seed 1 --budget 20s --json");
  ASSERT_EQ(o.code, 0) << o.err;
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["check"], "crash");
  EXPECT_TRUE(json["before"].is_null()) << "nobody could count";
}

TEST(ShrinkCommand, ASeedThatDoesNotFailIsBadInput) {
  const Outcome o = seedbed("shrink scenarios/raft/isolated-leader.yaml --seed 7");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.out, IsEmpty());
  EXPECT_THAT(o.err, HasSubstr("seed 7 does not fail, so there is nothing to shrink"));
}

TEST(ShrinkCommand, WhatASwarmDrewIsInTheFile) {
  const TemporaryFolder folder;
  const std::string file = folder / "small.yaml";
  const Outcome o = seedbed(
      "shrink scenarios/raft/swarm.yaml --swarm --mutant votes-twice"
      " --seed 5 -o " +
      file);
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(seedbed("run " + file).code, 0);
}

}  // namespace
}  // namespace seedbed::testing
