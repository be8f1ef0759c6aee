// The command line as a user or a script meets it: the real binary, its output and its exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command_line.h"

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kScenario = "scenarios/raft/isolated-leader.yaml";

TEST(Run, PrintsTheSeedFirstThenTimelineChecksAndFigures) {
  const Outcome o = seedbed("run " + kScenario + " --seed 7");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, StartsWith("seed 7"));
  for (const char* part :
       {"isolate", "leader, term", "linearizable", "operations", "digest", "PASS", "--seed 7"}) {
    EXPECT_THAT(o.out, HasSubstr(part));
  }
  EXPECT_THAT(o.out, Not(HasSubstr("\033["))) << "no colour where there is no terminal";
  EXPECT_THAT(o.err, IsEmpty());
}

TEST(Run, JsonHoldsWhatTheContractSays) {
  const Outcome o = seedbed("run " + kScenario + " --seed 7 --json");
  ASSERT_EQ(o.code, 0) << o.err;
  const auto json = nlohmann::json::parse(o.out);
  EXPECT_EQ(json["scenario"], "isolated-leader");
  EXPECT_EQ(json["protocol"], "raft");
  EXPECT_EQ(json["seed"], 7);
  EXPECT_TRUE(json["mutant"].is_null());
  EXPECT_EQ(json["verdict"], "pass");
  EXPECT_EQ(json["as_expected"], true);
  EXPECT_EQ(json["digest"].get<std::string>().size(), 16U);
  EXPECT_EQ(json["simulated_s"], 70.0);
  for (const char* key : {"wall_s", "events", "throughput_per_s"}) {
    EXPECT_GT(json[key].get<double>(), 0) << key;
  }
  for (const char* key : {"sent", "delivered", "lost", "duplicated", "cut", "bytes"}) {
    EXPECT_GT(json["messages"][key].get<std::uint64_t>(), 0U) << key;
  }
  EXPECT_GT(json["operations"]["ok"].get<std::uint64_t>(), 5000U);
  for (const char* key : {"p50", "p90", "p99", "p999", "max"}) {
    EXPECT_GT(json["latency_ms"][key].get<double>(), 1.0) << key;
  }
  ASSERT_EQ(json["faults"].size(), 3U);
  EXPECT_EQ(json["faults"][0]["kind"], "isolate");
  EXPECT_EQ(json["faults"][0]["at_s"], 5.0);
  EXPECT_EQ(json["faults"][0]["until_s"], 15.0);
  EXPECT_EQ(json["faults"][0]["on"].size(), 1U);
  for (const auto& check : json["checks"]) {
    EXPECT_EQ(check["verdict"], "pass") << check["name"];
    EXPECT_TRUE(check["violations"].empty());
  }
  EXPECT_GE(json["metrics"]["elections"], 3);
}

TEST(Run, AViolationIsTold) {
  const Outcome o = seedbed("run scenarios/raft/mutants/votes-twice.yaml --json");
  ASSERT_EQ(o.code, 0) << o.err;
  const auto json = nlohmann::json::parse(o.out);
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["as_expected"], true);
  const auto& violation = json["checks"][0]["violations"][0];
  EXPECT_EQ(json["checks"][0]["name"], "election_safety");
  EXPECT_EQ(violation["nodes"].size(), 2U);
  EXPECT_GT(violation["event"].get<int>(), 0);
  EXPECT_GT(violation["at_s"].get<double>(), 0);
  EXPECT_THAT(violation["message"].get<std::string>(), HasSubstr("were both elected in term"));
  EXPECT_EQ(violation["fingerprint"].get<std::string>().size(), 16U);
}

TEST(Run, TemporalPropertiesAreChecksLikeTheOthers) {
  const Outcome o = seedbed("run scenarios/raft/leads-alone-for-ever.yaml --json");
  ASSERT_EQ(o.code, 0) << o.err;
  const auto json = nlohmann::json::parse(o.out);
  const auto& check = json["checks"].back();
  EXPECT_EQ(check["name"], "gives-up");
  EXPECT_EQ(check["kind"], "temporal");
  EXPECT_EQ(check["verdict"], "fail");
  EXPECT_THAT(check["violations"][0]["message"].get<std::string>(),
              HasSubstr("did not follow until 5.000000s on fault cut at 3.000000s"));
  EXPECT_EQ(seedbed("run scenarios/raft/leads-alone-for-ever.yaml --set mutant=null --set "
                    "expect=pass --quiet")
                .code,
            0);
  EXPECT_THAT(seedbed("explain leads_to").out, HasSubstr("from: fault crash"));
  EXPECT_THAT(seedbed("explain raft").out, HasSubstr("last_applied: a number"));
}

