// The phi accrual failure detector against its definition.
#include "sim/base/phi_accrual.h"

#include <gtest/gtest.h>

#include "sim/base/fixed_math.h"
#include "sim/base/rng.h"

namespace seedbed {
namespace {

constexpr PhiAccrual::Settings kSettings{.expected = 100_ms, .least_deviation = 1_ms};

/// Heartbeats with these intervals, from 0 on.
PhiAccrual after(const std::vector<Duration>& intervals,
                 PhiAccrual::Settings settings = kSettings) {
  Time now;
  PhiAccrual detector(settings, now);
  detector.heard(now);
  for (const Duration interval : intervals) detector.heard(now += interval);
  return detector;
}

TEST(PhiAccrual, IsTheLogarithmOfTheTail) {
  // Mean 100 ms, deviation 10 ms.
  const PhiAccrual detector =
      after({90_ms, 110_ms, 90_ms, 110_ms, 90_ms, 110_ms, 90_ms, 110_ms, 90_ms, 110_ms});
  EXPECT_EQ(detector.mean(), 100_ms);
  EXPECT_EQ(detector.deviation(), 10_ms);
  const auto phi_at = [&](Duration silence) {
    return detector.phi(detector.last_heard() + silence);
  };
  EXPECT_NEAR(phi_at(100_ms), 0.301029995663981, 1e-12);  // half of them are later
  EXPECT_NEAR(phi_at(110_ms), 0.799546, 1e-6);            // 1 sigma: 15.87 %
  EXPECT_NEAR(phi_at(130_ms), 2.869699, 1e-6);            // 3 sigma: 0.135 %
  EXPECT_NEAR(phi_at(160_ms), 9.005864, 1e-6);            // 6 sigma: 9.87e-10
  EXPECT_NEAR(phi_at(Duration{}), 0, 1e-12);
  EXPECT_GT(phi_at(10_s), 200'000) << "no tail underflows";
}

TEST(PhiAccrual, OnlyGrowsWhileNothingIsHeard) {
  const PhiAccrual detector =
      after({90_ms, 110_ms, 95_ms, 130_ms, 100_ms, 80_ms, 105_ms, 90_ms, 99_ms, 100_ms});
  double before = 0;
  for (Duration silence; silence < 2_s; silence += 1_ms) {
    const double phi = detector.phi(detector.last_heard() + silence);
    ASSERT_GE(phi, before) << silence.count();
    before = phi;
  }
}

TEST(PhiAccrual, IsWrongAsOftenAsItSays) {
  constexpr int kBeats = 200'000;
  Rng rng(7);
  PhiAccrual detector({.expected = 100_ms, .least_deviation = 1_ms, .window = 1000}, Time{});
  Time now;
  int over_one = 0;
  for (int i = 0; i < kBeats; ++i) {
    const double p = (static_cast<double>(rng.below(1'000'000)) + 0.5) / 1e6;
    const double interval = 1e8 + 1e7 * fixed::normal_quantile(p);
    now += Duration(static_cast<std::int64_t>(interval));
    over_one += i > 1000 && detector.phi(now) > 1 ? 1 : 0;
    detector.heard(now);
  }
  EXPECT_NEAR(over_one / static_cast<double>(kBeats), 0.1, 0.005);
}

TEST(PhiAccrual, ForgetsWhatIsOlderThanItsWindow) {
  PhiAccrual::Settings settings = kSettings;
  settings.window = 3;
  const PhiAccrual detector = after({5_s, 7_s, 100_ms, 120_ms, 80_ms}, settings);
  EXPECT_EQ(detector.samples(), 3U);
  EXPECT_EQ(detector.mean(), 100_ms);
  EXPECT_NEAR(static_cast<double>(detector.deviation().count()), 16'329'931.6, 1);
}

TEST(PhiAccrual, BeginsWithWhatIsExpected) {
  const PhiAccrual detector(kSettings, Time{} + 1_s);
  EXPECT_EQ(detector.mean(), 100_ms);
  EXPECT_EQ(detector.deviation(), 100_ms);
  EXPECT_LT(detector.phi(Time{} + 1_s), 1);
  EXPECT_GT(detector.phi(Time{} + 2_s), 8);
}

TEST(PhiAccrual, TakesNothingForMoreRegularThanTheLeast) {
  const PhiAccrual detector = after(std::vector<Duration>(20, 100_ms));
  EXPECT_EQ(detector.deviation(), 1_ms);
}

TEST(PhiAccrual, LivesThroughTheLongestSilences) {
  std::vector<Duration> years(150, 3600_s * 24 * 365);
  const PhiAccrual detector = after(years);
  EXPECT_GT(detector.mean(), 3600_s * 20);
  EXPECT_GE(detector.deviation(), 1_ms);
  EXPECT_GE(detector.phi(detector.last_heard() + 1_s), 0);
}

}  // namespace
}  // namespace seedbed
