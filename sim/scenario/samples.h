// Measured latencies from a file: durations ("12.5ms") or bare numbers of milliseconds, apart by
// commas, semicolons or white space; `#` begins a comment. Errors name the file's line and column.
//
//   latency: { samples: azure.csv }           # beside the scenario's file
#pragma once

#include <string>
#include <vector>

#include "sim/base/time.h"
#include "sim/scenario/cursor.h"

namespace seedbed {

inline constexpr std::size_t kMostSamples = 1'000'000;

/// At least one value, or none after a complaint.
std::vector<Duration> read_samples(const Cursor& at, const std::string& file);

}  // namespace seedbed
