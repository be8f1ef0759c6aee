// The bare message loops as contenders of a figure. In a file of their own, compiled with what is
// fastest for them.
#pragma once

#include <cstdint>

#include "bench/harness.h"
#include "sim/base/time.h"

namespace seedbed::bench {

/// How many messages warm a loop up at first and before each round, and how many are a round.
struct Amount {
  std::int64_t warm_up = 0;
  std::int64_t lead = 0;  // what the other contenders pushed out of the caches comes back
  std::int64_t round = 0;
  std::int64_t whole = 0;  // the messages of one broadcast, each of which takes a timer as well
};

/// Adds each loop with nodes of this kind (bare/nodes.h).
template <template <class> class Node>
void contend_bare(Figure& figure, std::uint32_t nodes, Range<Duration> latency, Amount amount);

}  // namespace seedbed::bench
