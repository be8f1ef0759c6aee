// The binomial distribution, exactly enough to judge a count by.
//
//   CountRange near = binomial_interval(20'000, Probability{52'300'000}, Probability{999'900'000});
//   bool holds = near.least <= yes && yes <= near.most;
#pragma once

#include <cstdint>

#include "sim/base/rng.h"

namespace seedbed {

struct CountRange {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

/// The counts k of `trials` draws, each a yes with probability `p`, for which both P(X <= k) and
/// P(X >= k) exceed half of what `interval` leaves.
CountRange binomial_interval(std::uint64_t trials, Probability p, Probability interval);

}  // namespace seedbed