TEST(Run, TheSameWayOfFailingHasTheSameFingerprintWhateverTheSeed) {
  std::set<std::string> fingerprints;
  for (const char* seed : {"1", "2", "3"}) {
    const auto json = nlohmann::json::parse(
        seedbed(std::string("run scenarios/raft/mutants/votes-twice.yaml --json --seed ") + seed)
            .out);
    fingerprints.insert(json["checks"][0]["violations"][0]["fingerprint"]);
  }
  EXPECT_EQ(fingerprints.size(), 1U);
}

TEST(Run, ExitCodesSayHowItEnded) {
  EXPECT_EQ(seedbed("run scenarios/raft/mutants/votes-twice.yaml --quiet").code, 0);
  EXPECT_EQ(seedbed("run scenarios/raft/mutants/votes-twice.yaml --set expect=pass --quiet").code,
            1);
  EXPECT_EQ(seedbed("run " + kScenario + " --mutant acknowledges-early --quiet").code, 1);
  EXPECT_EQ(seedbed("run no-such-file.yaml").code, 2);
  EXPECT_EQ(seedbed("").code, 2);
}

TEST(Run, ARunWithoutOperationsIsNoPass) {
  const Outcome o = seedbed("run " + kScenario + " --set 'network.loss=100%' --json");
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.out, HasSubstr("operations was acknowledged"));
}

TEST(Run, AFaultThatHitsNobodyIsNoPass) {
  const Outcome o =
      seedbed("run " + kScenario + " --set 'chaos=[{at: 0s, isolate: leader, for: 1s}]' --json");
  EXPECT_EQ(o.code, 1);
  const auto json = nlohmann::json::parse(o.out);
  EXPECT_TRUE(json["faults"][0]["on"].empty());
  EXPECT_THAT(o.out, HasSubstr("took effect on nobody"));
}

TEST(Run, VerifyAgreesWithAFreshProcess) {
  EXPECT_EQ(seedbed("run " + kScenario + " --quiet --verify").code, 0);
}

TEST(Run, WritesHistoryAndTrace) {
  const std::string base = ::testing::TempDir() + "files-" + std::to_string(getpid());
  const Outcome o = seedbed("run scenarios/raft/chaos.yaml --quiet --history '" + base +
                            ".edn' --trace '" + base + ".txt'");
  EXPECT_EQ(o.code, 0) << o.err;
  const std::string history = slurp(base + ".edn");
  EXPECT_THAT(history, StartsWith("{:index 0, :time "));
  EXPECT_THAT(history, HasSubstr(":type :ok, :f :cas"));
  const std::string trace = slurp(base + ".txt");
  EXPECT_THAT(trace, HasSubstr("AppendEntries term=1 leader=n"));
  std::filesystem::remove(base + ".edn");
  std::filesystem::remove(base + ".txt");
}

TEST(BadInput, NamesTheNearestOptionAndCommand) {
  Outcome o = seedbed("run " + kScenario + " --sede 7");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("--sede: no such option; did you mean '--seed'?"));
  o = seedbed("rnu x");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("rnu: no such command; did you mean 'run'?"));
  EXPECT_EQ(seedbed("run").code, 2);
  EXPECT_EQ(seedbed("run " + kScenario + " --seed x").code, 2);
  o = seedbed("run " + kScenario + " --mutant vote-twice");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("raft has no mutant 'vote-twice'; did you mean 'votes-twice'?"));
  o = seedbed("run " + kScenario + " --set network.los=1%");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("did you mean 'loss'?"));
  EXPECT_THAT(o.out, IsEmpty());
  EXPECT_EQ(seedbed("verify " + kScenario + " --seeds 5..1").code, 2);
  EXPECT_EQ(seedbed("list protocol").code, 2);
  EXPECT_EQ(seedbed("explain rafd").code, 2);
}

class Broken : public ::testing::TestWithParam<std::string> {};

TEST_P(Broken, IsRefusedWithItsPlace) {
  const Outcome o = seedbed("run 'tests/scenario/broken/" + GetParam() + "'");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr(GetParam() + ":"));
  EXPECT_THAT(o.out, IsEmpty());
}

std::vector<std::string> broken_files() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(SEEDBED_SOURCE_DIR "/tests/scenario/broken")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

INSTANTIATE_TEST_SUITE_P(Files, Broken, ::testing::ValuesIn(broken_files()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](unsigned char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });

