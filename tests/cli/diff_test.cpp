// Where two runs part: what `verify` and `diff` say of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/command_line.h"
#include "tests/support/temporary_folder.h"

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kScenario = "scenarios/raft/mutants/votes-twice.yaml";

TEST(Verify, NamesTheEventOfAPlantedNondeterminism) {
  if (slurp("/proc/sys/kernel/randomize_va_space").substr(0, 1) == "0") {
    GTEST_SKIP() << "here every process has the same addresses";
  }
  const Outcome o = seedbed(
      "verify tests/plugin/reckless.yaml --seeds 1..2 --mutant reads-an-address "
      "--plugin '" SEEDBED_RECKLESS_PLUGIN "'");
  EXPECT_EQ(o.code, 1) << o.err;
  EXPECT_THAT(o.out, HasSubstr("seed 2: digests"));
  EXPECT_THAT(o.out, HasSubstr("they part after event"));
  EXPECT_THAT(o.out, HasSubstr("n1  timer  Tick"));
  EXPECT_THAT(o.out, HasSubstr("0 of 2 seeds gave the same history twice"));
}

TEST(Diff, EqualRunsAreEqual) {
  const Outcome o = seedbed("diff " + kScenario + "@3 " + kScenario + "@3");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("equal"));
  EXPECT_EQ(
      Json::parse(seedbed("diff --json " + kScenario + "@3 " + kScenario + "@3").out)["equal"],
      true);
}

TEST(Diff, TellsWhereAMutantPartsAndWhatLedToIt) {
  TemporaryFolder folder;
  const std::string correct = folder / "correct.yaml";
  std::string text = slurp(SEEDBED_SOURCE_DIR "/" + kScenario);
  const std::size_t at = text.find("\nmutant:");
  ASSERT_NE(at, std::string::npos);
  text.erase(at, text.find('\n', at + 1) - at);
  std::ofstream(correct) << text;
  const std::string command = "diff " + kScenario + "@1 '" + correct + "@1' ";
  const Outcome o = seedbed(command);
  EXPECT_EQ(o.code, 1) << o.err;
  EXPECT_THAT(o.out, HasSubstr("because of"));
  const auto json = Json::parse(seedbed(command + "--json").out);
  EXPECT_EQ(json["equal"], false);
  EXPECT_THAT(json["event"].get<std::string>(), HasSubstr("RequestVote term="));
  EXPECT_NE(json["left"]["line"], json["right"]["line"]);
  EXPECT_THAT(json["right"]["line"].get<std::string>(), HasSubstr("vote_granted=false"));
  const auto& causes = json["right"]["causes"];
  EXPECT_EQ(causes[0], json["event"]) << "the reply's, which the mutant's disk still delays";
  EXPECT_THAT(causes[1].get<std::string>(), HasSubstr("RequestVote term="));
  EXPECT_GT(causes.size(), 3U);
  EXPECT_THAT(json["left"]["states"].dump(), HasSubstr("voted_for="));
  EXPECT_NE(json["left"]["states"][0], json["right"]["states"][0]) << "it votes twice";
}

TEST(Diff, ReadsTraces) {
  TemporaryFolder folder;
  const auto trace = [&](const char* seed) {
    const std::string file = folder / (std::string(seed) + ".txt");
    seedbed("run " + kScenario + " --quiet --seed " + seed + " --trace '" + file + "'");
    return "'" + file + "' ";
  };
  const std::string one = trace("1");
  EXPECT_EQ(seedbed("diff " + one + one).code, 0);
  EXPECT_EQ(seedbed("diff " + one + kScenario + "@1").code, 0);
  EXPECT_EQ(seedbed("diff " + one + trace("2")).code, 1);
  std::ofstream(folder / "1.txt", std::ios::app) << "#99999  9.000000s  n1  timer\n";
  const Outcome longer = seedbed("diff " + one + kScenario + "@1");
  EXPECT_EQ(longer.code, 1);
  EXPECT_THAT(longer.out, HasSubstr("(has ended)"));
}

TEST(Diff, WhatCannotBeReadIsRefused) {
  for (const char* what : {"no-such-file", "no-such-file.yaml@1", "scenarios/raft/chaos.yaml@x"}) {
    const Outcome o = seedbed("diff " + kScenario + "@1 " + what);
    EXPECT_EQ(o.code, 2) << what;
    EXPECT_THAT(o.err, Not(IsEmpty()));
  }
}

}  // namespace
}  // namespace seedbed::testing
