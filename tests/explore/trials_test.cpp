// Trials of what papers published, and how they are judged.
#include "sim/explore/trials.h"

#include <gtest/gtest.h>

#include "sim/base/text.h"
#include "tests/support/scenarios.h"

namespace seedbed {
namespace {

constexpr MeasureInfo kTime = {"time", "", "", MeasureKind::kTime, nullptr};
constexpr MeasureInfo kYes = {"yes", "", "", MeasureKind::kYesOrNo, nullptr};
constexpr MeasureInfo kNumber = {"number", "", "", MeasureKind::kNumber, nullptr};

std::size_t figure(std::string_view name) {
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    if (kFigures[i].name == name) return i;
  }
  ADD_FAILURE() << name;
  return 0;
}

Trials of(std::vector<std::int64_t> values) {
  Trials trials;
  trials.count = values.size();
  trials.values.push_back(std::move(values));
  return trials;
}

Published publish(const MeasureInfo& measure) {
  Published published;
  published.measures.push_back({.measure = &measure});
  return published;
}

TEST(Trials, PercentilesAreByNearestRank) {
  const std::vector<std::int64_t> ten = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(percentile(ten, 0), 1);
  EXPECT_EQ(percentile(ten, 100), 1);
  EXPECT_EQ(percentile(ten, 101), 2);
  EXPECT_EQ(percentile(ten, 500), 5);
  EXPECT_EQ(percentile(ten, 990), 10);
  EXPECT_EQ(percentile(ten, 1000), 10);
}

TEST(Trials, AFigureMayBeOffByItsTolerance) {
  Published published = publish(kTime);
  PublishedMeasure& m = published.measures[0];
  m.figures[figure("mean")] = {(100_ms).count()};
  m.figures[figure("max")] = {(110_ms).count()};
  const Trials trials = of({(90_ms).count(), (100_ms).count(), (119_ms).count()});
  for (const std::uint32_t percent : {2U, 3U}) {
    m.within[figure("mean")] = {Probability::percent(percent), {}};
    const Comparison c = compare(published, trials);
    EXPECT_EQ(c.holds, percent == 3) << "the mean is 103";
    const auto& figures = c.measures.at(0).figures;
    ASSERT_EQ(figures.size(), 2U);
    EXPECT_EQ(figures[0].name, "max");
    EXPECT_EQ(figures[0].measured.amount, (119_ms).count());
    EXPECT_TRUE(figures[0].holds) << "not judged";
    EXPECT_EQ(figures[1].deviation_ppb, 30'000'000);
  }
}

TEST(Trials, ATimeoutOrTwoMayBeNearEnough) {
  Published published = publish(kNumber);
  PublishedMeasure& m = published.measures[0];
  m.figures[figure("mean")] = {0, MeasureKind::kNumber};
  const auto holds = [&](std::int64_t billionths) {
    return compare(published, of({billionths})).holds;
  };
  m.within[figure("mean")] = {Probability::percent(10), {}};
  EXPECT_TRUE(holds(0)) << "nothing is within any share of nothing";
  EXPECT_FALSE(holds(1));
  m.within[figure("mean")]->absolute = {200'000'000, MeasureKind::kNumber};
  EXPECT_TRUE(holds(200'000'000));
  EXPECT_FALSE(holds(200'000'001));
  m.figures[figure("mean")]->amount = 5'000'000'000;
  EXPECT_TRUE(holds(5'500'000'000)) << "10 %";
  EXPECT_FALSE(holds(5'500'000'001));
}

TEST(Trials, EveryMeasureIsJudged) {
  Published published = publish(kTime);
  published.measures.push_back({.measure = &kYes, .at_least = Probability::percent(50)});
  published.measures[0].figures[figure("p50")] = {1'000'000};
  published.measures[0].within[figure("p50")] = {};
  Trials trials = of({1'000'000, 1'000'000});
  trials.values.push_back({0, 1});
  EXPECT_TRUE(compare(published, trials).holds);
  trials.values[1] = {0, 0};
  EXPECT_FALSE(compare(published, trials).holds);
  trials.values[1] = {};
  EXPECT_FALSE(compare(published, trials).holds) << "nothing was found";
}

TEST(Trials, AShareMustLieWhereItMostlyDoes) {
  Published published = publish(kYes);
  PublishedMeasure& m = published.measures[0];
  m.share = Probability::percent(50);
  const auto holds = [&](std::size_t yes) {
    std::vector<std::int64_t> values(10'000, 0);
    std::fill(values.end() - static_cast<std::ptrdiff_t>(yes), values.end(), 1);
    return compare(published, of(std::move(values))).holds;
  };
  EXPECT_TRUE(holds(5000) && holds(4850) && holds(5150));
  EXPECT_FALSE(holds(4790) || holds(5210)) << "four standard deviations";
  m.share.reset();
  m.at_least = Probability::percent(95);
  EXPECT_TRUE(holds(9500) && holds(10'000));
  EXPECT_FALSE(holds(9499));
}

TEST(Trials, WhatIsMissingOrWrongCounts) {
  Published published = publish(kTime);
  published.measures[0].figures[figure("p50")] = {(1_ms).count()};
  Trials trials = of(std::vector<std::int64_t>(99, 1'000'000));
  trials.count = 100;
  trials.missing = 1;
  EXPECT_TRUE(compare(published, trials).holds) << "one in a hundred";
  trials.missing = 2;
  trials.count = 101;
  EXPECT_FALSE(compare(published, trials).holds);
  trials.missing = 0;
  trials.violated = 1;
  EXPECT_FALSE(compare(published, trials).holds);
  EXPECT_FALSE(compare(published, of({})).holds);
}

std::vector<std::string> papers(bool of_crowds) {
  std::vector<std::string> files = testing::scenario_files(
      [](const std::string& name) { return name.starts_with("papers/"); });
  std::erase_if(files, [=](const auto& f) { return testing::is_of_crowds(f) != of_crowds; });
  return files;
}

void expect_reproduced(const std::string& name) {
  const auto scenario = testing::read(name);
  ASSERT_TRUE(scenario->published);
  const Comparison c =
      compare(*scenario->published, run_trials(*scenario, scenario->published->trials));
  EXPECT_TRUE(c.holds);
  for (const MeasureComparison& m : c.measures) {
    for (const FigureComparison& f : m.figures) {
      EXPECT_TRUE(f.holds) << f.name << ": " << to_text(f.measured);
    }
    if (m.share) {
      EXPECT_TRUE(m.share->holds) << m.share->yes << " of " << m.share->of;
    }
  }
}

class Papers : public ::testing::TestWithParam<std::string> {};
class PapersLong : public Papers {};
TEST_P(Papers, AreReproduced) { expect_reproduced(GetParam()); }
TEST_P(PapersLong, AreReproduced) { expect_reproduced(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Repository, Papers, ::testing::ValuesIn(papers(false)),
                         [](const auto& tested) { return testing::test_name(tested.param); });
INSTANTIATE_TEST_SUITE_P(Repository, PapersLong, ::testing::ValuesIn(papers(true)),
                         [](const auto& tested) { return testing::test_name(tested.param); });

}  // namespace
}  // namespace seedbed
