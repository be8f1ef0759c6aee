// A node's two clocks. The monotonic one is skewed and drifts, and never steps: timers run on it.
// The wall clock follows it at an offset that jumps may change.
//
//   NodeClock clock{.offset = 3_ms, .drift_ppb = 200'000};      // 200 ppm fast
//   clock.monotonic(now);  clock.wall(now);
//   clock.true_span(100_ms);       // how long 100 local milliseconds really take
#pragma once

#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/time.h"

namespace seedbed {

struct NodeClock {
  static constexpr std::int64_t kBillion = 1'000'000'000;

  Duration offset;             // of the monotonic clock at true time 0
  std::int64_t drift_ppb = 0;  // above -10^9: gains this many nanoseconds a second
  Duration wall_offset;        // wall minus monotonic: the sum of all jumps

  Time monotonic(Time now) const {
    if (drift_ppb == 0) return now + offset;
    return Time(
               static_cast<std::int64_t>(Int128{now.count()} * (kBillion + drift_ppb) / kBillion)) +
           offset;
  }
  Time wall(Time now) const { return monotonic(now) + wall_offset; }

  /// The shortest true span in which this clock advances by at least `local`.
  Duration true_span(Duration local) const {
    if (drift_ppb == 0) return local;
    const std::int64_t rate = kBillion + drift_ppb;
    return Duration(
        static_cast<std::int64_t>((Int128{local.count()} * kBillion + rate - 1) / rate));
  }
};

}  // namespace seedbed
