// Medians, and how sure one can be of a change between two of them.
#pragma once

#include <span>
#include <vector>

namespace seedbed::bench {

double median(std::vector<double> values);

/// The middle value of the ratios of two series, round by round: what slowed a round slowed both.
double paired_ratio(std::span<const double> over, std::span<const double> under);

struct Interval {
  double low = 0;
  double high = 0;
};
/// Where the ratio of the medians, after / before, lies with 95 %: percentile bootstrap (Efron
/// 1979), from a fixed seed, so that the same files always say the same.
Interval ratio_interval(std::span<const double> before, std::span<const double> after);

}  // namespace seedbed::bench
