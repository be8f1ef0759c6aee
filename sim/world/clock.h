// A node's two clocks. The monotonic one is skewed and drifts, stands still while it is frozen, and
// never steps: timers run on it. The wall clock follows it at an offset that steps may change.
// Both run at one rate: as on Linux, NTP slews the monotonic clock, too (clock_gettime(2)).
//
//   NodeClock clock{.offset = 3_ms, .drift_ppb = 200'000};      // 200 ppm fast
//   clock.monotonic(now);  clock.wall(now);
//   clock.due(now, 100_ms);        // when it has gone on by 100 of its own milliseconds
//   clock.set_rate(now, -NodeClock::kBillion);    // from now on it stands still
#pragma once

#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/time.h"

namespace seedbed {

struct NodeClock {
  static constexpr std::int64_t kBillion = 1'000'000'000;
  /// Longer than any run: what waits for a frozen clock is due so long after the rest of its wait.
  static constexpr Time kNotBeforeTheThaw{4'000'000'000'000'000'000};

  Duration offset;             // such that the reading at true time t is t (1 + drift) + offset
  std::int64_t drift_ppb = 0;  // gains this many nanoseconds a second; -10^9: it is frozen
  Duration wall_offset;        // wall minus monotonic: the sum of all steps

  bool is_frozen() const { return drift_ppb == -kBillion; }

  Time monotonic(Time now) const {
    if (drift_ppb == 0) return now + offset;
    return Time(
               static_cast<std::int64_t>(Int128{now.count()} * (kBillion + drift_ppb) / kBillion)) +
           offset;
  }
  Time wall(Time now) const { return monotonic(now) + wall_offset; }

  /// The earliest true time at which this clock has advanced by at least `local` from now on. A
  /// wait of nothing is no matter of clocks.
  Time due(Time now, Duration local) const {
    if (drift_ppb == 0 || local.count() == 0) return now + local;
    if (is_frozen()) return kNotBeforeTheThaw + local;
    const std::int64_t rate = kBillion + drift_ppb;
    return now + Duration(static_cast<std::int64_t>((Int128{local.count()} * kBillion + rate - 1) /
                                                    rate));
  }
  /// How far this clock has to advance from now on until what is due at `due` is.
  Duration left(Time now, Time due) const {
    if (is_frozen()) return due - kNotBeforeTheThaw;
    return monotonic(due) - monotonic(now);
  }
  /// Runs on from its present reading at another rate.
  void set_rate(Time now, std::int64_t ppb) {
    const Time reading = monotonic(now);
    drift_ppb = ppb;
    offset += reading - monotonic(now);
  }
};

}  // namespace seedbed
