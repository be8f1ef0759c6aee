#include "sim/base/fixed_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/base/rng.h"

namespace seedbed {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

double unit(Rng& rng) { return static_cast<double>(rng.next() >> 11) * 0x1p-53; }

// One draw a statement, here and below: compilers differ in the order of draws within one.

/// In -0.5..0.5 or any of `octaves` - 1 halvings of that.
double centred(Rng& rng, std::uint64_t octaves) {
  const int shift = static_cast<int>(rng.below(octaves));
  return std::ldexp(unit(rng) - 0.5, -shift);
}

/// Any positive double, subnormal ones included: uniform over the bit patterns.
double any_positive(Rng& rng) { return std::bit_cast<double>(rng.below(bits_of(kInfinity)) + 1); }

double relative_error(double got, double want) {
  return got == want ? 0 : std::abs(got - want) / std::abs(want);
}

TEST(FixedMath, LogAgreesWithTheLibrary) {
  Rng rng{1};
  for (int i = 0; i < 100'000; ++i) {
    const double far = any_positive(rng);
    ASSERT_LE(relative_error(fixed::log(far), std::log(far)), 5e-16) << far;
    const double near_one = 1 + centred(rng, 50);
    ASSERT_LE(relative_error(fixed::log(near_one), std::log(near_one)), 5e-16) << near_one;
  }
}

TEST(FixedMath, ExpAgreesWithTheLibrary) {
  Rng rng{2};
  for (int i = 0; i < 100'000; ++i) {
    const double wide = -708 + unit(rng) * (708 + 709.5);
    ASSERT_LE(relative_error(fixed::exp(wide), std::exp(wide)), 5e-16) << wide;
    const double small = 4 * centred(rng, 60);
    ASSERT_LE(relative_error(fixed::exp(small), std::exp(small)), 5e-16) << small;
    const double subnormal = -708 - unit(rng) * 40;
    ASSERT_LE(std::abs(fixed::exp(subnormal) - std::exp(subnormal)), 0x1p-1074) << subnormal;
  }
}

TEST(FixedMath, PowAgreesWithTheLibrary) {
  Rng rng{3};
  for (int i = 0; i < 100'000; ++i) {
    const double x = any_positive(rng);
    const double y = (unit(rng) - 0.5) * 1400 / std::log(x);
    const double bound = 1.5e-15 + 2.3e-16 * std::abs(y * std::log(x));
    ASSERT_LE(relative_error(fixed::pow(x, y), std::pow(x, y)), bound) << x << " ^ " << y;
  }
}

TEST(FixedMath, NormalQuantileInvertsTheDistribution) {
  Rng rng{4};
  for (int i = 0; i < 100'000; ++i) {
    const int octave = static_cast<int>(rng.below(1000));
    const double p = std::ldexp(0.5 + unit(rng) / 2, -octave);
    const double z = fixed::normal_quantile(p);
    // Beyond |z|, a relative error e in z is one of about e z^2 in the tail.
    const double bound = 2e-15 * (1 + z * z);
    ASSERT_LE(relative_error(std::erfc(-z / std::sqrt(2.0)) / 2, p), bound) << p;
  }
}

TEST(FixedMath, NormalQuantileOfKnownProbabilities) {
  const auto expect = [](double p, double z) {
    EXPECT_LE(relative_error(fixed::normal_quantile(p), z), 1e-15) << p;
  };
  EXPECT_EQ(fixed::normal_quantile(0.5), 0);
  expect(0.25, -0.67448975019608174320);
  expect(0.9, 1.2815515655446005935);
  expect(0.975, 1.9599639845400538556);
  expect(0.99, 2.3263478740408407676);
  expect(0.999, 3.0902323061678132778);
  expect(0x1p-41, -7.1435520343521893331);
  expect(1e-20, -9.2623400897984075796);
  expect(1e-300, -37.047096299361199237);
}

TEST(FixedMath, NormalLogTailIsThatOfTheLibrary) {
  Rng rng{6};
  for (int i = 0; i < 100'000; ++i) {
    const double z = -3 + unit(rng) * 38;
    const double expected = std::log(std::erfc(z / std::sqrt(2.0)) / 2);
    const double actual = fixed::normal_log_tail(z);
    ASSERT_LE(std::abs(actual - expected), 1e-12 * std::abs(expected) + 1e-16) << z;
  }
}

TEST(FixedMath, NormalLogTailOfKnownPoints) {
  const auto expect = [](double z, double log_tail) {
    EXPECT_LE(relative_error(fixed::normal_log_tail(z), log_tail), 1e-13) << z;
  };
  expect(0, -0.69314718055994530942);
  expect(1, -1.8410216450092636356);
  expect(100, -5005.5242086942050886);
  EXPECT_EQ(fixed::normal_log_tail(kInfinity), -kInfinity);
  EXPECT_EQ(fixed::normal_log_tail(-kInfinity), 0);
  EXPECT_EQ(fixed::normal_log_tail(-50), 0);
}

TEST(FixedMath, NeverFalls) {
  Rng rng{5};
  for (int i = 0; i < 100'000; ++i) {
    const double x = any_positive(rng) / 2;
    const double next = x * (1 + 0x1p-50);
    ASSERT_LE(fixed::log(x), fixed::log(next)) << x;
    const double power = (unit(rng) - 0.5) * 1400;
    ASSERT_LE(fixed::exp(power), fixed::exp(power + std::abs(power) * 0x1p-50)) << power;
    const double p = unit(rng);
    ASSERT_LE(fixed::normal_quantile(p), fixed::normal_quantile(p + 0x1p-40)) << p;
  }
}

TEST(FixedMath, EndsOfTheLine) {
  EXPECT_EQ(fixed::log(1), 0);
  EXPECT_EQ(fixed::log(0), -kInfinity);
  EXPECT_EQ(fixed::log(-0.0), -kInfinity);
  EXPECT_EQ(fixed::log(kInfinity), kInfinity);
  EXPECT_EQ(fixed::exp(0), 1);
  EXPECT_EQ(fixed::exp(kInfinity), kInfinity);
  EXPECT_EQ(fixed::exp(709.79), kInfinity);
  EXPECT_EQ(fixed::exp(-kInfinity), 0);
  EXPECT_EQ(fixed::exp(-745.14), 0);
  EXPECT_EQ(fixed::exp(-745.13), 0x1p-1074);
  EXPECT_EQ(fixed::pow(0, 2), 0);
  EXPECT_EQ(fixed::pow(0, -2), kInfinity);
  EXPECT_EQ(fixed::pow(7, 0), 1);
  EXPECT_EQ(fixed::pow(1, kInfinity), 1);
  EXPECT_EQ(fixed::normal_quantile(0), -kInfinity);
  EXPECT_EQ(fixed::normal_quantile(1), kInfinity);
}

TEST(FixedMath, EveryNanIsTheSame) {
  for (const double nan :
       {fixed::log(-1), fixed::log(kNan), fixed::log(-kNan), fixed::exp(-kNan), fixed::pow(-2, 2),
        fixed::pow(kNan, 1), fixed::pow(0.5, -kNan), fixed::normal_quantile(-0.1),
        fixed::normal_quantile(1.1), fixed::normal_quantile(-kNan)}) {
    EXPECT_EQ(bits_of(nan), 0x7ff8000000000000);
  }
}

// What a compiler or a processor may never change: if one of these fails, look at the build's flags
// (-ffp-contract=off, no -ffast-math), not at the numbers.
TEST(FixedMath, GoldenBits) {
  struct Golden {
    const char* what;
    double got;
    std::uint64_t bits;
  };
#define GOLDEN(expression, bits) \
  Golden { #expression, fixed::expression, bits }
  const Golden table[] = {
      GOLDEN(log(2), 0x3fe62e42fefa39ef),
      GOLDEN(log(3), 0x3ff193ea7aad030a),
      GOLDEN(log(10), 0x40026bb1bbb55516),
      GOLDEN(log(0.1), 0xc0026bb1bbb55515),
      GOLDEN(log(0.999999), 0xbeb0c6f82d74d230),
      GOLDEN(log(1.0000001), 0x3e7ad7f2847b6492),
      GOLDEN(log(1.5), 0x3fd9f323ecbf984c),
      GOLDEN(log(0x1p-1074), 0xc0874385446d71c3),
      GOLDEN(log(1e300), 0x4085963447f87fb5),
      GOLDEN(log(12345.678), 0x4022d79559791e31),
      GOLDEN(exp(1), 0x4005bf0a8b14576a),
      GOLDEN(exp(-1), 0x3fd78b56362cef38),
      GOLDEN(exp(0.1), 0x3ff1aec7b35a00d4),
      GOLDEN(exp(1e-9), 0x3ff000000044b830),
      GOLDEN(exp(10), 0x40d5829dcf950560),
      GOLDEN(exp(-50.5), 0x3b61ad9f47f3722a),
      GOLDEN(exp(300.25), 0x5b01fda3eaeb3d0e),
      GOLDEN(exp(709.7), 0x7fed75ae7a50ee14),
      GOLDEN(exp(-744.4), 0x0000000000000001),
      GOLDEN(exp(-0.34657), 0x3fe6a0a3b975afae),
      GOLDEN(pow(2, 0.5), 0x3ff6a09e667f3bcc),
      GOLDEN(pow(10, -3), 0x3f50624dd2f1a9f9),
      GOLDEN(pow(0.1, 0.3), 0x3fe009b9cf334253),
      GOLDEN(pow(1.000001, 1e6), 0x4005bf09d4a0f972),
      GOLDEN(pow(3, 600), 0x7b5f813b8e3932d9),
      GOLDEN(pow(0x1p-41, -0.6666666666666666), 0x41a428a2f98d727e),
      GOLDEN(normal_quantile(0.99), 0x40029c5c4630ff0c),
      GOLDEN(normal_quantile(0.01), 0xc0029c5c4630ff0e),
      GOLDEN(normal_quantile(0.3), 0xbfe0c7e39582c5fa),
      GOLDEN(normal_quantile(0.925), 0x3ff7085226d3e524),
      GOLDEN(normal_quantile(0.999999), 0x40130381a97985f1),
      GOLDEN(normal_quantile(1e-10), 0xc0197203597a2154),
      GOLDEN(normal_quantile(0x1p-41), 0xc01c92ff4df34486),
      GOLDEN(normal_quantile(1e-300), 0xc04286074064c26e),
  };
#undef GOLDEN
  for (const Golden& golden : table) {
    EXPECT_EQ(bits_of(golden.got), golden.bits) << golden.what << " is " << golden.got;
  }
}

TEST(FixedMath, GoldenHashOfManyBits) {
  Rng rng{6};
  std::uint64_t log = 0, exp = 0, pow = 0, normal_quantile = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double x = any_positive(rng);
    log = fold(log, bits_of(fixed::log(x)));
    exp = fold(exp, bits_of(fixed::exp((unit(rng) - 0.5) * 1400)));
    const double base = unit(rng) * 100;
    pow = fold(pow, bits_of(fixed::pow(base, (unit(rng) - 0.5) * 100)));
    const int octave = static_cast<int>(rng.below(60));
    const double p = std::ldexp(unit(rng), -octave);
    normal_quantile = fold(normal_quantile, bits_of(fixed::normal_quantile(p)));
  }
  EXPECT_EQ(log, 0x1f565c4744f8f374u);
  EXPECT_EQ(exp, 0x50e9861ddf58263fu);
  EXPECT_EQ(pow, 0x7cc22ba10584f025u);
  EXPECT_EQ(normal_quantile, 0xe4709b07684989cbu);
}

}  // namespace
}  // namespace seedbed
