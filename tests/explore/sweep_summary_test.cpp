#include "sim/explore/sweep_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace seedbed {
namespace {

RunRow row(std::uint64_t seed, Ending ending, std::uint64_t fingerprint = 0,
           std::uint64_t events = 100, std::uint32_t scenario = 0, std::string check = "safety") {
  RunRow r;
  r.job = {seed, scenario};
  r.ending = ending;
  r.digest = seed * 7;
  r.events = events;
  if (is_failure(ending)) r.fingerprint = fingerprint;
  if (is_failure(ending)) r.check = std::move(check);
  return r;
}

SweptScenario scenario(std::string name, std::string expect_violates = "") {
  SweptScenario s;
  s.name = std::move(name);
  s.expect_violates = std::move(expect_violates);
  return s;
}

SweepSummary summary_of(const std::vector<RunRow>& rows, const std::string& expect = "") {
  SweepSummary summary({scenario("a", expect)});
  for (const RunRow& r : rows) summary.add(r);
  return summary;
}

TEST(RunRow, SurvivesThePipe) {
  RunRow r = row(7, Ending::kFail, 99);
  r.message = std::string("line\nanother \0 byte", 19);
  r.settings = "network.loss=2%\nnodes=5";
  r.simulated_ns = -1;
  r.wall_us = 12;
  EXPECT_EQ(decode(encode(r)), r);
  r.digest.reset();
  EXPECT_EQ(decode(encode(r)), r);
}

TEST(RunRow, WhatIsNoneIsRefused) {
  const std::string bytes = encode(row(7, Ending::kFail, 99));
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode(bytes.substr(0, bytes.size() - 1)));
  EXPECT_FALSE(decode(bytes + "x"));
}

TEST(RunRow, AnEndlessMessageLosesItsEnd) {
  RunRow r = row(7, Ending::kFail, 99);
  r.message = std::string(1 << 20, 'x');
  const auto again = decode(encode(r));
  ASSERT_TRUE(again);
  EXPECT_LT(again->message.size(), 1U << 16);
  EXPECT_EQ(again->job, r.job);
}

TEST(RunRow, WaysOfEndingHaveFingerprintsOfTheirOwn) {
  const auto print = [](Ending ending, const char* shape) {
    return row_without_end({1, 0}, ending, shape, "message").fingerprint;
  };
  EXPECT_NE(print(Ending::kCrash, "SIGSEGV"), print(Ending::kCrash, "SIGABRT"));
  EXPECT_NE(print(Ending::kTimeout, ""), print(Ending::kMemory, ""));
  EXPECT_EQ(print(Ending::kTimeout, ""),
            row_without_end({2, 1}, Ending::kTimeout, "", "other").fingerprint);
}

TEST(SweepSummary, FortySeedsOfThreeKindsAreThreeRows) {
  std::vector<RunRow> rows;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    rows.push_back(row(seed, Ending::kFail, 10 + seed % 3, 1000 - seed));
  }
  const SweepSummary summary = summary_of(rows);
  const auto groups = summary.groups();
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0]->count, 14U) << "the most frequent first";
  EXPECT_EQ(groups[0]->first().job.seed, 1U);
  EXPECT_EQ(groups[0]->cheapest.job.seed, 40U);
  EXPECT_EQ(groups[0]->unexpected, 14U);
}

TEST(SweepSummary, IsTheSameInAnyOrder) {
  std::vector<RunRow> rows;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    rows.push_back(row(seed, Ending::kFail, seed % 4, 50 + seed % 2, seed % 2));
  }
  const auto told = [&] {
    SweepSummary summary({scenario("a"), scenario("b")});
    for (const RunRow& r : rows) summary.add(r);
    std::vector<RunRow> seen;
    for (const FailureGroup* g : summary.groups())
      seen.insert(seen.end(), {g->first(), g->cheapest});
    return seen;
  };
  const auto forward = told();
  std::reverse(rows.begin(), rows.end());
  EXPECT_EQ(told(), forward);
}

TEST(SweepSummary, ARunWithoutAnEndIsNotTheCheapest) {
  RunRow lost = row(1, Ending::kCrash, 5);
  lost.events = 0;
  const SweepSummary summary = summary_of({lost, row(2, Ending::kFail, 5)});
  EXPECT_EQ(summary.groups()[0]->cheapest.job.seed, 2U);
  EXPECT_EQ(summary.groups()[0]->first().job.seed, 1U);
}

TEST(SweepSummary, VerdictWherePassIsExpected) {
  EXPECT_EQ(summary_of({row(1, Ending::kPass)}).verdict(), Verdict::kPass);
  EXPECT_EQ(summary_of({row(1, Ending::kPass), row(2, Ending::kUnknown)}).verdict(),
            Verdict::kUnknown);
  for (const Ending e : {Ending::kFail, Ending::kCrash, Ending::kTimeout, Ending::kMemory}) {
    EXPECT_EQ(summary_of({row(1, Ending::kPass), row(2, Ending::kUnknown), row(3, e)}).verdict(),
              Verdict::kFail);
  }
  EXPECT_EQ(summary_of({}).verdict(), Verdict::kUnknown) << "nothing ran";
}

TEST(SweepSummary, VerdictWhereAViolationIsExpected) {
  const RunRow wanted = row(1, Ending::kFail, 1);
  const RunRow other = row(2, Ending::kFail, 2, 100, 0, "progress");
  EXPECT_EQ(
      summary_of({wanted, row(3, Ending::kPass), row(4, Ending::kUnknown)}, "safety").verdict(),
      Verdict::kPass);
  EXPECT_EQ(summary_of({wanted, other}, "safety").verdict(), Verdict::kFail);
  EXPECT_EQ(summary_of({row(3, Ending::kPass)}, "safety").verdict(), Verdict::kFail);
  EXPECT_EQ(summary_of({row(3, Ending::kUnknown)}, "safety").verdict(), Verdict::kUnknown);
  const RunRow crash = row_without_end({5, 0}, Ending::kCrash, "SIGSEGV", "");
  EXPECT_EQ(summary_of({wanted, crash}, "safety").verdict(), Verdict::kFail);
}

TEST(SweepSummary, WhatShouldNotBeComesFirst) {
  SweepSummary summary({scenario("mutant", "safety"), scenario("correct")});
  for (std::uint64_t seed = 1; seed <= 9; ++seed) summary.add(row(seed, Ending::kFail, 1));
  summary.add(row(1, Ending::kFail, 2, 100, 1));
  ASSERT_EQ(summary.groups().size(), 2U);
  EXPECT_EQ(summary.groups()[0]->unexpected, 1U);
  EXPECT_EQ(summary.groups()[1]->unexpected, 0U);
  EXPECT_EQ(summary.verdict(0), Verdict::kPass);
  EXPECT_EQ(summary.verdict(), Verdict::kFail);
  EXPECT_EQ(summary.total().fail, 10U);
  EXPECT_EQ(summary.total().expected, 9U);
}

}  // namespace
}  // namespace seedbed