TEST(Verify, FindsTheSameHistoryTwice) {
  const Outcome o = seedbed("verify scenarios/raft/chaos.yaml --seeds 1..3");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("3 of 3 seeds gave the same history twice"));
}

TEST(Plugin, AProtocolFromOutsideTheTreeRuns) {
  const std::string with_plugin = " --plugin '" SEEDBED_PLUGIN "'";
  Outcome o = seedbed("run tests/plugin/lone.yaml --json --verify" + with_plugin);
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(nlohmann::json::parse(o.out)["protocol"], "lone");
  o = seedbed("run tests/plugin/lone.yaml --json --set 'chaos=[{at: 5s, crash: n1, for: 1s}]'" +
              with_plugin);
  EXPECT_EQ(o.code, 1) << "it lost what it had acknowledged";
  const auto json = nlohmann::json::parse(o.out);
  const auto judged = std::find_if(json["checks"].begin(), json["checks"].end(),
                                   [](const auto& c) { return c["name"] == "linearizable"; });
  ASSERT_NE(judged, json["checks"].end());
  EXPECT_EQ((*judged)["verdict"], "fail");
  EXPECT_THAT((*judged)["violations"][0]["message"].get<std::string>(), HasSubstr("key "));
}

TEST(Plugin, ItsActionsAreFaults) {
  const std::string with_plugin = " --plugin '" SEEDBED_PLUGIN "'";
  Outcome o = seedbed("run tests/plugin/lone.yaml --set 'chaos=[{at: 5s, forget: n2}]' --json" +
                      with_plugin);
  EXPECT_EQ(o.code, 0) << o.err << "n2 knows nothing";
  const auto fault = nlohmann::json::parse(o.out)["faults"][0];
  EXPECT_EQ(fault["kind"], "forget");
  EXPECT_EQ(fault["on"], nlohmann::json::array({"n2"}));
  EXPECT_TRUE(fault["until_s"].is_null());
  o = seedbed("run tests/plugin/lone.yaml --set 'chaos=[{at: 5s, forget: n1}]'" + with_plugin);
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.out, HasSubstr("forget     n1\n"));
  EXPECT_THAT(seedbed("list faults" + with_plugin).out, HasSubstr("lone: servers forget"));
  EXPECT_THAT(seedbed("explain forget" + with_plugin).out, HasSubstr("forget: who forgets"));
  EXPECT_THAT(seedbed("explain lone" + with_plugin).out, HasSubstr("forget: servers forget"));
}

TEST(Plugin, ItIsHeldToItsPromiseToRecover) {
  const std::string command =
      "run tests/plugin/lone.yaml --json --plugin '" SEEDBED_PLUGIN "' --set settle=6s ";
  const Outcome o = seedbed(command +
                            "--set 'chaos=[{at: 5s, kill: n1}]' "
                            "--set 'expect={violates: recovery}'");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("and the service had 1s to come back"));
  EXPECT_EQ(seedbed(command + "--set 'check=[recovery]'").code, 0);
  EXPECT_EQ(seedbed(command + "--set 'chaos=[{at: 5s, kill: n1}]' --set 'progress={within: 3s}' "
                              "--set 'expect={violates: progress}'")
                .code,
            0);
}

TEST(Plugin, WhatIsNoneIsRefused) {
  EXPECT_EQ(seedbed("run tests/plugin/lone.yaml").code, 2);
  const Outcome o = seedbed("run tests/plugin/lone.yaml --plugin README.md");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("--plugin README.md: "));
}

const std::string kPaper = "scenarios/papers/raft/split-vote-4-alive-10pct.yaml";

TEST(Bench, PrintsPublishedBesideMeasured) {
  const Outcome o = seedbed("bench " + kPaper + " --trials 2000");
  EXPECT_EQ(o.code, 0) << o.out << o.err;
  for (const char* part : {"Ongaro 2014", "5.23%", "of 2000", "pass", "PASS"}) {
    EXPECT_THAT(o.out, HasSubstr(part));
  }
  const Outcome off = seedbed("bench " + kPaper + " --trials 2000 --set network.latency=200ms");
  EXPECT_EQ(off.code, 1);
  EXPECT_THAT(off.out, HasSubstr("FAIL"));
}

