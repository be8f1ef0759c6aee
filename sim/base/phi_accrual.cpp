#include "sim/base/phi_accrual.h"

#include <algorithm>
#include <cmath>

#include "sim/base/fixed_math.h"

namespace seedbed {

namespace {

constexpr double kLn10 = 0x1.26bb1bbb55516p+1;

Uint128 square(std::int64_t interval) {
  const auto i = static_cast<std::uint64_t>(interval);
  return Uint128{i} * i;
}

}  // namespace

/// An interval ends; the first heartbeat of all begins one.
void PhiAccrual::heard(Time now) {
  constexpr std::int64_t kMost = 90'000'000'000'000;  // 25 hours: so the sums fit
  const std::int64_t interval = std::clamp((now - last_).count(), std::int64_t{0}, kMost);
  last_ = std::max(last_, now);
  if (!begun_) {
    begun_ = true;
    return;
  }
  if (intervals_.size() < settings_.window) {
    intervals_.push_back(interval);
  } else {
    std::int64_t& slot = intervals_[oldest_];
    sum_ -= slot;
    squares_ -= square(slot);
    slot = interval;
    oldest_ = (oldest_ + 1) % settings_.window;
  }
  sum_ += interval;
  squares_ += square(interval);
}

/// A few intervals may be alike by chance.
bool PhiAccrual::knows_enough() const {
  constexpr std::size_t kEnough = 10;
  return intervals_.size() >= std::min<std::size_t>(kEnough, settings_.window);
}

Duration PhiAccrual::mean() const {
  if (!knows_enough()) return settings_.expected;
  return Duration(sum_ / static_cast<std::int64_t>(intervals_.size()));
}

Duration PhiAccrual::deviation() const {
  if (!knows_enough()) return std::max(settings_.least_deviation, settings_.expected);
  const auto n = static_cast<double>(intervals_.size());
  // n^2 times the variance, without a rounding.
  const Uint128 scatter = squares_ * intervals_.size() - square(sum_);
  const double deviation = std::sqrt(static_cast<double>(scatter)) / n;
  return std::max(settings_.least_deviation, Duration(static_cast<std::int64_t>(deviation)));
}

double PhiAccrual::phi(Time now) const {
  const auto late = static_cast<double>((now - last_ - mean()).count());
  const double z = late / static_cast<double>(std::max(deviation(), 1_ns).count());
  return std::max(0.0, -fixed::normal_log_tail(z) / kLn10);
}

}  // namespace seedbed
