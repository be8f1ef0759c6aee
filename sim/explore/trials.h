// Many runs of one scenario, each with its own seed and ended by its measure; and what they found
// beside what a paper published.
//
//   Trials trials = run_trials(scenario, scenario.published->trials);
//   Comparison c = compare(*scenario.published, trials);
//   if (!c.holds) ...
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/check/verdict.h"
#include "sim/explore/binomial.h"
#include "sim/run/scenario.h"

namespace seedbed {

struct Trials {
  std::uint64_t count = 0;
  std::vector<std::vector<std::int64_t>> values;  // of each measure, by rising value
  std::uint64_t missing = 0;                      // trials that ended without one of them
  std::uint64_t first_missing = 0;                // a seed
  std::uint64_t violated = 0;                     // trials in which a check failed
  std::uint64_t first_violated = 0;               // a seed
  std::optional<Violation> violation;
};

/// Seeds 1 to `count`. The scenario must have a measure.
Trials run_trials(const Scenario& scenario, std::uint64_t count);

/// A figure as published and as found.
struct FigureComparison {
  std::string_view name;
  Quantity published;
  Quantity measured;
  std::int64_t deviation_ppb = 0;   // of the published one; 0 where that is 0
  std::optional<Tolerance> within;  // none: it is not judged
  bool holds = true;
};

/// The share of yes.
struct ShareComparison {
  std::uint64_t yes = 0;
  std::uint64_t of = 0;
  Probability published;
  CountRange allowed;
  bool holds = true;
};

struct MeasureComparison {
  std::vector<FigureComparison> figures;
  std::optional<ShareComparison> share;
  bool holds = true;
};

struct Comparison {
  std::vector<MeasureComparison> measures;  // as published
  /// At most one trial in a hundred is missing, no check failed, and all that is judged holds.
  bool holds = true;
};

Comparison compare(const Published& published, const Trials& trials);

/// By nearest rank, of `sorted`, which is not empty.
std::int64_t percentile(const std::vector<std::int64_t>& sorted, std::uint32_t permille);

}  // namespace seedbed
