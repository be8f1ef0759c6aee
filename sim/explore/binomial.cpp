#include "sim/explore/binomial.h"

#include <algorithm>

#include "sim/base/fixed_math.h"

namespace seedbed {

namespace {

/// The least k for which P(X <= k) exceeds `tail`. Sums from 0 up, in the logarithm: P(X = 0) may
/// be far below what a double holds.
std::uint64_t least_above(std::uint64_t trials, double log_p, double log_q, double tail) {
  const double n = static_cast<double>(trials);
  double log_mass = n * log_q;
  double sum = 0;
  for (std::uint64_t k = 0; k < trials; ++k) {
    sum += fixed::exp(log_mass);
    if (sum > tail) return k;
    const double i = static_cast<double>(k);
    log_mass += fixed::log((n - i) / (i + 1)) + log_p - log_q;
  }
  return trials;
}

}  // namespace

CountRange binomial_interval(std::uint64_t trials, Probability p, Probability interval) {
  if (p.ppb == 0) return {0, 0};
  if (p.ppb >= Probability::kOne) return {trials, trials};
  const double one = Probability::kOne;
  const double log_p = fixed::log(p.ppb / one);
  const double log_q = fixed::log((Probability::kOne - p.ppb) / one);
  const double tail = (Probability::kOne - interval.ppb) / one / 2;
  // P(X >= k) is P(no in at most trials - k).
  return {least_above(trials, log_p, log_q, tail),
          trials - least_above(trials, log_q, log_p, tail)};
}

}  // namespace seedbed
