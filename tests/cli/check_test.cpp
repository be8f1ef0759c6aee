// seedbed check: verdicts and exit codes, the JSON document, and what is said of bad input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/cli/command_line.h"
#include "tests/support/temporary_folder.h"

namespace seedbed::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class Check : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream(path) << text;
    return "'" + path + "'";
  }
  /// A stale read at line 6.
  std::string stale() {
    return write("stale.edn",
                 "{:process 0, :type :invoke, :f :write, :value 20}\n"
                 "{:process 0, :type :ok, :f :write, :value 20}\n"
                 "{:process 0, :type :invoke, :f :write, :value 21}\n"
                 "{:process 0, :type :ok, :f :write, :value 21}\n"
                 "{:process 3, :type :invoke, :f :read, :value nil}\n"
                 "{:process 3, :type :ok, :f :read, :value 20}\n");
  }
  TemporaryFolder folder_;
};

TEST_F(Check, AFailureIsShownInSpaceAndTime) {
  const Outcome o = seedbed("check " + stale() + " --model register");
  EXPECT_EQ(o.code, 1) << o.err;
  EXPECT_THAT(o.out, HasSubstr("fail  register linearizable: 3 operations"));
  EXPECT_THAT(o.out, HasSubstr("line 5: process 3: read 20, ok (cannot be placed)"));
  EXPECT_THAT(o.out, HasSubstr("process 0  |- write 20 -| |- write 21 -|\n"
                               "process 3                                |- read 20 ! -|\n"));
}

TEST_F(Check, TheJsonDocument) {
  const Outcome o = seedbed("check " + stale() + " --model cas-register --json");
  EXPECT_EQ(o.code, 1) << o.err;
  const auto json = Json::parse(o.out);
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["model"], "cas-register");
  EXPECT_EQ(json["operations"], 3);
  EXPECT_TRUE(json["wall_s"].is_number());
  ASSERT_EQ(json["witness"].size(), 3U);
  EXPECT_EQ(json["witness"][0]["line"], 5);
  EXPECT_EQ(json["witness"][0]["role"], "cannot be placed");
  EXPECT_EQ(json["anomalies"][0]["name"], "not linearizable");
  EXPECT_EQ(json["picture"].size(), 2U);
}

TEST_F(Check, WhatARunWritesIsJudgedAlike) {
  const std::string history = folder_ / "history.edn";
  ASSERT_EQ(
      seedbed("run scenarios/raft/isolated-leader.yaml --quiet --history '" + history + "'").code,
      0);
  const Outcome o = seedbed("check '" + history + "' --model kv --json");
  EXPECT_EQ(o.code, 0) << o.out << o.err;
  EXPECT_GT(Json::parse(o.out)["operations"], 1000);
}

TEST_F(Check, OnePartOfAFileAndUnknown) {
  const std::string two = write("two.txt",
                                "{:process 0 :type :ok :f :get :key \"1\" :value \"\"}\n"
                                "{:process 0 :type :ok :f :get :key \"2\" :value \"never\"}\n");
  const std::string bare = two.substr(1, two.size() - 2);
  EXPECT_EQ(seedbed("check '" + bare + "#1' --model kv --format kv-log").code, 0);
  EXPECT_EQ(seedbed("check '" + bare + "#2' --model kv --format kv-log").code, 1);
  EXPECT_EQ(seedbed("check " + write("none.edn", "{:process 0 :type :invoke :f :add :value 1}") +
                    " --model set")
                .code,
            3);
}

