// Sweeps as users run them: what they find, what they survive, and how they end.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <utility>

#include "sim/base/sanitizers.h"
#include "sim/explore/sqlite.h"
#include "tests/cli/command_line.h"
#include "tests/cli/sweep_rows.h"
#include "tests/support/temporary_folder.h"

extern char** environ;

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kReckless =
    "tests/plugin/reckless.yaml --plugin '" SEEDBED_RECKLESS_PLUGIN "' --mutant ";

/// The program in a process of its own, to be sent signals. It does not outlive the test.
class Started {
 public:
  explicit Started(const std::vector<std::string>& arguments) {
    std::vector<std::string> words = {SEEDBED_BINARY};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int end : {STDOUT_FILENO, STDERR_FILENO}) {
      posix_spawn_file_actions_addopen(&actions, end, "/dev/null", O_WRONLY, 0);
    }
    EXPECT_EQ(posix_spawn(&pid_, SEEDBED_BINARY, &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Started() {
    if (pid_ > 0) send(SIGKILL), exit_code();
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  void send(int signal) const { kill(pid_, signal); }
  bool is_over() {
    if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ < 0;
  }
  int exit_code() {
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  int pid_ = -1;
};

std::vector<std::string> sweep_of_many(const std::string& out, const std::string& seeds) {
  return {"sweep",   SEEDBED_SOURCE_DIR "/scenarios/bench/raft-3-short.yaml",
          "--set",   "duration=1s",
          "--set",   "settle=1s",
          "--set",   "chaos=[]",
          "--seeds", seeds,
          "--jobs",  "2",
          "--out",   out,
          "--resume"};
}

TEST(SweepKilled, ResumesToWhatItWouldHaveFound) {
  TemporaryFolder folder;
  const std::string killed = folder / "killed.db";
  const std::string whole = folder / "whole.db";
  // Which moments these are is luck, and none may matter.
  std::minstd_rand luck(7);
  for (int i = 0; i < 20; ++i) {
    const Started sweep(sweep_of_many(killed, "1..2000"));
    std::this_thread::sleep_for(std::chrono::milliseconds(luck() % 100));
  }
  EXPECT_EQ(Started(sweep_of_many(killed, "1..2000")).exit_code(), 0);
  EXPECT_EQ(Started(sweep_of_many(whole, "1..2000")).exit_code(), 0);
  EXPECT_EQ(count_of(whole), 2000);
  EXPECT_EQ(rows_of(killed), rows_of(whole));
}

TEST(SweepInterrupted, KeepsWhatIsFinished) {
  TemporaryFolder folder;
  const std::string out = folder / "results.db";
  Started sweep(sweep_of_many(out, "1..100000000"));
  while (!std::filesystem::exists(out) || count_of(out) == 0) {
    ASSERT_FALSE(sweep.is_over());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  sweep.send(SIGINT);
  EXPECT_EQ(sweep.exit_code(), 130);
  const std::int64_t finished = count_of(out);
  EXPECT_GT(finished, 0);
  EXPECT_FALSE(std::filesystem::exists(out + "-wal")) << "it was closed in order";
  const std::string again = "sweep '" SEEDBED_SOURCE_DIR "/" + kTiny.substr(0, kTiny.find(' ')) +
                            "'" + kTiny.substr(kTiny.find(' ')) + "--resume --out '" + out + "' ";
  const Outcome o = seedbed(again + "--budget 1ns --json");
  const auto json = Json::parse(o.out);
  EXPECT_GE(json["runs"].get<std::int64_t>(), finished);
  EXPECT_EQ(json["seeds"]["last"], 100000000) << "as the database has it";
  EXPECT_EQ(json["complete"], false);
}

TEST(SweepResume, RefusesAnotherSweep) {
  TemporaryFolder folder;
  const std::string out = folder / "results.db";
  const std::string scenario = folder / "tiny.yaml";
  std::ofstream(scenario) << slurp(SEEDBED_SOURCE_DIR "/scenarios/bench/raft-3-short.yaml");
  const std::string command =
      "sweep '" + scenario + "' --set duration=2s --set chaos=[] --out '" + out + "' ";
  ASSERT_EQ(seedbed(command + "--seeds 3..5 --resume").code, 0)
      << "nothing is there yet: it begins";
  const auto refused = [&](const std::string& options, const char* why) {
    const Outcome o = seedbed(options);
    EXPECT_EQ(o.code, 2) << options;
    EXPECT_THAT(o.err, HasSubstr(why));
    EXPECT_THAT(o.out, IsEmpty());
  };
  refused(command + "--seeds 3..5", "--resume completes it");
  refused(command + "--seeds 4..5 --resume", "3..5");
  refused(command + "--resume --set settle=1s", "settings");
  refused(command + "--resume --mutant votes-twice", "mutant");
  refused(command + "--resume --swarm", "--swarm");
  refused(command + "--resume --shard 1/2", "shard");
  refused("sweep " + kTiny + " --resume", "--out");
  EXPECT_EQ(Json::parse(seedbed(command + "--resume --json").out)["runs"], 3);
  EXPECT_EQ(Json::parse(seedbed(command + "--resume --json --seeds 1..5").out)["runs"], 5);
  std::ofstream(scenario, std::ios::app) << "# other\n";
  refused(command + "--resume", "text");
  refused("sweep " + kTiny + "--out README.md", "README.md");
}

TEST(SweepCrash, IsAFindingAndNotTheEnd) {
  for (const auto& [mutant, kind, message] :
       std::vector<std::array<const char*, 3>>{{"aborts", "crash", ""},
                                               {"segfaults", "crash", ""},
                                               {"leaves", "crash", "exit(3)"},
                                               {"loops", "timeout", "took longer than 50ms"}}) {
    // A crash has the time to say so: under a sanitizer that takes a while.
    const std::string patience = std::string(kind) == "timeout" ? " --timeout 50ms" : "";
    const std::string command = "sweep " + kReckless + mutant + patience + " --seeds 1..40";
    const Outcome o = seedbed(command + " --jobs 2 --json");
    EXPECT_EQ(o.code, 1) << o.err;
    const auto json = Json::parse(o.out);
    EXPECT_EQ(json["runs"], 40);
    EXPECT_GT(json[kind], 2) << mutant;
    // Others are silent, which fails the check `progress`, or answer.
    ASSERT_EQ(json["failures"].size(), 2U) << mutant;
    EXPECT_EQ(
        json[kind].get<int>() + json["failures"][0]["count"].get<int>(),
        json["failures"][1]["check"] == kind ? json["fail"].get<int>() : 2 * json[kind].get<int>());
    EXPECT_THAT(o.out, HasSubstr(message));
    EXPECT_THAT(o.out, HasSubstr("--mutant " + std::string(mutant) + " --plugin"));
    auto alone = Json::parse(seedbed(command + " --jobs 1 --json").out);
    EXPECT_EQ(alone["failures"], json["failures"]) << "whoever shared the process with it";
  }
}

TEST(SweepCrash, TooMuchMemoryIsAFinding) {
  if (kAddressSanitizer) GTEST_SKIP() << "the address sanitizer takes all addresses itself";
  const Outcome o =
      seedbed("sweep " + kReckless + "allocates --memory 256MiB --seeds 1..20 --json");
  EXPECT_EQ(o.code, 1) << o.err;
  const auto json = Json::parse(o.out);
  EXPECT_EQ(json["runs"], 20);
  EXPECT_GT(json["memory"], 0);
  EXPECT_THAT(o.out, HasSubstr("wanted more memory than 256 MiB"));
}

TEST(SweepGroups, FortyFailingSeedsOfThreeKindsAreThreeRows) {
  const auto json =
      Json::parse(seedbed("sweep " + kReckless + "three-ways --seeds 1..40 --json").out);
  EXPECT_EQ(json["fail"], 40);
  ASSERT_EQ(json["failures"].size(), 3U);
  int asserts = 0;
  int total = 0;
  for (const auto& f : json["failures"]) {
    asserts += f["check"] == "assert";
    total += f["count"].get<int>();
    EXPECT_EQ(f["fingerprint"].get<std::string>().size(), 16U);
    EXPECT_EQ(f["scenario"], "reckless");
    EXPECT_EQ(f["expected"], false);
    const auto run = Json::parse(shell(f["command"].get<std::string>().replace(
                                           0, std::string("tools/seedbed").size(), SEEDBED_BINARY) +
                                       " --json")
                                     .out);
    EXPECT_EQ(run["seed"], f["seed"]);
    EXPECT_THAT(run["checks"].dump(), HasSubstr(f["fingerprint"].get<std::string>()));
  }
  EXPECT_EQ(total, 40);
  EXPECT_EQ(asserts, 2) << "two ways of failing one check are two";
}

TEST(SweepShards, TogetherAreTheWhole) {
  TemporaryFolder folder;
  const std::string two = "sweep " + kTiny + " scenarios/raft/chaos.yaml --set nodes=5 ";
  ASSERT_EQ(seedbed(two + "--seeds 1..9 --out '" + (folder / "whole.db") + "'").code, 0);
  ASSERT_EQ(seedbed(two + "--seeds 1..9 --shard 1/3 --out '" + (folder / "1.db") + "'").code, 0);
  const std::string slurm =
      "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_STEP=2 "
      "SLURM_ARRAY_TASK_COUNT=3";
  const Outcome second = seedbed(two + "--seeds 1..9 --out '" + (folder / "2.db") + "'", slurm);
  EXPECT_THAT(second.err, HasSubstr("shard 2/3, from SLURM_ARRAY_TASK_ID"));
  const Outcome third =
      seedbed(two + "--seeds 1..9 --shards 3 --json --out '" + (folder / "3.db") + "'",
              "JOB_COMPLETION_INDEX=2");
  EXPECT_EQ(Json::parse(third.out)["shard"]["index"], 3);
  EXPECT_EQ(Json::parse(third.out)["runs"], 6);
  const std::string parts = " '" + (folder / "3.db") + "' '" + (folder / "1.db") + "' ";
  const Outcome some = seedbed("merge '" + (folder / "some.db") + "'" + parts);
  EXPECT_THAT(some.out, HasSubstr("12 of 18 runs are done"));
  const Outcome o =
      seedbed("merge '" + (folder / "all.db") + "'" + parts + "'" + (folder / "2.db") + "' --json");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(Json::parse(o.out)["complete"], true);
  EXPECT_EQ(rows_of(folder / "all.db"), rows_of(folder / "whole.db"));
  EXPECT_EQ(seedbed("merge '" + (folder / "all.db") + "'" + parts).code, 2)
      << "it is there already";
  // What is missing in a part is what a resume of it runs.
  EXPECT_EQ(seedbed(two + "--resume --out '" + (folder / "some.db") + "'").code, 0);
  EXPECT_EQ(rows_of(folder / "some.db"), rows_of(folder / "whole.db"));
}

TEST(SweepShards, MergeRefusesOtherSweeps) {
  TemporaryFolder folder;
  const std::string a = folder / "a.db";
  const std::string b = folder / "b.db";
  ASSERT_EQ(seedbed("sweep " + kTiny + "--seeds 1..2 --out '" + a + "'").code, 0);
  ASSERT_EQ(seedbed("sweep " + kTiny + "--set nodes=5 --seeds 1..2 --out '" + b + "'").code, 0);
  const Outcome o = seedbed("merge '" + (folder / "all.db") + "' '" + a + "' '" + b + "'");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("different sweeps: they differ in the settings"));
  EXPECT_FALSE(std::filesystem::exists(folder / "all.db"));
}

TEST(SweepShards, WrongOnesAreRefused) {
  for (const char* shard : {"0/3", "4/3", "x", "1", "1/0", "1/-2", "auto"}) {
    EXPECT_EQ(seedbed("sweep " + kTiny + "--shard " + shard).code, 2) << shard;
  }
  EXPECT_THAT(seedbed("sweep " + kTiny, "JOB_COMPLETION_INDEX=2").err, HasSubstr("--shards N"));
  EXPECT_EQ(seedbed("sweep " + kTiny, "SLURM_ARRAY_TASK_ID=x").code, 2);
  EXPECT_EQ(seedbed("sweep " + kTiny + "--seeds 1..2 --shard 1/1", "JOB_COMPLETION_INDEX=2").code,
            0);
}

TEST(SweepExit, SaysHowItEnded) {
  const std::string mutant = "sweep scenarios/raft/mutants/votes-twice.yaml --seeds 1..3 ";
  const auto code = [](const std::string& command) { return seedbed(command).code; };
  EXPECT_EQ(code("sweep " + kTiny + "--seeds 1..3"), 0);
  EXPECT_EQ(code(mutant), 0);
  EXPECT_EQ(code(mutant + "--set expect=pass"), 1);
  EXPECT_EQ(code(mutant + "--set 'expect={violates: log_matching}'"), 1) << "another came first";
  EXPECT_EQ(code("sweep " + kTiny + "--set 'expect={violates: log_matching}'"), 1) << "none does";
  EXPECT_EQ(code("sweep " + kTiny + "--seeds 1..1 --shard 2/3"), 3) << "nothing ran";
  EXPECT_EQ(code("sweep no-such.yaml"), 2);
  EXPECT_EQ(code("sweep " + kTiny + "--seeds 5..1"), 2);
  EXPECT_EQ(code("sweep " + kTiny + "--seeds 1..18446744073709551615"), 2);
  EXPECT_EQ(code("sweep " + kTiny + "--budget 5"), 2);
  EXPECT_EQ(code("sweep " + kTiny + "--jobs 0"), 2);
  EXPECT_EQ(code("sweep scenarios/raft/chaos.yaml scenarios/raft/chaos.yaml"), 2);
  EXPECT_EQ(code("sweep " + kTiny + "--out /no/such/folder/x.db"), 2);
}

TEST(SweepExit, UntilFailureStopsThere) {
  const auto json =
      Json::parse(seedbed("sweep " + kReckless + "three-ways --until-failure --jobs 1 --json").out);
  EXPECT_GE(json["fail"], 1);
  EXPECT_LT(json["runs"], 1000);
  EXPECT_EQ(json["complete"], false);
}

TEST(SweepJson, HoldsWhatTheContractSays) {
  const Outcome o = seedbed("sweep scenarios/raft/mutants/clears-vote.yaml --seeds 1..4 --json");
  ASSERT_EQ(o.code, 0) << o.err;
  const auto json = Json::parse(o.out);
  EXPECT_EQ(json["runs"], 4);
  EXPECT_EQ(json["pass"].get<int>() + json["fail"].get<int>() + json["unknown"].get<int>(), 4);
  EXPECT_GT(json["seeds_per_s"], 0);
  ASSERT_EQ(json["failures"].size(), 1U);
  const auto& f = json["failures"][0];
  EXPECT_EQ(f["scenario"], "clears-vote");
  EXPECT_EQ(f["check"], "election_safety");
  EXPECT_EQ(f["seed"], 1);
  EXPECT_EQ(f["count"], json["fail"]);
  EXPECT_THAT(f["message"].get<std::string>(), HasSubstr("both elected"));
  const auto run =
      Json::parse(seedbed("run scenarios/raft/mutants/clears-vote.yaml --seed 1 --json").out);
  EXPECT_EQ(run["checks"][0]["violations"][0]["fingerprint"], f["fingerprint"]);
}

TEST(SweepText, SaysWhatFailedAndHowToHaveItAgain) {
  const Outcome o = seedbed("sweep " + kReckless + "three-ways --seeds 1..40");
  EXPECT_THAT(o.out, HasSubstr("40 runs: 0 passed, 40 failed"));
  EXPECT_THAT(o.out, HasSubstr("run tests/plugin/reckless.yaml --mutant three-ways --plugin"));
  EXPECT_THAT(o.out, HasSubstr("\nFAIL\n"));
  EXPECT_THAT(o.out + o.err, Not(HasSubstr("\033["))) << "no colour, no bar: it is no terminal";
}

TEST(SweepFiles, JunitIsWellFormedAndTheMarkdownIsThere) {
  TemporaryFolder folder;
  const std::string step = folder / "step.md";
  const Outcome o = seedbed(
      "sweep " + kReckless + "three-ways --seeds 1..40 --junit '" + (folder / "junit.xml") + "'",
      "GITHUB_STEP_SUMMARY='" + step + "'");
  ASSERT_EQ(o.code, 1) << o.err;
  boost::property_tree::ptree xml;
  boost::property_tree::read_xml(folder / "junit.xml", xml);
  const auto& suite = xml.get_child("testsuites.testsuite");
  EXPECT_EQ(suite.get<std::string>("<xmlattr>.name"), "reckless");
  EXPECT_EQ(suite.get<int>("<xmlattr>.failures"), 3);
  EXPECT_EQ(suite.count("testcase"), 3U);
  const auto& failure = suite.get_child("testcase.failure");
  EXPECT_THAT(failure.data(), HasSubstr("--seed "));
  EXPECT_THAT(failure.get<std::string>("<xmlattr>.message"), Not(IsEmpty()));
  EXPECT_THAT(slurp(step), HasSubstr("| reckless | 40 | 0 | 40 | 0 | fail |"));
}

TEST(SweepFiles, ASweepThatPassesIsACaseThatPasses) {
  TemporaryFolder folder;
  const std::string two = "sweep scenarios/raft/mutants/votes-twice.yaml " + kTiny;
  ASSERT_EQ(
      seedbed(two + "--set expect=pass --seeds 1..2 --junit '" + (folder / "j.xml") + "'").code, 1);
  ASSERT_EQ(seedbed(two + "--seeds 1..2 --junit '" + (folder / "j.xml") + "' --summary '" +
                    (folder / "s.md") + "'")
                .code,
            0);
  boost::property_tree::ptree xml;
  boost::property_tree::read_xml(folder / "j.xml", xml);
  EXPECT_EQ(xml.get<int>("testsuites.<xmlattr>.tests"), 2);
  EXPECT_EQ(xml.get<int>("testsuites.<xmlattr>.failures"), 0);
  EXPECT_EQ(xml.get<std::string>("testsuites.testsuite.testcase.<xmlattr>.name"),
            "some seed violates election_safety");
  EXPECT_THAT(slurp(folder / "s.md"), HasSubstr("election_safety (as expected)"));
}

TEST(SweepSwarm, ASeedAloneRebuildsItAndSoDoItsSettings) {
  TemporaryFolder folder;
  const std::string out = folder / "a.db";
  const std::string swarm = "sweep scenarios/raft/chaos.yaml --swarm --seeds 1..6 ";
  seedbed(swarm + "--jobs 1 --out '" + out + "'");
  seedbed(swarm + "--jobs 2 --out '" + (folder / "b.db") + "'");
  EXPECT_EQ(rows_of(out), rows_of(folder / "b.db"));
  Database db = Database::open(out, Database::Mode::kExisting);
  int rows = 0;
  for (Statement s(db, "SELECT seed, settings, digest FROM runs"); s.step(); ++rows) {
    std::string command = "run scenarios/raft/chaos.yaml --digest --seed " + s.text(0);
    EXPECT_EQ(seedbed(command + " --swarm").out, s.text(2) + "\n");
    std::istringstream lines(s.text(1));
    for (std::string line; std::getline(lines, line);) command += " --set '" + line + "'";
    EXPECT_EQ(seedbed(command).out, s.text(2) + "\n") << command;
  }
  EXPECT_EQ(rows, 6);
}

TEST(SweepSwarm, ARunPrintsFirstWhatItsSeedDrew) {
  const std::string command = "run scenarios/raft/chaos.yaml --swarm --seed 3";
  const Outcome o = seedbed(command);
  EXPECT_THAT(o.out, ::testing::StartsWith("--set "));
  EXPECT_THAT(o.out,
              HasSubstr("again: tools/seedbed run scenarios/raft/chaos.yaml --swarm --seed 3"));
  EXPECT_GT(Json::parse(seedbed(command + " --json").out)["settings"].size(), 3U);
  EXPECT_EQ(seedbed(command + " --verify --quiet").code, o.code);
}

}  // namespace
}  // namespace seedbed::testing
