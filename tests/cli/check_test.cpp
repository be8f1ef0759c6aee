// seedbed check: verdicts and exit codes, the JSON document, and what is said of bad input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
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
  EXPECT_THAT(error("", "--model kv --level sequential"), HasSubstr("--level of kv"));
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
