// Delta debugging (Zeller, Hildebrandt 2002, Simplifying and Isolating Failure-Inducing Input,
// IEEE TSE 28(2), section 3): the fewest items with which it still fails, so that without any one
// of them it does not. The candidates of a round are tried together, maybe in parallel; the first
// that fails counts, so the outcome is the same however many run at once.
//
//   const auto few = fewest<Fault>(faults, [&](std::size_t count, auto make) { ... make(i) ... });
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace seedbed {

/// Calls `make` for some of the candidates 0 to count - 1; returns the first that still fails.
template <class T>
using FirstFailing = std::function<std::optional<std::size_t>(std::size_t count,
                                                              std::function<T(std::size_t)> make)>;

/// Without the i-th of so many parts.
template <class T>
std::vector<T> without_part(const std::vector<T>& items, std::size_t i, std::size_t parts) {
  const auto bound = [&](std::size_t part) {
    return items.begin() + static_cast<std::ptrdiff_t>(items.size() * part / parts);
  };
  std::vector<T> rest(items.begin(), bound(i));
  rest.insert(rest.end(), bound(i + 1), items.end());
  return rest;
}

/// `items` is known to fail.
template <class T>
std::vector<T> fewest(std::vector<T> items, const FirstFailing<std::vector<T>>& first_failing) {
  if (items.empty()) return items;
  if (first_failing(1, [](std::size_t) { return std::vector<T>{}; })) return {};
  std::size_t parts = std::min<std::size_t>(2, items.size());
  while (items.size() > 1) {
    const auto complement = [&](std::size_t i) { return without_part(items, i, parts); };
    if (const auto failing = first_failing(parts, complement)) {
      items = complement(*failing);
      parts = std::clamp<std::size_t>(parts - 1, 2, items.size());
    } else if (parts == items.size()) {
      break;
    } else {
      parts = std::min(parts * 2, items.size());
    }
  }
  return items;
}

}  // namespace seedbed