TEST(Bench, JsonAndCsvHoldTheSame) {
  const std::string file = ::testing::TempDir() + "bench-" + std::to_string(getpid()) + ".csv";
  const Outcome o = seedbed("bench " + kPaper + " --trials 500 --json --csv '" + file + "'");
  const auto result = nlohmann::json::parse(o.out)["results"][0];
  const auto measure = result["measures"][0];
  EXPECT_EQ(measure["measure"], "split_vote");
  EXPECT_EQ(result["trials"], 500);
  EXPECT_EQ(measure["share"]["published"], 0.0523);
  EXPECT_EQ(measure["share"]["of"], 500);
  const std::string csv = slurp(file);
  EXPECT_THAT(csv, StartsWith("scenario,setting,figure,unit,published,measured,tolerance,verdict"));
  EXPECT_THAT(csv, HasSubstr("\nsplit-vote-4-alive-10pct,,split_vote share,%,5.23,"));
  std::filesystem::remove(file);
}

TEST(Bench, FiguresOfTimeAreJudgedByTheirTolerance) {
  const std::string elect =
      "bench scenarios/raft/isolated-leader.yaml --trials 50 --set 'chaos=[{at: 1s, kill: "
      "leader}]' "
      "--set 'published={source: a test, measure: time_to_elect, "
      "figures: {p50: 200ms, max: 1s}, within: {p50: ";
  const Outcome near = seedbed(elect + "50%}}' --json");
  EXPECT_EQ(near.code, 0) << near.out;
  const auto figures = nlohmann::json::parse(near.out)["results"][0]["measures"][0]["figures"];
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0]["name"], "p50");
  EXPECT_EQ(figures[0]["verdict"], "pass");
  EXPECT_TRUE(figures[1]["verdict"].is_null());
  EXPECT_EQ(seedbed(elect + "0.01%}}'").code, 1);
}

/// The same workload and the same faults, protocol by protocol.
TEST(Bench, SetsReplicatedLogsSideBySide) {
  const std::string command =
      "bench scenarios/side-by-side.yaml --vary protocol=raft,paxos,vr --seeds 1..3";
  const Outcome o = seedbed(command + " --json");
  ASSERT_EQ(o.code, 0) << o.out << o.err;
  const auto results = nlohmann::json::parse(o.out)["results"];
  ASSERT_EQ(results.size(), 3U);
  constexpr const char* kProtocols[] = {"raft", "paxos", "vr"};
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i]["protocol"], kProtocols[i]);
    EXPECT_EQ(results[i]["pass"], 3);
    EXPECT_GT(results[i]["throughput_per_s"].get<double>(), 150);
  }
  const Outcome text = seedbed(command);
  EXPECT_THAT(text.out, HasSubstr("side-by-side  protocol=vr     3 pass"));
}

TEST(Bench, ComparesSettings) {
  const Outcome o = seedbed("bench " + kScenario +
                            " --seeds 1..2 --set duration=8s --vary nodes=3,5 --json "
                            "--vary 'chaos=[{at: 5s, crash: leader, for: 1s}],[]'");
  ASSERT_EQ(o.code, 0) << o.out << o.err;
  const auto results = nlohmann::json::parse(o.out)["results"];
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0]["setting"], "nodes=3, chaos=[{at: 5s, crash: leader, for: 1s}]");
  EXPECT_EQ(results[3]["setting"], "nodes=5, chaos=[]");
  EXPECT_GT(results[3]["messages_per_operation"], results[1]["messages_per_operation"]);
  for (const auto& r : results) {
    EXPECT_EQ(r["pass"], 2);
    EXPECT_GT(r["throughput_per_s"].get<double>(), 50);
    EXPECT_GT(r["latency_ms"]["p99"], r["latency_ms"]["p50"]);
  }
  const Outcome text = seedbed("bench " + kScenario + " --seeds 1..2 --set duration=8s" +
                               " --set chaos=[] --vary nodes=3,5");
  EXPECT_THAT(text.out, HasSubstr("isolated-leader  nodes=3  2 pass"));
  EXPECT_EQ(seedbed("bench " + kScenario + " --vary nodes").code, 2);
  EXPECT_EQ(seedbed("bench " + kScenario + " --trials 0").code, 2);
}

TEST(Run, TellsWhatItMeasured) {
  EXPECT_THAT(seedbed("run " + kPaper).out, HasSubstr("measured    split_vote: no"));
  const auto json = nlohmann::json::parse(seedbed("run " + kPaper + " --json").out);
  EXPECT_EQ(json["measured"][0]["name"], "split_vote");
  EXPECT_EQ(json["measured"][0]["yes"], false);
  EXPECT_TRUE(
      nlohmann::json::parse(seedbed("run " + kScenario + " --json").out)["measured"].empty());
}

