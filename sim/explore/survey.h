// One scenario over some seeds, in figures that compare protocols and settings.
//
//   Survey s = survey(scenario, 1, 20);
//   s.throughput_millihertz, s.latency_p99, s.messages_per_thousand ...
#pragma once

#include <cstdint>
#include <optional>

#include "sim/run/scenario.h"

namespace seedbed {

struct Survey {
  std::uint64_t runs = 0;
  std::uint64_t pass = 0, fail = 0, unknown = 0;
  std::uint64_t unexpected = 0;             // runs that did not end as the scenario expects
  std::uint64_t first_unexpected = 0;       // a seed
  std::uint64_t acknowledged = 0;           // operations
  std::uint64_t throughput_millihertz = 0;  // the mean of the runs
  std::optional<Duration> latency_p50, latency_p99;    // of all operations together
  std::optional<std::uint64_t> messages_per_thousand;  // acknowledged operations
};

/// Seeds `first` to `last`.
Survey survey(const Scenario& scenario, std::uint64_t first, std::uint64_t last);

}  // namespace seedbed
