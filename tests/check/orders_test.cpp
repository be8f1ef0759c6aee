// Histories that are known from papers and violations planted alone: each order finds its own,
// names it, shows the few operations that matter, and what is weaker does not mind.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/rng.h"
#include "sim/check/check_report.h"
#include "sim/check/history/generated.h"
#include "sim/check/history/value.h"
#include "sim/check/orders/orders.h"
#include "sim/check/orders/recorded_orders.h"

namespace seedbed {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLevels[] = {
    "sequential",       "causal",          "causal-convergence", "weak-causal",        "pram",
    "read-your-writes", "monotonic-reads", "monotonic-writes",   "writes-follow-reads"};

CheckReport judge(std::string_view text, std::string_view level, std::string_view model = "kv") {
  CheckOptions options;
  options.level = level;
  options.init = "0";
  return find_history_check(model)->judge({text, "jepsen-edn", ""}, options);
}

/// "wx1 ry0": a process that writes 1 to x and reads 0 from y; "wx1?" nobody heard of, and "cx12"
/// is a cas. One process after the other: these orders do not look at real time.
std::string history(const std::vector<std::string_view>& processes) {
  std::string text;
  for (std::size_t p = 0; p < processes.size(); ++p) {
    for (std::size_t at = 0; at < processes[p].size();) {
      const std::size_t end = std::min(processes[p].find(' ', at), processes[p].size());
      const std::string_view op = processes[p].substr(at, end - at);
      const bool info = op.back() == '?';
      const std::string value =
          op[0] == 'c' ? fmt::format("[{} {}]", op[2], op[3]) : std::string(1, op[2]);
      const std::string words = fmt::format(":process {} :f :{} :key \"{}\" :value {}", p,
                                            op[0] == 'w'   ? "write"
                                            : op[0] == 'c' ? "cas"
                                                           : "read",
                                            op[1], value);
      text += fmt::format("{{:type :invoke {}}}\n{{:type :{} {}}}\n", words, info ? "info" : "ok",
                          words);
      at = end + 1;
    }
  }
  return text;
}

struct Planted {
  std::vector<std::string_view> processes;
  std::map<std::string_view, std::string_view> anomalies;  // by level; the others pass
};

void expect_planted(const Planted& planted) {
  const std::string text = history(planted.processes);
  for (const std::string_view level : kLevels) {
    const CheckReport report = judge(text, level);
    const auto anomaly = planted.anomalies.find(level);
    if (anomaly == planted.anomalies.end()) {
      EXPECT_EQ(report.verdict, Verdict::kPass) << level << ": " << report.message << "\n" << text;
      continue;
    }
    EXPECT_EQ(report.verdict, Verdict::kFail) << level << "\n" << text;
    ASSERT_EQ(report.anomalies.size(), 1U) << level << "\n" << text;
    EXPECT_EQ(report.anomalies[0].name, anomaly->second) << level << "\n" << text;
    EXPECT_FALSE(report.picture.empty());
    EXPECT_FALSE(report.shape.empty());
  }
}

// Bouajjani, Enea, Guerraoui and Hamza 2017, figure 3: (a) to (e).
TEST(Orders, TellsThePapersHistoriesApart) {
  expect_planted(
      {{"wx1 rx2", "wx2 rx1"}, {{"sequential", "CyclicCF"}, {"causal-convergence", "CyclicCF"}}});
  expect_planted({{"wz1 wx1 wy1", "wx2 rz0 ry1 rx2"},
                  {{"sequential", "WriteHBInitRead"},
                   {"causal", "WriteHBInitRead"},
                   {"pram", "WriteHBInitRead"}}});
  expect_planted({{"wx1", "wx2 rx1 rx2"},
                  {{"sequential", "CyclicHB"},
                   {"causal", "CyclicHB"},
                   {"causal-convergence", "CyclicCF"},
                   {"pram", "CyclicHB"}}});
  expect_planted({{"wx1 ry0 wy1 rx1", "wx2 ry0 wy2 rx2"}, {{"sequential", "NoTotalOrder"}}});
  expect_planted({{"wx1 wy1", "ry1 wx2", "rx2 rx1"},
                  {{"sequential", "WriteCORead"},
                   {"causal", "WriteCORead"},
                   {"causal-convergence", "WriteCORead"},
                   {"weak-causal", "WriteCORead"}}});
}

TEST(Orders, FindsEachViolationThatIsPlanted) {
  // Store buffering, and readers that see two writes in two orders.
  expect_planted({{"wx1 ry0", "wy1 rx0"}, {{"sequential", "NoTotalOrder"}}});
  expect_planted({{"wx1", "wy1", "rx1 ry0", "ry1 rx0"}, {{"sequential", "NoTotalOrder"}}});
  std::map<std::string_view, std::string_view> all;
  for (const std::string_view level : kLevels) all[level] = "ThinAirRead";
  expect_planted({{"rx7"}, all});
  expect_planted({{"rx1 wy1", "ry1 wx1"},
                  {{"sequential", "CyclicCO"},
                   {"causal", "CyclicCO"},
                   {"causal-convergence", "CyclicCO"},
                   {"weak-causal", "CyclicCO"},
                   {"writes-follow-reads", "write before what was read"}}});
  // Each session guarantee alone.
  const std::map<std::string_view, std::string_view> causality{
      {"sequential", "WriteCOInitRead"},
      {"causal", "WriteCOInitRead"},
      {"causal-convergence", "WriteCOInitRead"},
      {"weak-causal", "WriteCOInitRead"}};
  auto own = causality;
  own.insert({{"pram", "WriteHBInitRead"}, {"read-your-writes", "lost own write"}});
  expect_planted({{"wx1 rx0"}, own});
  auto monotonic = causality;
  monotonic.insert({{"pram", "WriteHBInitRead"},
                    {"monotonic-reads", "non-monotonic read"},
                    {"monotonic-writes", "writes out of order"},
                    {"writes-follow-reads", "write before what was read"}});
  expect_planted({{"wx1", "rx1 rx0"}, monotonic});
  auto writes = causality;
  writes.insert({{"pram", "WriteHBInitRead"}, {"monotonic-writes", "writes out of order"}});
  expect_planted({{"wx1 wy1", "ry1 rx0"}, writes});
  auto follow = causality;
  follow.insert({{"writes-follow-reads", "write before what was read"}});
  expect_planted({{"wx1", "rx1 wy1", "ry1 rx0"}, follow});
  // All session guarantees hold, and still no one order does.
  expect_planted({{"wx2 wy1", "ry1 wx1 rx2"},
                  {{"sequential", "WriteCORead"},
                   {"causal", "WriteCORead"},
                   {"causal-convergence", "WriteCORead"},
                   {"weak-causal", "WriteCORead"},
                   {"pram", "CyclicHB"}}});
}

TEST(Orders, WhatNobodyHeardOfMayHappenLateOrNever) {
  expect_planted({{"wx1? rx0 rx0 rx1"}, {}});
  expect_planted({{"wx1? rx0"}, {}});
  // But not before what its process did earlier.
  expect_planted({{"wx1 wy1?", "ry1 rx0"},
                  {{"sequential", "WriteCOInitRead"},
                   {"causal", "WriteCOInitRead"},
                   {"causal-convergence", "WriteCOInitRead"},
                   {"weak-causal", "WriteCOInitRead"},
                   {"pram", "WriteHBInitRead"},
                   {"monotonic-writes", "writes out of order"}}});
}

TEST(Orders, ACompareAndSetReadsAndWrites) {
  expect_planted({{"wx1", "cx12 rx2", "rx2"}, {}});
  // Two that replaced the same value: no one order, though nobody saw both.
  expect_planted({{"cx01", "cx02"}, {{"sequential", "NoTotalOrder"}}});
}

TEST(Orders, ShowsTheFewOperationsThatMatter) {
  std::string text = history({"wx1 wy1", "ry1 rx0"});
  for (int i = 0; i < 200; ++i) {
    const std::string op =
        fmt::format(":process {} :f :write :key \"k{}\" :value {}", 10 + i % 5, i % 7, 1000 + i);
    text += fmt::format("{{:type :invoke {0}}}\n{{:type :ok {0}}}\n", op);
  }
  for (const std::string_view level : {"sequential", "causal", "pram", "monotonic-writes"}) {
    const CheckReport report = judge(text, level);
    ASSERT_EQ(report.verdict, Verdict::kFail);
    EXPECT_EQ(report.witness.size(), 4U) << level;
    EXPECT_THAT(report.message, HasSubstr("process 1: read \"x\" 0, ok")) << level;
    EXPECT_EQ(std::count_if(report.witness.begin(), report.witness.end(),
                            [](const WitnessOp& op) { return op.role == "cannot be explained"; }),
              1)
        << level;
    EXPECT_THAT(report.picture, HasSubstr("read 0 !")) << level;
  }
}

TEST(Orders, ValuesThatRepeatAreNoGuessWhereItMatters) {
  // Whichever of the two was read first, and passes by one of them only.
  expect_planted({{"wx1 wx2 wx1", "rx1 rx2 rx1"}, {}});
  EXPECT_EQ(judge(history({"wx1 wx2 wx1", "rx1 rx2 rx1 rx2"}), "monotonic-reads").verdict,
            Verdict::kFail);
}

std::string timed(std::string_view type, std::string_view op, std::int64_t ms) {
  return fmt::format("{{:type :{} {} :time {}}}\n", type, op, ms * 1'000'000);
}

/// Writes 1 to 4, each after the other, 10 ms apart; then a read, at 50 ms, of this value.
std::string stale_history(int value) {
  std::string text;
  for (int i = 1; i <= 4; ++i) {
    const std::string op = fmt::format(":process 0 :f :write :key 1 :value {}", i);
    text += timed("invoke", op, i * 10) + timed("ok", op, i * 10 + 1);
  }
  const std::string read = fmt::format(":process 1 :f :read :key 1 :value {}", value);
  return text + timed("invoke", read, 50) + timed("ok", read, 51);
}

std::string note(const CheckReport& report, std::string_view name) {
  for (const auto& [n, text] : report.notes) {
    if (n == name) return text;
  }
  return "none";
}

TEST(Orders, SaysHowStaleReadsAre) {
  const std::pair<int, std::string_view> values[] = {{4, "1"}, {3, "2"}, {2, "3"}, {0, "5"}};
  for (const auto& [value, k] : values) {
    const CheckReport any = judge(stale_history(value), "k-atomic");
    EXPECT_EQ(any.verdict, Verdict::kPass);
    EXPECT_EQ(note(any, "least K"), k);
  }
  EXPECT_EQ(judge(stale_history(3), "1-atomic").verdict, Verdict::kFail);
  EXPECT_EQ(judge(stale_history(3), "2-atomic").verdict, Verdict::kPass);
  EXPECT_EQ(judge(stale_history(9), "k-atomic").verdict, Verdict::kFail);
  // The read began at 50 ms. 3 was replaced by 41 ms, at the earliest at 40 ms: it has to have
  // begun by 41 ms.
  const CheckReport any = judge(stale_history(3), "stale");
  EXPECT_EQ(any.verdict, Verdict::kPass);
  EXPECT_EQ(note(any, "least staleness"), "9ms");
  EXPECT_EQ(judge(stale_history(3), "stale:9ms").verdict, Verdict::kPass);
  EXPECT_EQ(judge(stale_history(3), "stale:8999999ns").verdict, Verdict::kFail);
  EXPECT_EQ(judge(stale_history(4), "stale:0s").verdict, Verdict::kPass);
  EXPECT_EQ(judge(stale_history(9), "stale").verdict, Verdict::kFail);
  const CheckReport shown = judge(stale_history(1), "2-atomic");
  EXPECT_EQ(shown.verdict, Verdict::kFail);
  EXPECT_EQ(shown.witness.size(), 4U);  // the read, its write, and two after that
  EXPECT_EQ(shown.anomalies.at(0).name, "too stale");
}

TEST(Orders, StalenessWantsTimes) {
  EXPECT_THROW(judge(history({"wx1"}), "stale:1s"), history::BadHistory);
}

TEST(Orders, KnowsItsLevelsByName) {
  EXPECT_EQ(orders::level_named("12-atomic")->bound, 12U);
  EXPECT_EQ(orders::level_named("stale:2ms")->bound, 2'000'000U);
  for (const std::string_view bad : {"", "0-atomic", "-atomic", "x-atomic", "stale:", "stale:5",
                                     "stale:5parsecs", "99999999999999999999-atomic", "casual"}) {
    EXPECT_FALSE(orders::level_named(bad)) << bad;
  }
}

TEST(Orders, JudgesManyOperations) {
  for (const std::string_view level :
       {"sequential", "causal", "causal-convergence", "weak-causal", "pram", "read-your-writes",
        "monotonic-reads", "monotonic-writes", "writes-follow-reads", "k-atomic", "1-atomic"}) {
    const auto recorded = history::generate({.model = "kv", .operations = 20'000, .lost = 5});
    CheckOptions options;
    options.level = level;
    const auto report = orders::judge_recorded(
        recorded, {.name = "kv", .cas = true, .nil_tells = true, .only = ""}, options);
    EXPECT_EQ(report.verdict, Verdict::kPass) << level << ": " << report.message;
  }
}

/// Somebody reads a value again after another one; or nothing, after a write of its own.
void plant(history::Recorded& recorded, bool own) {
  struct Seen {
    history::Value first, second;
    bool wrote = false;
  };
  std::map<std::pair<std::int64_t, std::int64_t>, Seen> seen;  // process and key
  for (std::size_t i = 0; i < recorded.operations.size(); ++i) {
    history::RecordedOp& op = recorded.operations[i];
    if (!op.ok()) continue;
    Seen& s = seen[{op.process, op.key.integer()}];
    s.wrote |= op.is("write");
    if (!op.is("read")) continue;
    const bool again = !s.second.is_nil();
    if (i > recorded.operations.size() / 2 && (own ? s.wrote : again)) {
      op.value = own ? history::Value() : s.first;
      return;
    }
    if (s.first.is_nil()) s.first = op.value;
    if (!(op.value == s.first)) s.second = op.value;
  }
  FAIL() << "there is no place for it";
}

TEST(Orders, FindsWhatIsPlantedAmongManyOperations) {
  for (const std::string_view level :
       {"sequential", "causal", "causal-convergence", "pram", "read-your-writes", "monotonic-reads",
        "monotonic-writes", "writes-follow-reads", "1-atomic"}) {
    auto recorded = history::generate({.model = "kv", .operations = 20'000, .lost = 5});
    plant(recorded, level == "read-your-writes");
    CheckOptions options;
    options.level = level;
    const auto report = orders::judge_recorded(
        recorded, {.name = "kv", .cas = true, .nil_tells = true, .only = ""}, options);
    EXPECT_EQ(report.verdict, Verdict::kFail) << level;
    EXPECT_LE(report.witness.size(), 16U) << level;
  }
}

/// Writes go to one log at once; each process reads what it has applied so far, and has applied its
/// own writes.
orders::History lagging(std::size_t operations, std::uint64_t seed) {
  constexpr std::uint32_t kKeys = 5, kProcesses = 6;
  Rng rng(seed);
  orders::History h;
  for (std::uint32_t k = 0; k < kKeys; ++k) h.initial.push_back(h.values++);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> log;  // key, value
  std::vector<std::vector<std::uint32_t>> state(kProcesses, h.initial);
  std::vector<std::size_t> applied(kProcesses, 0);
  for (std::size_t i = 0; i < operations; ++i) {
    orders::Operation op;
    op.process = static_cast<std::uint32_t>(rng.below(kProcesses));
    op.key = static_cast<std::uint32_t>(rng.below(kKeys));
    op.invoked = 2 * i + 1;
    op.returned = 2 * i + 2;
    const bool write = rng.below(2) == 0;
    if (write) log.emplace_back(op.key, h.values);
    const std::size_t lag = write ? 0 : rng.below(20);
    for (std::size_t& at = applied[op.process]; at + lag < log.size(); ++at) {
      state[op.process][log[at].first] = log[at].second;
    }
    (write ? op.writes : op.reads) = write ? h.values++ : state[op.process][op.key];
    h.operations.push_back(op);
  }
  return h;
}

TEST(Orders, FindsTheOneOrderOfWhatIsNotLinearizable) {
  const orders::History h = lagging(20'000, 1);
  EXPECT_EQ(orders::judge(h, *orders::level_named("1-atomic"), {}).verdict, Verdict::kFail);
  for (const std::string_view level : kLevels) {
    EXPECT_EQ(orders::judge(h, *orders::level_named(level), {}).verdict, Verdict::kPass) << level;
  }
  const orders::Outcome k = orders::judge(h, *orders::level_named("k-atomic"), {});
  EXPECT_EQ(k.verdict, Verdict::kPass);
  ASSERT_EQ(k.notes.size(), 1U);
  // Up to 19 writes behind, in five keys.
  EXPECT_GT(std::stoi(k.notes[0].second), 5);
  EXPECT_LE(std::stoi(k.notes[0].second), 20);
}

}  // namespace
}  // namespace seedbed
