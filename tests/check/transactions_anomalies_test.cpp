// Each anomaly planted alone into a long history that has none: it is found and named, the levels
// that forbid it fail and the others hold, and nothing else is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/base/rng.h"
#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"
#include "sim/check/transactions/judge.h"
#include "sim/check/transactions/readers.h"
#include "sim/check/transactions/witness.h"

namespace seedbed::txn {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::set<std::string>;

/// Op maps of processes that work side by side on a few keys, each transaction at one instant.
class Recording {
 public:
  explicit Recording(Model model) : lists_(model == Model::kList) {}

  void work(int transactions) {
    for (int i = 0; i < transactions; ++i) {
      const std::uint64_t process = rng_.below(5);
      finish(process);
      invoke(process);
    }
    for (std::uint64_t process = 0; process < 5; ++process) finish(process);
  }
  void add(const std::string& type, std::uint64_t process, const std::string& value) {
    text_ += "{:type :" + type + ", :process " + std::to_string(process) + ", :f :txn, :value " +
             value + "}\n";
  }
  const std::string& text() const { return text_; }

 private:
  void invoke(std::uint64_t process) {
    std::string asked = "[", done = "[";
    const std::uint64_t size = 1 + rng_.below(4);
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t key = rng_.below(6);
      const std::string name = std::to_string(key);
      if (rng_.below(2) == 0) {
        const std::string value = std::to_string(++value_);
        const std::string write =
            std::string(lists_ ? "[:append " : "[:w ") + name + " " + value + "]";
        asked += write;
        done += write;
        state_[key] = lists_ ? state_[key] + " " + value : value;
      } else {
        asked += "[:r " + name + " nil]";
        const std::string& now = state_[key];
        done += "[:r " + name + " " + (lists_ ? "[" + now + "]" : now.empty() ? "nil" : now) + "]";
      }
    }
    add("invoke", process, asked + "]");
    open_[process] = done + "]";
  }
  void finish(std::uint64_t process) {
    if (!open_[process].empty()) add("ok", process, open_[process]);
    open_[process].clear();
  }

  bool lists_;
  Rng rng_{hash_of(1, hash_text("recording"))};
  std::string text_;
  std::uint64_t value_ = 0;
  std::map<std::uint64_t, std::string> state_, open_;
};

struct Planted {
  std::string about;
  Model model;
  /// "3 ok [...]": process, how it ended, what it did. All at the same time, unless `in_turn`.
  std::vector<std::string> transactions;
  bool in_turn;
  Words types;         // what is found
  std::string breaks;  // the weakest level that fails
  std::string holds;   // one that does not; "" where there is none
};

constexpr Model kL = Model::kList, kR = Model::kRegister;

