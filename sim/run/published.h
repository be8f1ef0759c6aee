// What a paper published for a scenario, and how near to it a reproduction must come.
//
//   published:
//     source: "Ongaro and Ousterhout 2014, Figure 16"
//     measure: time_to_elect
//     figures: { p50: 146ms, mean: 156ms, max: 512ms }
//     within: { p50: 6%, mean: 6% or 5ms }
//
// Several measures of the same trials stand in a list:
//
//     measures:
//       - { measure: residue, figures: { mean: 0.18 }, within: { mean: 10% } }
//       - { measure: traffic, figures: { mean: 1.7 }, within: { mean: 3% } }
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/protocol.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

/// A figure of many trials: a percentile (nearest rank), an extreme, or the mean.
struct FigureInfo {
  static constexpr std::uint32_t kMean = ~0U;
  std::string_view name;
  std::uint32_t permille;  // 0: the smallest; 1000: the largest
  std::string_view about;
};
inline constexpr std::array kFigures = {
    FigureInfo{"min", 0, "the smallest"},
    FigureInfo{"p10", 100, "a tenth is no larger"},
    FigureInfo{"p25", 250, "a quarter is no larger"},
    FigureInfo{"p50", 500, "the median"},
    FigureInfo{"p75", 750, "three quarters are no larger"},
    FigureInfo{"p90", 900, "nine tenths are no larger"},
    FigureInfo{"p95", 950, "95 of 100 are no larger"},
    FigureInfo{"p99", 990, "99 of 100 are no larger"},
    FigureInfo{"p999", 999, "999 of 1000 are no larger"},
    FigureInfo{"max", 1000, "the largest"},
    FigureInfo{"mean", FigureInfo::kMean, "the mean"},
};
/// One for each of kFigures, or none.
template <class T>
using PerFigure = std::array<std::optional<T>, kFigures.size()>;

/// "146ms" or "0.18": nanoseconds or billionths, as in MeasureKind.
struct Quantity {
  std::int64_t amount = 0;
  MeasureKind kind = MeasureKind::kTime;
};

std::string to_text(Quantity quantity);
/// "a time", "a yes or no", "a number".
std::string_view noun_of(MeasureKind kind);

/// "6%", "0.2" or "6% or 0.2": how far off a figure may be. Being near enough by one is enough.
struct Tolerance {
  Probability relative{};  // of what was published
  std::optional<Quantity> absolute;
};

std::string to_text(const Tolerance& tolerance);

struct PublishedMeasure {
  const MeasureInfo* measure = nullptr;
  // Of a time or a number:
  PerFigure<Quantity> figures;
  PerFigure<Tolerance> within;  // the figures that are judged
  // Of a yes or no, one of these:
  std::optional<Probability> share;     // the probability of yes,
  Probability interval{999'900'000};    // and how much of its distribution is near enough
  std::optional<Probability> at_least;  // the least share of yes
};

struct Published {
  std::string source;
  std::uint64_t trials = 1000;             // seeds 1 to this
  std::vector<PublishedMeasure> measures;  // at least one
};

}  // namespace seedbed