TEST_F(Check, IndependentKeysAreJudgedOneByOne) {
  const std::string text =
      "{:process 0, :type :invoke, :f :write, :value [x 3]}\n"
      "{:process 0, :type :ok, :f :write, :value [x 3]}\n"
      "{:process 0, :type :invoke, :f :cas, :value [y [3 4]]}\n"
      "{:process :nemesis, :type :info, :f :start, :value nil}\n"
      "{:process 0, :type :fail, :f :cas, :value nil}\n"
      "{:process 1, :type :invoke, :f :read, :value [x nil]}\n"
      "{:process 1, :type :ok, :f :read, :value [x 4]}\n";
  const std::string file = write("independent.edn", text);
  const std::string of_y = file.substr(0, file.size() - 1) + "#y'";
  const Outcome all = seedbed("check " + file + " --model cas-register --independent");
  EXPECT_EQ(all.code, 1) << all.out << all.err;
  EXPECT_THAT(all.out, HasSubstr("key x: process 1: read 4, ok is in no order"));
  EXPECT_THAT(all.out, HasSubstr("line 6: process 1: read 4, ok (cannot be placed)"));
  EXPECT_THAT(all.out, HasSubstr("longest linearizable prefix: 1 operations placed: write 3\n"));
  EXPECT_THAT(all.out, HasSubstr("  keys: 2\n"));
  EXPECT_THAT(all.out, HasSubstr("  wrong: x\n"));
  EXPECT_EQ(seedbed("check " + of_y + " --model cas-register --independent").code, 0);
  const Outcome sequential =
      seedbed("check " + file + " --model cas-register --level sequential --independent");
  EXPECT_EQ(sequential.code, 1) << sequential.out << sequential.err;
  // Anomalies of all keys are counted together.
  const Outcome sets = seedbed("check --model set --independent --json " +
                               write("sets.edn",
                                     "{:process 0 :type :ok :f :add :value [1 7]}"
                                     "{:process 0 :type :ok :f :read :value [1 []]}"
                                     "{:process 0 :type :ok :f :add :value [2 8]}"
                                     "{:process 0 :type :ok :f :read :value [2 []]}"
                                     "{:process 0 :type :ok :f :read :value [3 []]}"));
  EXPECT_EQ(sets.code, 1) << sets.out << sets.err;
  const auto json = Json::parse(sets.out);
  EXPECT_EQ(json["operations"], 5);
  EXPECT_EQ(json["anomalies"][0]["name"], "lost");
  EXPECT_EQ(json["anomalies"][0]["count"], 2);
  EXPECT_EQ(json["notes"]["wrong"], "1, 2");

  const Outcome no_pair = seedbed("check --model register --independent " +
                                  write("7.edn", "{:process 0 :type :ok :f :write :value 7}"));
  EXPECT_EQ(no_pair.code, 2);
  EXPECT_THAT(no_pair.err, HasSubstr("7.edn:1:1: with --independent every value is [key value]; "
                                     "found 7"));
  const Outcome none = seedbed("check " + of_y + " --model cas-register");
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("cas-register has no keys"));
  // The first of two values counts; found by fuzzing.
  const Outcome twice =
      seedbed("check --model register --independent " +
              write("2.edn", "{:process 0 :type :ok :f :write :value [1 7] :value 7}"));
  EXPECT_EQ(twice.code, 0) << twice.out << twice.err;
}

TEST_F(Check, OneCaseOfAFileOfCases) {
  const std::string file = write("cases.edn",
                                 "{:id 7 :history [{:process 0 :type :ok :f :txn\n"
                                 "  :value [[:append x 1] [:r x [1]]]}]}\n"
                                 "{:id 9 :history [{:process 0 :type :ok :f :txn\n"
                                 "  :value [[:append x 1] [:r x [2]]]}]}\n");
  const auto check = [&](const std::string& part) {
    return seedbed("check " + file.substr(0, file.size() - 1) + part +
                   "' --model list-append --level read-atomic");
  };
  EXPECT_EQ(check("#7").code, 0) << check("#7").err;
  const Outcome wrong = check("#9");
  EXPECT_EQ(wrong.code, 1) << wrong.err;
  EXPECT_THAT(wrong.out, HasSubstr("internal"));
  EXPECT_THAT(check("#8").err, HasSubstr("there is no case '8' among the 2"));
  EXPECT_THAT(check("").err, HasSubstr("cases.edn:1:1: this is a case with a :history of its own"));
  EXPECT_EQ(check("").code, 2);
}

TEST_F(Check, WeakerOrdersAndBounds) {
  const auto code = [&](const std::string& level) {
    return seedbed("check " + stale() + " --model register --level " + level).code;
  };
  EXPECT_EQ(code("sequential"), 0);
  EXPECT_EQ(code("1-atomic"), 1);
  EXPECT_EQ(code("2-atomic"), 0);
  const Outcome k = seedbed("check " + stale() + " --model register --level k-atomic --json");
  EXPECT_EQ(Json::parse(k.out)["notes"]["least K"], "2");
  const Outcome timeless = seedbed("check " + stale() + " --model register --level stale:1ms");
  EXPECT_EQ(timeless.code, 2);
  EXPECT_THAT(timeless.err, HasSubstr("stale.edn:1:1: staleness in time wants a :time"));
  const Outcome typo = seedbed("check " + stale() + " --model register --level casual");
  EXPECT_EQ(typo.code, 2);
  EXPECT_THAT(typo.err, HasSubstr("did you mean 'causal'?"));
  EXPECT_EQ(code("0-atomic"), 2);
}