const std::vector<Planted>& planted() {
  static const std::vector<Planted> kPlanted = {
      {"nothing", kL, {}, false, {}, "", "strict-serializable"},
      {"nothing", kR, {}, false, {}, "", "strict-serializable"},
      {"dirty write",
       kL,
       {"11 ok [[:append x 1] [:append y 1]]", "12 ok [[:append x 2] [:append y 2]]",
        "13 ok [[:r x [1 2]]]", "14 ok [[:r y [2 1]]]"},
       false,
       {"G0"},
       "read-committed",
       ""},
      {"aborted read",
       kL,
       {"11 fail [[:append x 1]]", "12 ok [[:r x [1]]]"},
       false,
       {"G1a"},
       "read-committed",
       ""},
      {"aborted read",
       kR,
       {"11 fail [[:w x 1]]", "12 ok [[:r x 1]]"},
       false,
       {"G1a"},
       "read-committed",
       ""},
      {"intermediate read",
       kR,
       {"11 ok [[:w x 1] [:w x 2]]", "12 ok [[:r x 1]]"},
       false,
       {"G1b"},
       "read-committed",
       ""},
      // Of a list the reader missed the second append as well.
      {"intermediate read",
       kL,
       {"11 ok [[:append x 1] [:append x 2]]", "12 ok [[:r x [1]]]"},
       false,
       {"G1b", "G-single-item"},
       "read-committed",
       ""},
      {"circular information flow",
       kL,
       {"11 ok [[:append x 1] [:r y [1]]]", "12 ok [[:append y 1] [:r x [1]]]"},
       false,
       {"G1c"},
       "read-committed",
       ""},
      {"circular information flow",
       kR,
       {"11 ok [[:w x 1] [:r y 1]]", "12 ok [[:w y 1] [:r x 1]]"},
       false,
       {"G1c"},
       "read-committed",
       ""},
      {"read skew",
       kL,
       {"11 ok [[:append x 1] [:append y 1]]", "12 ok [[:r x []] [:r y [1]]]"},
       false,
       {"G-single-item"},
       "read-atomic",
       "read-committed"},
      {"long fork",
       kL,
       {"11 ok [[:append x 1]]", "12 ok [[:append y 1]]", "13 ok [[:r x [1]] [:r y []]]",
        "14 ok [[:r x []] [:r y [1]]]"},
       false,
       {"G-nonadjacent-item"},
       "prefix",
       "causal"},
      {"write skew",
       kL,
       {"11 ok [[:r x []] [:append y 1]]", "12 ok [[:r y []] [:append x 1]]"},
       false,
       {"G2-item"},
       "serializable",
       "snapshot-isolation"},
      {"lost update",
       kR,
       {"11 ok [[:w x 9]]", "12 ok [[:r x 9] [:w x 1]]", "13 ok [[:r x 9] [:w x 2]]"},
       false,
       {"lost-update"},
       "snapshot-isolation",
       "prefix"},
      // Where the order of the updates was seen, the cycle is there as well.
      {"lost update",
       kL,
       {"11 ok [[:r x []] [:append x 1]]", "12 ok [[:r x []] [:append x 2]]",
        "13 ok [[:r x [1 2]]]"},
       false,
       {"lost-update", "G-single-item"},
       "snapshot-isolation",
       "prefix"},
      // What is read on top of an aborted append is an aborted read, too.
      {"dirty update",
       kL,
       {"11 fail [[:append x 1]]", "12 ok [[:append x 2]]", "13 ok [[:r x [1 2]]]"},
       false,
       {"dirty-update", "G1a"},
       "read-committed",
       ""},
      {"duplicate elements",
       kL,
       {"11 ok [[:append x 1]]", "12 ok [[:r x [1 1]]]"},
       false,
       {"duplicate-elements"},
       "read-committed",
       ""},
      {"incompatible orders",
       kL,
       {"11 ok [[:append x 1]]", "12 ok [[:append x 2]]", "13 ok [[:r x [1 2]]]",
        "14 ok [[:r x [2]]]"},
       false,
       {"incompatible-order"},
       "read-committed",
       ""},
      {"against the program",
       kL,
       {"11 ok [[:append x 1] [:append x 2]]", "12 ok [[:r x [2 1]]]"},
       false,
       {"incompatible-order", "G1b"},
       "read-committed",
       ""},
      {"own write forgotten",
       kL,
       {"11 ok [[:append x 1] [:r x []]]"},
       false,
       {"internal"},
       "read-committed",
       ""},
      {"own write forgotten",
       kR,
       {"11 ok [[:w x 1] [:w x 2] [:r x 1]]"},
       false,
       {"internal"},
       "read-committed",
       ""},
      {"stale in a session",
       kL,
       {"11 ok [[:append x 1]]", "11 ok [[:r x []]]"},
       true,
       {"G-single-item-process"},
       "strong-session-snapshot-isolation",
       "serializable"},
      {"stale in real time",
       kL,
       {"11 ok [[:append x 1]]", "12 ok [[:r x []]]"},
       true,
       {"G-single-item-realtime"},
       "strict-serializable",
       "strong-session-serializable"},
      {"overwritten in real time",
       kL,
       {"11 ok [[:append x 2]]", "12 ok [[:append x 1]]", "13 ok [[:r x [1 2]]]"},
       true,
       {"G0-realtime"},
       "strong-read-committed",
       "serializable"},
      {"undecided, and seen",
       kL,
       {"11 info [[:append x 1] [:append y 1]]", "12 ok [[:r x [1]] [:r y []]]"},
       false,
       {"G-single-item"},
       "read-atomic",
       "read-committed"},
      {"undecided, and not seen",
       kL,
       {"11 info [[:append x 1] [:append y 1]]", "12 ok [[:r x []] [:r y []]]"},
       false,
       {},
       "",
       "strict-serializable"},
  };
  return kPlanted;
}

