#include "bench/statistics.h"

#include <algorithm>
#include <cstddef>

#include "sim/base/rng.h"

namespace seedbed::bench {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double paired_ratio(std::span<const double> over, std::span<const double> under) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(over.size(), under.size()); ++i) {
    ratios.push_back(over[i] / under[i]);
  }
  return median(std::move(ratios));
}

Interval ratio_interval(std::span<const double> before, std::span<const double> after) {
  constexpr std::size_t kResamples = 4000;
  Rng rng(hash_text("bootstrap"));
  const auto resampled = [&rng](std::span<const double> values) {
    std::vector<double> drawn;
    for (std::size_t i = 0; i < values.size(); ++i)
      drawn.push_back(values[rng.below(values.size())]);
    return median(std::move(drawn));
  };
  std::vector<double> ratios;
  for (std::size_t i = 0; i < kResamples; ++i) {
    const double denominator = resampled(before);
    ratios.push_back(resampled(after) / denominator);
  }
  std::sort(ratios.begin(), ratios.end());
  return {ratios[kResamples / 40], ratios[kResamples - 1 - kResamples / 40]};
}

}  // namespace seedbed::bench
