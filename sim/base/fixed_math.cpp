#include "sim/base/fixed_math.h"

#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>

#ifdef __FAST_MATH__
#error "fixed_math needs IEEE arithmetic: no -ffast-math"
#endif

namespace seedbed::fixed {

namespace {

static_assert(std::numeric_limits<double>::is_iec559 && FLT_EVAL_METHOD == 0,
              "fixed_math needs doubles that are rounded after every operation");

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// ln 2 in two parts: the first has 32 bits, so that its product with an exponent is exact.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;

/// 2^n, for n in -1022..1023.
double power_of_two(std::int64_t n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

/// c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule.
template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

struct Split {
  double mantissa;  // in (sqrt(1/2), sqrt(2)]
  double exponent;  // a whole number
};

/// A positive finite x as mantissa * 2^exponent.
Split split(double x) {
  double exponent = -1023;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent -= 54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const auto mantissa = std::bit_cast<double>(fraction | std::bit_cast<std::uint64_t>(1.0));
  exponent += static_cast<double>(bits >> 52);
  if (mantissa > 0x1.6a09e667f3bcdp+0) return {mantissa / 2, exponent + 1};
  return {mantissa, exponent};
}

// Algorithm AS 241, PPND16 (Wichura 1988, Applied Statistics 37): rational approximations A/B in
// the middle, C/D in the tails, and E/F in the far tails, where min(p, 1 - p) < e^-25.
constexpr std::array kA = {3.3871328727963666080e0, 1.3314166789178437745e2,
                           1.9715909503065514427e3, 1.3731693765509461125e4,
                           4.5921953931549871457e4, 6.7265770927008700853e4,
                           3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr std::array kB = {1.0,
                           4.2313330701600911252e1,
                           6.8718700749205790830e2,
                           5.3941960214247511077e3,
                           2.1213794301586595867e4,
                           3.9307895800092710610e4,
                           2.8729085735721942674e4,
                           5.2264952788528545610e3};
constexpr std::array kC = {1.42343711074968357734e0,  4.63033784615654529590e0,
                           5.76949722146069140550e0,  3.64784832476320460504e0,
                           1.27045825245236838258e0,  2.41780725177450611770e-1,
                           2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array kD = {1.0,
                           2.05319162663775882187e0,
                           1.67638483018380384940e0,
                           6.89767334985100004550e-1,
                           1.48103976427480074590e-1,
                           1.51986665636164571966e-2,
                           5.47593808499534494600e-4,
                           1.05075007164441684324e-9};
constexpr std::array kE = {6.65790464350110377720e0,  5.46378491116411436990e0,
                           1.78482653991729133580e0,  2.96560571828504891230e-1,
                           2.65321895265761230930e-2, 1.24266094738807843860e-3,
                           2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array kF = {1.0,
                           5.99832206555887937690e-1,
                           1.36929880922735805310e-1,
                           1.48753612908506148525e-2,
                           7.86869131145613259100e-4,
                           1.84631831751005468180e-5,
                           1.42151175831644588870e-7,
                           2.04426310338993978564e-15};

}  // namespace

// With s = f / (2 + f), log(1 + f) = 2 atanh(s) = 2s + s R(s^2), R(z) = 2z/3 + 2z^2/5 + ...; and as
// 2s = f - s f, it is f - s (f - R): all rounding happens in terms smaller than f (the arrangement
// of fdlibm, Ng 1993). z < 0.0295, so ten terms of the series leave less than 2^-60.
double log(double x) {
  static constexpr std::array kTerms = {0.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9, 2.0 / 11,
                                        2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  if (x == 0) return -kInfinity;
  if (!(x > 0)) return kNan;
  if (x == kInfinity) return x;
  const auto [mantissa, exponent] = split(x);
  const double f = mantissa - 1;
  const double s = f / (2 + f);
  const double correction = s * (f - polynomial(kTerms, s * s));
  return exponent * kLn2High - ((correction - exponent * kLn2Low) - f);
}

// x = k ln 2 + r with |r| <= ln(2) / 2 and r kept in two parts, exp(r) by its Taylor series (the
// term of r^14 is below 2^-57), scaled by 2^k (Cody and Waite 1980).
double exp(double x) {
  static constexpr std::array kTerms = {
      1.0 / 2,     1.0 / 6,      1.0 / 24,      1.0 / 120,      1.0 / 720,       1.0 / 5040,
      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800};
  if (x != x) return kNan;
  if (x > 0x1.62e42fefa39efp+9) return kInfinity;
  if (x < -0x1.74910d52d3051p+9) return 0;
  const auto k = static_cast<std::int64_t>(x * 0x1.71547652b82fep+0 + (x < 0 ? -0.5 : 0.5));
  const double high = x - static_cast<double>(k) * kLn2High;
  const double low = static_cast<double>(k) * kLn2Low;
  const double r = high - low;
  const double e = 1 + (high + (r * r * polynomial(kTerms, r) - low));
  // In two steps: 2^k itself may lie outside the doubles where the result does not.
  return e * power_of_two(k / 2) * power_of_two(k - k / 2);
}

double pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  return exp(y * log(x));
}

double normal_quantile(double p) {
  if (!(p >= 0 && p <= 1)) return kNan;
  if (p == 0 || p == 1) return p == 0 ? -kInfinity : kInfinity;
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kA, r) / polynomial(kB, r);
  }
  const double r = std::sqrt(-log(q < 0 ? p : 1 - p));
  const double z = r <= 5 ? polynomial(kC, r - 1.6) / polynomial(kD, r - 1.6)
                          : polynomial(kE, r - 5) / polynomial(kF, r - 5);
  return q < 0 ? -z : z;
}

namespace {

constexpr double kLogRoot2Pi = 0x1.d67f1c864beb5p-1;  // ln sqrt(2 pi)

/// P(Z > z) by the density times z + z^3/3 + z^5/(3 5) + ...: for small z, of which little cancels.
double tail_by_series(double z) {
  double term = z;
  double sum = z;
  for (int k = 1; k < 100; ++k) {
    term *= z * z / (2 * k + 1);
    sum += term;
  }
  return 0.5 - exp(-z * z / 2 - kLogRoot2Pi) * sum;
}

/// P(Z > z) over the density, by 1/(z + 1/(z + 2/(z + 3/...))): for large z (Laplace 1805).
double mills_ratio(double z) {
  double rest = z;
  for (int k = 100; k > 0; --k) rest = z + k / rest;
  return 1 / rest;
}

}  // namespace

double normal_log_tail(double z) {
  constexpr double kSmall = 2.5;
  if (z != z) return kNan;
  if (z > kInfinity / 2) return -kInfinity;
  if (z > kSmall) return log(mills_ratio(z)) - z * z / 2 - kLogRoot2Pi;
  if (z >= -kSmall) return log(tail_by_series(z));
  const double lower = z < -40 ? 0 : exp(normal_log_tail(-z));
  return log(1 - lower);
}

}  // namespace seedbed::fixed
