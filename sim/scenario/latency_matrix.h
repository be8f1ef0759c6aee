// How far it is from one region to another, from a file as they are published:
//
// - CSV: a first line with the names of the regions after a first word, then a line for each
//   region: its name and the numbers ("Source,eastus,westus"; Azure's tables)
// - JSON: {"us-east-1": {"eu-west-1": 72.8, ...}, ...}, also below "data" (cloudping.co)
// - JavaScript: a list of objects with a `name` and `latencies`, as maps of the world have it
// - numbers alone, a line for each region (PlanetLab, Seattle): the regions are r1, r2, ...
//
//   LatencyMatrix m = *read_latency_matrix(at, "aws.json");
//   m.names;  m.at(from, to);                // as published; none where there is no number
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/time.h"
#include "sim/scenario/cursor.h"

namespace seedbed {

struct LatencyMatrix {
  static constexpr std::size_t kMostRegions = 2'000;
  std::vector<std::string> names;
  std::vector<std::optional<Duration>> values;  // row by row: from, to

  std::optional<Duration> at(std::size_t from, std::size_t to) const {
    return values[from * names.size() + to];
  }
};

/// Bare numbers are milliseconds, or seconds where `seconds`; durations ("1.5ms") are themselves.
std::optional<LatencyMatrix> read_latency_matrix(const Cursor& at, const std::string& file,
                                                 bool seconds);

}  // namespace seedbed
