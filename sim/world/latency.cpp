#include "sim/world/latency.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <string_view>

#include "sim/base/assert.h"
#include "sim/base/fixed_math.h"
#include "sim/base/text.h"

namespace seedbed {

struct Latency::Law {
  std::vector<std::int64_t> values;  // ns: the samples in order, or both halves of the table
  Duration mean;
  std::string text;
};

namespace {

// The table. A draw's 64 bits are a probability u = bits / 2^64. Its distance to the nearer end of
// [0, 1), as a 64-bit `tail`, is below 2^63; tails lie in octaves [2^k, 2^(k+1)), k in
// kFirstOctave..62, each cut into 64 equal cells, so that the cells are finer the rarer the value.
// A tail below the first octave (one draw in 2^40) counts as its first point. Point i of a half is
// the quantile at the lower end of cell i % 64 of octave i / 64; between points, draws are linear.
constexpr unsigned kFirstOctave = 23;
constexpr unsigned kOctaves = 63 - kFirstOctave;
constexpr unsigned kCellBits = 6;
constexpr std::size_t kPoints = (std::size_t{kOctaves} << kCellBits) + 1;
constexpr std::uint64_t kSmallestTail = std::uint64_t{1} << kFirstOctave;

/// The tail of point `i`, as a probability: exact, and so is 1 minus it.
double tail_at(std::size_t i) {
  const std::uint64_t cell = i & ((1U << kCellBits) - 1);
  const std::uint64_t leading_one = std::uint64_t{1} << kCellBits;
  return static_cast<double>((leading_one + cell)
                             << ((i >> kCellBits) + kFirstOctave - kCellBits)) *
         0x1p-64;
}

/// Rounded to a nanosecond and kept within 0..kLongest.
std::int64_t to_ns(double ns) {
  constexpr std::int64_t kMost = Latency::kLongest.count();
  return ns < static_cast<double>(kMost) ? static_cast<std::int64_t>(ns + 0.5) : kMost;
}

/// `quantile(u, v)`, v = 1 - u, in ns. Whichever of the two is small has all its digits.
template <class Quantile>
std::vector<std::int64_t> tabulate(Quantile quantile) {
  std::vector<std::int64_t> points(2 * kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double tail = tail_at(i);
    points[i] = to_ns(quantile(tail, 1 - tail));
    points[kPoints + i] = to_ns(quantile(1 - tail, tail));
  }
  return points;
}

/// The mean of what `interpolate` draws: a trapezium a cell, and the two clipped tails.
double mean_of(const std::vector<std::int64_t>& points) {
  const auto both = [&](std::size_t i) {
    return static_cast<double>(points[i]) + static_cast<double>(points[kPoints + i]);
  };
  double sum = tail_at(0) * both(0);
  for (std::size_t i = 1; i < kPoints; ++i) {
    sum += (tail_at(i) - tail_at(i - 1)) * (both(i - 1) + both(i)) / 2;
  }
  return sum;
}

Duration interpolate(const std::int64_t* points, std::uint64_t bits) {
  const bool upper = (bits >> 63) != 0;
  const std::uint64_t tail = std::max(upper ? ~bits : bits, kSmallestTail);
  const auto octave = static_cast<unsigned>(std::bit_width(tail)) - 1;
  const std::uint64_t below_leading_one = tail << (64 - octave);
  const std::int64_t* point = points + (upper ? kPoints : 0) +
                              ((octave - kFirstOctave) << kCellBits) +
                              (below_leading_one >> (64 - kCellBits));
  const std::uint64_t fraction = below_leading_one << kCellBits;
  const Int128 step = Int128{point[1] - point[0]} * fraction + (Int128{1} << 63);
  return Duration(point[0] + static_cast<std::int64_t>(step >> 64));
}

Duration checked(Duration d, std::string_view what) {
  SEEDBED_ASSERT(d >= Duration{} && d <= Latency::kLongest,
                 "a latency's {} of {} is outside 0s..{}", what, to_text(d),
                 to_text(Latency::kLongest));
  return d;
}

}  // namespace

Latency::Latency(Range<Duration> range, std::string text)
    : kind_(Kind::kRange),
      range_(range),
      law_(std::make_shared<Law>(
          Law{{}, range.min + (range.max - range.min) / 2, std::move(text)})) {}

Latency::Latency(Kind kind, std::vector<std::int64_t> values, Duration mean, std::string text)
    : kind_(kind), law_(std::make_shared<Law>(Law{std::move(values), mean, std::move(text)})) {}

Latency Latency::constant(Duration d) {
  checked(d, "value");
  return {{d, d}, to_text(d)};
}

Latency Latency::uniform(Range<Duration> range) {
  checked(range.min, "minimum");
  checked(range.max, "maximum");
  SEEDBED_ASSERT(range.min <= range.max, "a latency's range of {}..{} is upside down",
                 to_text(range.min), to_text(range.max));
  return {range, fmt::format("{}..{}", to_text(range.min), to_text(range.max))};
}

Latency Latency::exponential(Duration mean) {
  const auto scale = static_cast<double>(checked(mean, "mean").count());
  return {Kind::kTable, tabulate([&](double, double v) { return -scale * fixed::log(v); }), mean,
          fmt::format("{{ exponential: {{ mean: {} }} }}", to_text(mean))};
}

Latency Latency::lognormal(Duration median, Duration p99) {
  checked(median, "median");
  checked(p99, "99th percentile");
  SEEDBED_ASSERT(median > Duration{} && median <= p99,
                 "a lognormal latency needs 0s < median <= p99, not a median of {} and a p99 of {}",
                 to_text(median), to_text(p99));
  const auto scale = static_cast<double>(median.count());
  const double sigma =
      fixed::log(static_cast<double>(p99.count()) / scale) / fixed::normal_quantile(0.99);
  auto points = tabulate([&](double u, double v) {
    const double z = u < v ? fixed::normal_quantile(u) : -fixed::normal_quantile(v);
    return scale * fixed::exp(sigma * z);
  });
  return {Kind::kTable, std::move(points), Duration(to_ns(scale * fixed::exp(sigma * sigma / 2))),
          fmt::format("{{ lognormal: {{ median: {}, p99: {} }} }}", to_text(median), to_text(p99))};
}

Latency Latency::pareto(Duration min, double alpha) {
  checked(min, "minimum");
  SEEDBED_ASSERT(min > Duration{} && alpha > 0,
                 "a Pareto latency needs min > 0s and alpha > 0, not {} and {}", to_text(min),
                 alpha);
  const auto scale = static_cast<double>(min.count());
  auto points = tabulate([&](double, double v) { return scale * fixed::pow(v, -1 / alpha); });
  const double mean = alpha > 1 ? scale / (1 - 1 / alpha) : mean_of(points);
  return {Kind::kTable, std::move(points), Duration(to_ns(mean)),
          fmt::format("{{ pareto: {{ min: {}, alpha: {} }} }}", to_text(min), alpha)};
}

Latency Latency::samples(std::vector<Duration> values) {
  SEEDBED_ASSERT(!values.empty(), "a latency drawn from samples needs at least one");
  std::string text;
  std::vector<std::int64_t> sorted;
  Int128 sum = 0;
  for (const Duration d : values) {
    sorted.push_back(checked(d, "sample").count());
    sum += d.count();
    text += fmt::format("{}{}", text.empty() ? "" : ", ", to_text(d));
  }
  std::sort(sorted.begin(), sorted.end());
  const auto count = static_cast<std::int64_t>(sorted.size());
  return {Kind::kSamples, std::move(sorted), Duration(static_cast<std::int64_t>(sum / count)),
          fmt::format("{{ samples: [{}] }}", text)};
}

Duration Latency::look_up(std::uint64_t bits) const {
  const auto& values = law_->values;
  if (kind_ == Kind::kSamples) return Duration(values[scale(bits, values.size())]);
  return interpolate(values.data(), bits);
}

Duration Latency::quantile(Probability p) const {
  if (p.ppb >= Probability::kOne) return draw(~std::uint64_t{0});
  return draw(static_cast<std::uint64_t>((Uint128{p.ppb} << 64) / Probability::kOne));
}

Duration Latency::mean() const { return law_->mean; }
const std::string& Latency::text() const { return law_->text; }

}  // namespace seedbed