TEST(List, ListsEverythingThatHasAName) {
  for (const auto& [what, name] : std::vector<std::pair<std::string, std::string>>{
           {"protocols", "raft"},
           {"mutants", "votes-twice"},
           {"faults", "isolate"},
           {"checks", "linearizable"},
           {"workloads", "kv"},
           {"scenarios", "scenarios/raft/isolated-leader.yaml"}}) {
    const Outcome text = seedbed("list " + what);
    EXPECT_EQ(text.code, 0);
    EXPECT_THAT(text.out, HasSubstr(name));
    const auto json = nlohmann::json::parse(seedbed("list " + what + " --json").out);
    EXPECT_TRUE(std::any_of(json.begin(), json.end(), [&name = name](const auto& item) {
      return item["name"] == name;
    })) << what;
  }
}

TEST(Explain, ExplainsWhateverIsListed) {
  for (const char* what : {"protocols", "mutants", "faults", "checks", "workloads"}) {
    const auto json = nlohmann::json::parse(seedbed(std::string("list ") + what + " --json").out);
    for (const auto& item : json) {
      const Outcome o = seedbed("explain " + item["name"].get<std::string>());
      EXPECT_EQ(o.code, 0) << item["name"];
      EXPECT_GT(o.out.size(), 40U) << item["name"];
    }
  }
  EXPECT_THAT(seedbed("explain raft").out, HasSubstr("election_timeout: 150ms..300ms"));
}

TEST(Explain, ExplainsTheKeysOfScenarios) {
  EXPECT_THAT(seedbed("explain groups").out, HasSubstr("count (optional): how many nodes"));
  EXPECT_THAT(seedbed("explain workflow").out, HasSubstr("participant: whose local transaction"));
  const std::string latency = seedbed("explain network.latency").out;
  EXPECT_THAT(latency, HasSubstr("a duration or a range of them, such as 150ms..300ms; or a map"));
  EXPECT_THAT(latency, HasSubstr("pareto (optional): a heavy tail"));
  EXPECT_THAT(seedbed("explain partition").out, Not(HasSubstr("A key of scenarios")));
  EXPECT_THAT(seedbed("explain grups").err, HasSubstr("did you mean 'groups'?"));
  EXPECT_THAT(seedbed("explain sweep").out, HasSubstr("A command: tools/seedbed sweep --help"));
  EXPECT_THAT(seedbed("explain verfy").err, HasSubstr("did you mean 'verify'?"));
  // Keys that several places share are told once.
  const std::string check = seedbed("explain check").out;
  EXPECT_EQ(check.find("leads_to (optional)"), check.rfind("leads_to (optional)")) << check;
}

TEST(Explain, ShowsThePathsOfAScenariosNetwork) {
  const Outcome ring = seedbed("explain scenarios/raft/bursts-on-a-ring.yaml");
  EXPECT_EQ(ring.code, 0) << ring.err;
  EXPECT_THAT(ring.out, HasSubstr("n1 - n2, n3, n4, n7\n"));
  EXPECT_THAT(ring.out, HasSubstr("the longest has 2 hops; the mean is 1.3\n"));
  EXPECT_THAT(ring.out, HasSubstr("n1 to n5: n1 n3 n5\n"));
  const Outcome wide = seedbed("explain scenarios/raft/wide-area.yaml");
  EXPECT_THAT(wide.out, HasSubstr("eu-west-1: n3 to n4\n"));
  EXPECT_THAT(wide.out, HasSubstr("to ap-southeast-1: 108.2ms\n"));
  EXPECT_THAT(seedbed("explain " + kScenario).out, HasSubstr("every two nodes are neighbours"));
  EXPECT_EQ(seedbed("explain nowhere.yaml").code, 2);
}

TEST(Validate, SaysHowManyAreValid) {
  EXPECT_EQ(seedbed("validate scenarios/raft/*.yaml scenarios/raft/mutants/*.yaml").code, 0);
  const Outcome o = seedbed("validate " + kScenario + " no-such-file.yaml");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.out, HasSubstr("1 of 2 scenarios are valid"));
}

TEST(Schema, TheOneThatEditorsUseIsCurrent) {
  const Outcome o = seedbed("schema");
  EXPECT_EQ(o.code, 0);
  EXPECT_EQ(nlohmann::json::parse(o.out),
            nlohmann::json::parse(slurp(SEEDBED_SOURCE_DIR "/scenarios/scenario.schema.json")))
      << "rewrite it: tools/seedbed schema > scenarios/scenario.schema.json";
}

}  // namespace
}  // namespace seedbed::testing