TEST_F(Check, AWeakOrderThatFailsShowsWhy) {
  const std::string file =
      write("back.json",
            "{\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"key\":\"x\",\"value\":1}\n"
            "{\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"key\":\"x\",\"value\":2}\n"
            "{\"process\":1,\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\",\"value\":2}\n"
            "{\"process\":1,\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\",\"value\":1}\n");
  const Outcome o = seedbed("check " + file + " --model kv --level pram --json");
  EXPECT_EQ(o.code, 1) << o.err;
  const auto json = Json::parse(o.out);
  EXPECT_EQ(json["level"], "pram");
  EXPECT_EQ(json["anomalies"][0]["name"], "CyclicHB");
  EXPECT_EQ(json["witness"].size(), 4U);
  EXPECT_EQ(json["picture"].size(), 2U);
}

/// A mutant of Raft that answers reads from what it has, however old.
TEST_F(Check, OrdersOfARunAndOfItsHistory) {
  const std::string history = folder_ / "run.edn";
  const std::string levels[] = {"linearizable",       "sequential",      "causal",
                                "causal-convergence", "weak-causal",     "pram",
                                "read-your-writes",   "monotonic-reads", "monotonic-writes",
                                "writes-follow-reads"};
  std::string list;
  for (const std::string& level : levels) list += (list.empty() ? "" : ", ") + level;
  const Outcome run = seedbed(
      "run scenarios/raft/mutants/reads-locally.yaml --json --set on_violation=continue --set "
      "'check=[" +
      list + "]' --history '" + history + "'");
  std::map<std::string, std::string> found;
  const auto json = Json::parse(run.out);
  for (const auto& check : json["checks"]) found[check["name"]] = check["verdict"];
  EXPECT_EQ(found["linearizable"], "fail");
  for (const std::string& level : levels) {
    const Outcome o = seedbed("check '" + history + "' --model kv --json --level " + level);
    EXPECT_EQ(Json::parse(o.out)["verdict"], found[level]) << level;
  }
  // What nobody lists is not judged.
  EXPECT_THAT(
      seedbed("run scenarios/raft/isolated-leader.yaml --json --history '" + history + "'").out,
      ::testing::Not(HasSubstr("sequential")));
  for (const char* level :
       {"sequential", "causal", "writes-follow-reads", "1-atomic", "stale:0s"}) {
    const Outcome o = seedbed("check '" + history + "' --model kv --level " + level);
    EXPECT_EQ(o.code, 0) << o.out << o.err;
  }
}

TEST_F(Check, BadInputIsLocated) {
  const auto error = [&](const std::string& text, const std::string& options) {
    const Outcome o = seedbed("check " + write("bad.edn", text) + " " + options);
    EXPECT_EQ(o.code, 2) << o.out << o.err;
    return o.err;
  };
  EXPECT_THAT(error("{:process 0 :type :ok\n :f :read", "--model register"),
              HasSubstr("bad.edn:1:1: this map never ends"));
  EXPECT_THAT(error("{:process 0 :type :ok :f :read}\n{:process 0 :type :okay}", "--model bank"),
              HasSubstr("bad.edn:2:19: :type is :okay; there are"));
  EXPECT_THAT(error("{:process 0 :type :ok :f :push :value 1}", "--model queue"),
              HasSubstr("bad.edn:1:1: :push is no operation of a queue"));
  EXPECT_THAT(error("", "--model regster"), HasSubstr("did you mean 'register'?"));
  EXPECT_THAT(error("", "--model kv --level serializable"), HasSubstr("--level of kv"));
  EXPECT_THAT(error("", "--model kv --format dbcop"), HasSubstr("there are jepsen-edn"));
  EXPECT_THAT(error("", "--model kv --budget 5"), HasSubstr("--budget"));
  EXPECT_EQ(seedbed("check no-such-file --model kv").code, 2);
}

TEST_F(Check, EachIsListedAndExplained) {
  EXPECT_THAT(seedbed("list checks").out, HasSubstr("fenced-lock"));
  const Outcome o = seedbed("explain counter");
  EXPECT_EQ(o.code, 0);
  EXPECT_THAT(o.out, HasSubstr("bounds, linearizable"));
}

}  // namespace
}  // namespace seedbed::testing
