// The phi accrual failure detector (Hayashibara, Defago, Yared, Katayama 2004): not a verdict but a
// level of suspicion, -log10 of the probability that the next heartbeat comes this late or later,
// if the intervals are normal with the mean and the variance of those that were seen last. A level
// of 1 is wrong one time in ten, of 8 one in 10^8. A value, and the same bits everywhere.
//
//   PhiAccrual detector({.expected = 100_ms, .least_deviation = 10_ms}, ctx.now());
//   detector.heard(ctx.now());
//   if (detector.phi(ctx.now()) > 8) suspect();
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/hash.h"
#include "sim/base/time.h"

namespace seedbed {

class PhiAccrual {
 public:
  struct Settings {
    Duration expected;           // until ten intervals are known: the mean, and the deviation
    Duration least_deviation;    // regular heartbeats must not make one suspicious of anything; > 0
    std::uint32_t window = 100;  // so many intervals count, the last ones: 1 to 100,000
  };

  PhiAccrual() = default;
  /// Since `now` it waits for the first heartbeat.
  PhiAccrual(const Settings& settings, Time now) : settings_(settings), last_(now) {}

  /// A heartbeat arrives at `now`, which never runs backwards.
  void heard(Time now);
  /// From 0, certainly alive, upwards without end.
  double phi(Time now) const;

  Time last_heard() const { return last_; }
  Duration mean() const;
  Duration deviation() const;
  /// How many intervals count by now.
  std::size_t samples() const { return intervals_.size(); }

 private:
  bool knows_enough() const;

  Settings settings_;
  Time last_;
  bool begun_ = false;
  std::vector<std::int64_t> intervals_;  // a ring, of which `oldest_` is replaced next
  std::uint32_t oldest_ = 0;
  std::int64_t sum_ = 0;  // of the intervals: exact, so nothing drifts
  Uint128 squares_ = 0;
};

}  // namespace seedbed
