#include "sim/base/text.h"

#include <algorithm>
#include <array>

namespace seedbed {

namespace {

struct Unit {
  std::int64_t ns;
  std::string_view name;
};
constexpr std::array kUnits = {Unit{1'000'000'000, "s"}, Unit{1'000'000, "ms"}, Unit{1'000, "us"},
                               Unit{1, "ns"}};

/// whole.fraction of `value / one`, without trailing zeros.
std::string decimal(std::uint64_t value, std::uint64_t one, int digits) {
  std::string fraction = fmt::format("{:0{}}", value % one, digits);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? fmt::format("{}", value / one)
                          : fmt::format("{}.{}", value / one, fraction);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row.back();
}

}  // namespace

std::string to_text(Duration d) {
  if (d.count() == 0) return "0s";
  const bool negative = d.count() < 0;
  const auto ns =
      negative ? 0 - static_cast<std::uint64_t>(d.count()) : static_cast<std::uint64_t>(d.count());
  const auto* unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) {
    return ns >= static_cast<std::uint64_t>(u.ns);
  });
  const auto one = static_cast<std::uint64_t>(unit->ns);
  const int digits = unit->name == "s" ? 9 : unit->name == "ms" ? 6 : unit->name == "us" ? 3 : 1;
  return fmt::format("{}{}{}", negative ? "-" : "", decimal(ns, one, digits), unit->name);
}

std::string to_text(Time t) {
  const std::int64_t us = t.count() / 1000;
  return fmt::format("{}{}.{:06}s", us < 0 ? "-" : "", std::abs(us / 1'000'000),
                     std::abs(us % 1'000'000));
}

std::string to_text(Probability p) { return decimal(p.ppb, Probability::kOne / 100, 7) + "%"; }

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = name.size() / 3 + 2;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(name.substr(0, 64), candidate.substr(0, 64));
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace seedbed
