// What members that watch each other can be told to do.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::heartbeat {

struct Parameters {
  Duration interval = 200_ms;
  bool phi = false;
  Duration timeout = 1'000_ms;
  std::uint32_t threshold = 8;
  std::uint32_t window = 100;
  Duration least_deviation = 20_ms;

  constexpr void parameters(auto& p) {
    p("interval", interval, "the time between two heartbeats to everybody", 1_ms, 3'600'000_ms,
      "100ms | 200ms");
    p("phi", phi, "phi accrual detectors learn how late heartbeats are; else a fixed timeout");
    p("timeout", timeout, "fixed: who is silent for longer is suspected", 1_ms, 3'600'000_ms,
      "500ms | 1s | 3s");
    p("threshold", threshold,
      "phi: who is suspected more strongly than this is taken for down; each 1 more is wrong ten "
      "times less often",
      1U, 1'000U, "4 | 8 | 12");
    p("window", window, "phi: so many intervals count, the last ones", 2U, 100'000U, "20 | 100");
    p("least_deviation", least_deviation, "phi: intervals are never taken for more regular", 1_us,
      3'600'000_ms, "10ms | 50ms");
  }
};

}  // namespace seedbed::heartbeat
