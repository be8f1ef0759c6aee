#include "sim/world/latency.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/rng.h"

namespace seedbed {
namespace {

constexpr int kDraws = 1'000'000;
constexpr Probability kPercent = Probability::percent(1);

double ns(Duration d) { return static_cast<double>(d.count()); }
Duration of_ns(double x) { return Duration(static_cast<std::int64_t>(std::llround(x))); }

/// The share of draws that do not exceed the law's own quantiles is those quantiles' probability,
/// within four standard errors.
void expect_law(const Latency& law, const std::function<double(double)>& quantile) {
  const std::vector<double> shares = {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999};
  std::vector<Duration> limits;
  for (const double share : shares) limits.push_back(of_ns(quantile(share)));
  std::vector<int> below(shares.size());
  Rng rng{hash_of(1, hash_text(law.text()))};
  for (int i = 0; i < kDraws; ++i) {
    const Duration d = law.draw(rng.next());
    for (std::size_t j = 0; j < shares.size(); ++j) below[j] += d <= limits[j];
  }
  for (std::size_t j = 0; j < shares.size(); ++j) {
    const double error = std::sqrt(shares[j] * (1 - shares[j]) / kDraws);
    EXPECT_NEAR(static_cast<double>(below[j]) / kDraws, shares[j], 4 * error) << law.text();
  }
}

/// `sigma` is the law's standard deviation; the mean of the draws may err by four standard errors.
void expect_mean(const Latency& law, double mean, double sigma) {
  EXPECT_NEAR(ns(law.mean()), mean, 1) << law.text();
  Rng rng{hash_of(2, hash_text(law.text()))};
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += ns(law.draw(rng.next()));
  EXPECT_NEAR(sum / kDraws, mean, 4 * sigma / std::sqrt(kDraws)) << law.text();
}

/// The table itself, in the body and deep in both tails, against the law: no luck involved. The law
/// is given the probability of the tail, so that it keeps its digits.
void expect_table(const Latency& law, const std::function<double(double v, bool upper)>& quantile) {
  for (int octave = 1; octave <= 40; ++octave) {
    for (const double part : {1.0, 0.99, 0.77, 0.6, 0.501}) {
      const double tail = std::ldexp(part, -octave);
      const auto bits = static_cast<std::uint64_t>(tail * 0x1p64);
      const double low = quantile(tail, false);
      EXPECT_NEAR(ns(law.draw(bits)), low, 1 + low * 1e-4) << law.text() << " low " << tail;
      const double high = quantile(tail, true);
      EXPECT_NEAR(ns(law.draw(~bits)), high, 1 + high * 1e-4) << law.text() << " high " << tail;
    }
  }
}

/// z with P(N(0,1) < z) = p <= 0.5, by bisection of the library's erfc.
double normal_quantile(double p) {
  double low = -40, high = 0;
  for (int i = 0; i < 100; ++i) {
    const double z = (low + high) / 2;
    (std::erfc(-z / std::sqrt(2.0)) / 2 < p ? low : high) = z;
  }
  return low;
}
double normal_quantile(double tail, bool upper) {
  return upper ? -normal_quantile(tail) : normal_quantile(tail);
}

TEST(Latency, Constant) {
  const Latency law = Latency::constant(5_ms);
  EXPECT_EQ(law.draw(0), 5_ms);
  EXPECT_EQ(law.draw(~std::uint64_t{0}), 5_ms);
  EXPECT_EQ(law.mean(), 5_ms);
  EXPECT_EQ(Latency().draw(7), 0_ns);
}

TEST(Latency, Uniform) {
  const Latency law = Latency::uniform({1_ms, 5_ms});
  EXPECT_EQ(law.draw(0), 1_ms);
  EXPECT_EQ(law.draw(~std::uint64_t{0}), 5_ms);
  expect_law(law, [](double p) { return 1e6 + p * 4e6; });
  expect_mean(law, 3e6, 4e6 / std::sqrt(12));
}

TEST(Latency, UniformReachesBothEnds) {
  const Latency law = Latency::uniform({3_ns, 5_ns});
  std::vector<int> seen(6);
  Rng rng{3};
  for (int i = 0; i < 3000; ++i) ++seen[static_cast<std::size_t>(law.draw(rng.next()).count())];
  for (std::size_t d = 3; d <= 5; ++d) EXPECT_NEAR(seen[d], 1000, 100);
}

TEST(Latency, Exponential) {
  const Latency law = Latency::exponential(5_ms);
  expect_law(law, [](double p) { return -5e6 * std::log1p(-p); });
  expect_mean(law, 5e6, 5e6);
  expect_table(law, [](double tail, bool upper) {
    return -5e6 * (upper ? std::log(tail) : std::log1p(-tail));
  });
}

TEST(Latency, Lognormal) {
  const Latency law = Latency::lognormal(1_ms, 12_ms);
  const double sigma = std::log(12.0) / -normal_quantile(0.01);
  expect_law(law, [&](double p) {
    return 1e6 * std::exp(sigma * normal_quantile(std::min(p, 1 - p), p > 0.5));
  });
  const double mean = 1e6 * std::exp(sigma * sigma / 2);
  expect_mean(law, mean, mean * std::sqrt(std::expm1(sigma * sigma)));
  expect_table(law, [&](double tail, bool upper) {
    return 1e6 * std::exp(sigma * normal_quantile(tail, upper));
  });
  EXPECT_EQ(law.quantile(Probability::percent(50)), 1_ms);
  EXPECT_NEAR(ns(law.quantile(Probability::percent(99))), 12e6, 12e6 * 1e-5);
}

TEST(Latency, LognormalWithoutSpreadIsItsMedian) {
  const Latency law = Latency::lognormal(7_ms, 7_ms);
  EXPECT_EQ(law.draw(0), 7_ms);
  EXPECT_EQ(law.draw(~std::uint64_t{0}), 7_ms);
  EXPECT_EQ(law.mean(), 7_ms);
}

TEST(Latency, Pareto) {
  for (const double alpha : {1.5, 2.5, 3.0}) {
    const Latency law = Latency::pareto(1_ms, alpha);
    expect_law(law, [&](double p) { return 1e6 * std::pow(1 - p, -1 / alpha); });
    expect_table(law, [&](double tail, bool upper) {
      return std::min(1e15, 1e6 * std::pow(upper ? tail : 1 - tail, -1 / alpha));
    });
  }
  expect_mean(Latency::pareto(1_ms, 3), 1.5e6, 1e6 * std::sqrt(0.75));
  EXPECT_EQ(Latency::pareto(1_ms, 1.5).mean(), 3_ms);
}

TEST(Latency, ParetoWithAnInfiniteMeanIsCutOff) {
  const Latency law = Latency::pareto(1_ms, 0.5);
  expect_table(law, [](double tail, bool upper) {
    return std::min(1e15, 1e6 * std::pow(upper ? tail : 1 - tail, -2));
  });
  EXPECT_EQ(law.draw(~std::uint64_t{0}), Latency::kLongest);
  // The law's mean up to the cut at v0 = (min / longest)^alpha, and the cut itself.
  const double v0 = std::sqrt(1e6 / 1e15);
  EXPECT_NEAR(ns(law.mean()), 1e6 * (1 / v0 - 1) + 1e15 * v0, 1e-3 * 1e15 * v0);
  for (const double alpha : {1e-300, 1e-3, 1.0, 1e3, 1e300}) {
    const Latency extreme = Latency::pareto(Latency::kLongest, alpha);
    EXPECT_EQ(extreme.draw(0), Latency::kLongest) << alpha;
    EXPECT_EQ(extreme.draw(~std::uint64_t{0}), Latency::kLongest) << alpha;
  }
}

TEST(Latency, SamplesAreEquallyLikely) {
  const Latency law = Latency::samples({9_ms, 1_ms, 2_ms, 1_ms});
  int one = 0, two = 0, nine = 0;
  Rng rng{4};
  for (int i = 0; i < kDraws; ++i) {
    const Duration d = law.draw(rng.next());
    one += d == 1_ms, two += d == 2_ms, nine += d == 9_ms;
  }
  EXPECT_EQ(one + two + nine, kDraws);
  EXPECT_NEAR(one, kDraws / 2, 4 * 500);
  EXPECT_NEAR(two, kDraws / 4, 4 * 434);
  EXPECT_NEAR(nine, kDraws / 4, 4 * 434);
  EXPECT_EQ(law.mean(), 3'250_us);
  EXPECT_EQ(Latency::samples({4_us}).draw(~std::uint64_t{0}), 4_us);
}

std::vector<Latency> one_of_each() {
  return {Latency::constant(5_ms),        Latency::uniform({1_ms, 5_ms}),
          Latency::exponential(5_ms),     Latency::lognormal(1_ms, 12_ms),
          Latency::pareto(1_ms, 1.5),     Latency::samples({9_ms, 1_ms, 2_ms, 1_ms}),
          Latency::lognormal(40_us, 3_s), Latency::exponential(3_ns)};
}

TEST(Latency, NeverFallsAsTheBitsGrow) {
  for (const Latency& law : one_of_each()) {
    // Around every power of two, at both ends, and along the whole range.
    std::vector<std::uint64_t> bits;
    for (int k = 0; k < 64; ++k) {
      for (std::uint64_t d = 0; d < 9; ++d) bits.push_back((std::uint64_t{1} << k) + d - 4);
    }
    for (std::uint64_t i = 0; i < 20'000; ++i) bits.push_back(i * (~std::uint64_t{0} / 20'000));
    const std::size_t count = bits.size();
    for (std::size_t i = 0; i < count; ++i) bits.push_back(~bits[i]);
    std::sort(bits.begin(), bits.end());
    for (std::size_t i = 1; i < bits.size(); ++i) {
      ASSERT_LE(law.draw(bits[i - 1]), law.draw(bits[i])) << law.text() << " at " << bits[i];
    }
  }
}

TEST(Latency, QuantilesAreDraws) {
  for (const Latency& law : one_of_each()) {
    EXPECT_EQ(law.quantile({0}), law.draw(0)) << law.text();
    EXPECT_EQ(law.quantile(Probability::percent(50)), law.draw(std::uint64_t{1} << 63));
    EXPECT_EQ(law.quantile(Probability::percent(100)), law.draw(~std::uint64_t{0}));
    EXPECT_LE(law.quantile(kPercent), law.quantile(Probability::percent(2)));
  }
}

TEST(Latency, TextIsWhatAScenarioWrites) {
  EXPECT_EQ(Latency().text(), "0s");
  EXPECT_EQ(Latency::constant(1500_us).text(), "1.5ms");
  EXPECT_EQ(Latency::uniform({1_ms, 5_ms}).text(), "1ms..5ms");
  EXPECT_EQ(Latency::exponential(5_ms).text(), "{ exponential: { mean: 5ms } }");
  EXPECT_EQ(Latency::lognormal(1_ms, 12_ms).text(), "{ lognormal: { median: 1ms, p99: 12ms } }");
  EXPECT_EQ(Latency::pareto(1_ms, 1.5).text(), "{ pareto: { min: 1ms, alpha: 1.5 } }");
  EXPECT_EQ(Latency::pareto(1_ms, 2).text(), "{ pareto: { min: 1ms, alpha: 2 } }");
  EXPECT_EQ(Latency::samples({9_ms, 1_ms}).text(), "{ samples: [9ms, 1ms] }");
}

TEST(Latency, ImpossibleLawsAreRefused) {
  EXPECT_THROW(Latency::constant(-1_ns), AssertionFailed);
  EXPECT_THROW(Latency::constant(Latency::kLongest + 1_ns), AssertionFailed);
  EXPECT_THROW(Latency::uniform({2_ms, 1_ms}), AssertionFailed);
  EXPECT_THROW(Latency::exponential(-1_ms), AssertionFailed);
  EXPECT_THROW(Latency::lognormal(0_ms, 1_ms), AssertionFailed);
  EXPECT_THROW(Latency::lognormal(2_ms, 1_ms), AssertionFailed);
  EXPECT_THROW(Latency::pareto(0_ms, 2), AssertionFailed);
  EXPECT_THROW(Latency::pareto(1_ms, 0), AssertionFailed);
  EXPECT_THROW(Latency::pareto(1_ms, std::nan("")), AssertionFailed);
  EXPECT_THROW(Latency::samples({}), AssertionFailed);
  EXPECT_THROW(Latency::samples({-1_ms}), AssertionFailed);
}

// The first 1000 draws of each law, the same with every compiler, on every machine.
TEST(Latency, GoldenHashOfDraws) {
  const std::vector<std::uint64_t> golden = {
      0xf1022026daceccbc, 0x6e3f66643450edc0, 0xc19b94cf6d33e21e, 0xa41e388f8ad7e0f3,
      0x4bbf7271cac090be, 0x07c2bec069d7bc6f, 0x6e600b22551dfc0c, 0xd522331fb7ed704d,
  };
  const auto laws = one_of_each();
  ASSERT_EQ(laws.size(), golden.size());
  for (std::size_t i = 0; i < laws.size(); ++i) {
    Rng rng{5};
    std::uint64_t hash = 0;
    for (int k = 0; k < 1000; ++k) {
      hash = fold(hash, static_cast<std::uint64_t>(laws[i].draw(rng.next()).count()));
    }
    EXPECT_EQ(hash, golden[i]) << laws[i].text() << ": 0x" << std::hex << hash;
  }
}

// All of the table: a draw in every cell of every octave.
TEST(Latency, GoldenHashOfTables) {
  std::uint64_t hash = 0;
  for (const Latency& law : one_of_each()) {
    for (int shift = 0; shift < 41; ++shift) {
      for (std::uint64_t cell = 0; cell < 64; ++cell) {
        const std::uint64_t bits = ((std::uint64_t{64} + cell) << 57 | 0x123456789abcdef) >> shift;
        hash = fold(hash, static_cast<std::uint64_t>(law.draw(bits).count()));
        hash = fold(hash, static_cast<std::uint64_t>(law.draw(~bits).count()));
      }
    }
    hash = fold(hash, static_cast<std::uint64_t>(law.mean().count()));
  }
  EXPECT_EQ(hash, 0x424df6400e2d1fa5u);
}

}  // namespace
}  // namespace seedbed