History plant(const Planted& p) {
  Recording recording(p.model);
  recording.work(300);
  std::vector<std::array<std::string, 3>> parts;
  for (const std::string& line : p.transactions) {
    const std::size_t first = line.find(' '), second = line.find(' ', first + 1);
    parts.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                     line.substr(second + 1)});
  }
  for (const auto& [process, end, value] : parts) {
    recording.add("invoke", std::stoul(process), value);
    if (p.in_turn) recording.add(end, std::stoul(process), value);
  }
  for (const auto& [process, end, value] : parts) {
    if (!p.in_turn) recording.add(end, std::stoul(process), value);
  }
  return read_jepsen(recording.text(), history::Syntax::kEdn, {.model = p.model});
}

TEST(Anomalies, AreFoundAndNamedAndNothingElse) {
  for (const Planted& p : planted()) {
    const History history = plant(p);
    Words types;
    for (const Anomaly& a : find_anomalies(history)) types.insert(a.type);
    EXPECT_EQ(types, p.types) << p.about;
    for (const auto& [name, verdict] : {std::pair(p.breaks, "fail"), std::pair(p.holds, "pass")}) {
      if (name.empty()) continue;
      const Judgement j = check_transactions(history, *level_named(name));
      EXPECT_EQ(name_of(j.verdict), verdict) << p.about << ": " << name << ": " << j.message;
      EXPECT_EQ(j.anomalies.empty(), verdict == std::string("pass")) << p.about;
    }
  }
}

TEST(Anomalies, TheStrongestLevelsThatHold) {
  const auto strongest = [](const std::string& about, Model model) {
    for (const Planted& p : planted()) {
      if (p.about != about || p.model != model) continue;
      const auto names = strongest_levels(plant(p));
      return Words(names.begin(), names.end());
    }
    return Words();
  };
  EXPECT_EQ(strongest("nothing", kL), Words{"strict-serializable"});
  EXPECT_EQ(strongest("write skew", kL), Words{"strong-snapshot-isolation"});
  EXPECT_EQ(strongest("long fork", kL), (Words{"causal", "strong-read-committed"}));
  EXPECT_EQ(strongest("lost update", kR), (Words{"prefix", "strong-read-committed"}));
  EXPECT_EQ(strongest("stale in real time", kL),
            (Words{"strong-session-serializable", "strong-read-committed"}));
  EXPECT_THAT(strongest("dirty write", kL), IsEmpty());
}

History of(const std::string& text, Model model = kR) {
  return read_jepsen(text, history::Syntax::kEdn, {.model = model});
}

/// Of the weak levels, with sessions: what a history fails first, by its name.
TEST(Anomalies, OfTheWeakLevels) {
  const auto fails = [](const std::string& plume, const std::string& level) {
    const Judgement j = check_transactions(read_plume(plume), *level_named(level));
    return j.anomalies.empty() ? std::string("none") : j.anomalies.front().type;
  };
  // The second write is seen before the first one, in one transaction.
  const std::string monotonic = "w(x,1,1,1)\nw(x,2,1,2)\nw(y,2,1,2)\nr(y,2,2,3)\nr(x,1,2,3)\n";
  EXPECT_EQ(fails(monotonic, "read-committed"), "non-monotonic-read");
  const std::string fractured = "w(x,1,1,1)\nw(y,1,1,1)\nr(x,0,2,2)\nr(y,1,2,2)\n";
  EXPECT_EQ(fails(fractured, "read-committed"), "none");
  EXPECT_EQ(fails(fractured, "read-atomic"), "fractured-read");
  const std::string causal = "w(x,1,1,1)\nr(x,1,2,2)\nw(y,1,2,2)\nr(y,1,3,3)\nr(x,0,3,3)\n";
  EXPECT_EQ(fails(causal, "read-atomic"), "none");
  EXPECT_EQ(fails(causal, "causal"), "causality-violation");
  EXPECT_EQ(fails("r(x,7,1,1)\n", "read-committed"), "unwritten-read");
}

