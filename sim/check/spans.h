// Spans of time in the names of levels: "stale:100ms", "within:5s".
//
//   span_of("100ms") == 100'000'000     // nanoseconds; nothing for what is none
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace seedbed {

inline std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// A whole number and its unit; up to 146 years.
inline std::optional<std::uint64_t> span_of(std::string_view text) {
  constexpr std::pair<std::string_view, std::uint64_t> kUnits[] = {{"ns", 1},
                                                                   {"us", 1'000},
                                                                   {"ms", 1'000'000},
                                                                   {"s", 1'000'000'000},
                                                                   {"m", 60'000'000'000},
                                                                   {"h", 3'600'000'000'000}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = whole_number(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const auto& [unit, ns] : kUnits) {
    if (text.substr(digits) != unit || *number > (std::uint64_t{1} << 62) / ns) continue;
    return *number * ns;
  }
  return std::nullopt;
}

}  // namespace seedbed
