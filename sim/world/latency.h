// How long a message takes: a law, turned once into an integer table of quantiles, so that a draw
// is two loads and a multiplication and has the same bits on every machine. Every duration in and
// out lies in 0..kLongest; a tail beyond it, or beyond its 2^-41 quantile, is cut off there.
//
//   Latency l = Latency::lognormal(1_ms, 12_ms);      // median, 99th percentile
//   Duration d = l.draw(rng.next());                  // a pure function of 64 random bits
//   Duration worst = l.quantile(Probability::percent(99));
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

class Latency {
 public:
  /// A million seconds: far beyond any timeout, and far from overflowing a Time.
  static constexpr Duration kLongest = 1'000'000_s;

  Latency() : Latency(constant({})) {}
  static Latency constant(Duration d);
  static Latency uniform(Range<Duration> range);
  static Latency exponential(Duration mean);
  static Latency lognormal(Duration median, Duration p99);
  static Latency pareto(Duration min, double alpha);
  /// Drawn from measured values, each as likely; at least one.
  static Latency samples(std::vector<Duration> values);

  /// Never falls as `bits` grows: draw(0) is the shortest and draw(~0) the longest there is.
  Duration draw(std::uint64_t bits) const {
    return kind_ == Kind::kRange ? pick(bits, range_) : look_up(bits);
  }
  /// The duration that a share `p` of the draws does not exceed.
  Duration quantile(Probability p) const;
  /// The mean of the law where it is finite (of the table otherwise), for people.
  Duration mean() const;
  /// As a scenario writes it: "1ms..5ms", "{ lognormal: { median: 1ms, p99: 12ms } }".
  const std::string& text() const;

 private:
  enum class Kind : std::uint8_t { kRange, kSamples, kTable };
  struct Law;

  Duration look_up(std::uint64_t bits) const;
  Latency(Range<Duration> range, std::string text);
  Latency(Kind kind, std::vector<std::int64_t> values, Duration mean, std::string text);

  Kind kind_;
  Range<Duration> range_;           // constant and uniform, which need no table
  std::shared_ptr<const Law> law_;  // immutable: copies of a run share it
};

}  // namespace seedbed