TEST(Anomalies, AreExplainedWithTheirCycle) {
  const History history =
      of("{:type :ok, :process 1, :value [[:r :x []] [:append :y 1]]}"
         "{:type :ok, :process 2, :value [[:r :y []] [:append :x 1]]}",
         kL);
  const Judgement j = check_transactions(history, *level_named("serializable"));
  ASSERT_EQ(j.anomalies.size(), 1U);
  EXPECT_EQ(j.message, "G2-item: T1 -rw(x)-> T2 -rw(y)-> T1");
  EXPECT_EQ(picture_of(history, j.anomalies[0]),
            "  T1     r x [], append y 1\n"
            "   | rw: it read x as it was before T2 wrote it\n"
            "   v\n"
            "  T2     r y [], append x 1\n"
            "   | rw: it read y as it was before T1 wrote it\n"
            "   v\n"
            "  T1\n");
}

/// Nobody saw the order of the writes of x: each way round makes a cycle.
TEST(Anomalies, AreExplainedBothWaysRound) {
  const History history =
      of("{:type :ok, :process 1, :value [[:w :x 1] [:w :y 1]]}"
         "{:type :ok, :process 2, :value [[:w :x 2] [:w :y 2]]}"
         "{:type :ok, :process 3, :value [[:r :x 1] [:r :y 2]]}");
  const Judgement j = check_transactions(history, *level_named("serializable"));
  ASSERT_EQ(j.anomalies.size(), 1U);
  EXPECT_THAT(picture_of(history, j.anomalies[0]), HasSubstr("the other way round:"));
  EXPECT_EQ(j.anomalies[0].transactions.size(), 3U);
}

TEST(Anomalies, WhatWasWrittenTwiceIsNoProof) {
  const std::string twice =
      "{:type :ok, :process 1, :value [[:w :x 1]]}{:type :ok, :process 2, :value [[:w :x 1]]}";
  const Level& level = *level_named("strong-session-serializable");
  EXPECT_EQ(check_transactions(of(twice), level).verdict, Verdict::kPass);
  const std::string read = twice +
                           "{:type :ok, :process 1, :value [[:w :x 2]]}"
                           "{:type :ok, :process 1, :value [[:r :x 1]]}";
  EXPECT_EQ(check_transactions(of(read), level).verdict, Verdict::kUnknown);
  const std::string lists =
      "{:type :ok, :process 1, :value [[:append :x 1]]}"
      "{:type :ok, :process 2, :value [[:append :x 1] [:r :x [1]]]}";
  EXPECT_EQ(check_transactions(of(lists, kL), level).verdict, Verdict::kUnknown);
}

TEST(Anomalies, AreReportedAsSeedbedCheckDoes) {
  const HistoryCheck* check = find_history_check("rw-register");
  ASSERT_NE(check, nullptr);
  const std::string text = "# ours\nw(x,1,1,1)\nw(y,1,1,1)\nr(x,0,2,2)\nr(y,1,2,2)\n";
  EXPECT_EQ(history::guess_format(text), "plume");
  EXPECT_EQ(history::guess_format("r 1 1\n=====\n"), "awdit");
  CheckOptions options;
  options.level = "read-atomic";
  const CheckReport report = check->judge({text, "plume", ""}, options);
  EXPECT_EQ(report.verdict, Verdict::kFail);
  EXPECT_EQ(report.operations, 4U);
  ASSERT_EQ(report.anomalies.size(), 1U);
  EXPECT_EQ(report.anomalies[0].name, "fractured-read");
  ASSERT_FALSE(report.witness.empty());
  EXPECT_EQ(report.witness[0].text, "T1: w x 1, w y 1");
  EXPECT_EQ(history::place_of(text, report.witness[0].offset).line, 2U);
  ASSERT_EQ(report.notes.size(), 2U);
  EXPECT_EQ(report.notes[1].second, "strong-session-read-committed");
  options.level = "read-committed";
  EXPECT_EQ(check->judge({text, "plume", ""}, options).verdict, Verdict::kPass);
}

TEST(Anomalies, RealTimeIsAskedOfWhoHasIt) {
  const History h = read_plume("w(x,1,1,1)\n");
  EXPECT_EQ(check_transactions(h, *level_named("strict-serializable")).verdict, Verdict::kUnknown);
  EXPECT_EQ(check_transactions(h, *level_named("serializable")).verdict, Verdict::kPass);
}

}  // namespace
}  // namespace seedbed::txn
