#include "sim/explore/binomial.h"

#include <gtest/gtest.h>

namespace seedbed {
namespace {

constexpr Probability kMost{999'900'000};  // 99.99%

TEST(Binomial, SmallOnesByHand) {
  // Of 4 fair draws: 1/16 4/16 6/16 4/16 1/16.
  const Probability half = Probability::percent(50);
  const auto range = [&](std::uint32_t percent) {
    const CountRange r = binomial_interval(4, half, Probability::percent(percent));
    return std::pair(r.least, r.most);
  };
  EXPECT_EQ(range(99), std::pair(std::uint64_t{0}, std::uint64_t{4})) << "1/16 > 0.5%";
  EXPECT_EQ(range(80), std::pair(std::uint64_t{1}, std::uint64_t{3})) << "1/16 < 10%";
  EXPECT_EQ(range(30), std::pair(std::uint64_t{2}, std::uint64_t{2})) << "5/16 < 35%";
}

TEST(Binomial, WhatIsCertainIsCertain) {
  EXPECT_EQ(binomial_interval(100, {0}, kMost).most, 0U);
  EXPECT_EQ(binomial_interval(100, {Probability::kOne}, kMost).least, 100U);
}

/// Against sums over Python's lgamma.
TEST(Binomial, LargeOnes) {
  const auto range = [](std::uint32_t ppb) {
    const CountRange r = binomial_interval(20'000, {ppb}, kMost);
    return std::pair(r.least, r.most);
  };
  EXPECT_EQ(range(592'030), std::pair(std::uint64_t{1}, std::uint64_t{27}));
  EXPECT_EQ(range(52'300'000), std::pair(std::uint64_t{926}, std::uint64_t{1171}));
  EXPECT_EQ(range(180'800'000), std::pair(std::uint64_t{3406}, std::uint64_t{3829}));
  EXPECT_EQ(range(488'000'000), std::pair(std::uint64_t{9485}, std::uint64_t{10'035}));
  EXPECT_EQ(range(500'000'000), std::pair(std::uint64_t{9725}, std::uint64_t{10'275}));
}

TEST(Binomial, TheFirstTermsMayVanish) {  // 0.01 ^ 1'000'000
  const CountRange r = binomial_interval(1'000'000, Probability::percent(99), kMost);
  EXPECT_NEAR(static_cast<double>(r.least), 990'000 - 3.8906 * 99.499, 4);
  EXPECT_NEAR(static_cast<double>(r.most), 990'000 + 3.8906 * 99.499, 4);
}

}  // namespace
}  // namespace seedbed
