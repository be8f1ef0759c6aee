#include "sim/world/bursts.h"

#include <array>

#include "sim/base/assert.h"
#include "sim/base/fixed_math.h"
#include "sim/base/hash.h"
#include "sim/base/rng.h"

namespace seedbed {

namespace {

/// P(Poisson(1) <= k) * 2^64. More than twelve points in a cell come once in 10^10 cells; they
/// count as thirteen.
constexpr std::array<std::uint64_t, 13> kPoisson = [] {
  constexpr double kInverseE = 0.36787944117144232159552377016146;
  std::array<std::uint64_t, 13> below{};
  double term = kInverseE, sum = 0;
  for (std::size_t k = 0; k < below.size(); ++k) {
    sum += term;
    term /= static_cast<double>(k + 1);
    below[k] = static_cast<std::uint64_t>(sum * 0x1p53) << 11;
  }
  return below;
}();

std::uint64_t points_in_cell(std::uint64_t bits) {
  std::uint64_t points = 0;
  while (points < kPoisson.size() && bits >= kPoisson[points]) ++points;
  return points;
}

/// No point in so many cells is a thing of e^-64.
constexpr std::int64_t kMostCells = 64;

}  // namespace

bool Bursts::bad_at(Time t, std::uint64_t stream) const {
  const auto good = static_cast<Uint128>(good_for.count());
  const auto bad = static_cast<Uint128>(bad_for.count());
  // 1 / (a + b) where a = 1 / good_for and b = 1 / bad_for.
  const auto cell_length = static_cast<std::int64_t>(good * bad / (good + bad)) + 1;
  // a / (a + b), of 2^64.
  const auto share = static_cast<std::uint64_t>((bad << 64) / (good + bad));
  const std::int64_t present = t.count() / cell_length;
  std::int64_t limit = t.count() % cell_length;  // in the present cell only points up to `t` count
  for (std::int64_t cell = present; cell > present - kMostCells; --cell) {
    const std::uint64_t bits = fold(stream, static_cast<std::uint64_t>(cell) + kGolden);
    const std::uint64_t points = points_in_cell(scramble(bits));
    std::int64_t last = -1;
    std::uint64_t state = 0;
    for (std::uint64_t i = 0; i < points; ++i) {
      const std::uint64_t point = scramble(bits + (i + 1) * kGolden);
      const auto at =
          static_cast<std::int64_t>(scale(point, static_cast<std::uint64_t>(cell_length)));
      if (at > limit || at < last) continue;
      last = at;
      state = scramble(point);
    }
    if (last >= 0) return state < share;
    limit = cell_length - 1;
  }
  return scramble(stream) < share;
}

Bursts Bursts::stepping(Duration step, Probability enter, Probability leave) {
  const auto share = [](std::uint64_t ppb) { return static_cast<double>(ppb) / Probability::kOne; };
  const std::uint64_t both = std::uint64_t{enter.ppb} + leave.ppb;
  SEEDBED_ASSERT(step > Duration{} && enter && leave && both < Probability::kOne,
                 "bursts that begin with {} and end with {} ppb a step", enter.ppb, leave.ppb);
  // Over a step the chain forgets its past with chance enter + leave = 1 - exp(-rate * step).
  const double mean_steps = share(both) / -fixed::log(1 - share(both));
  const auto mean = [&](Probability chance) {
    constexpr double kMost = 1e18;
    const double ns = static_cast<double>(step.count()) * mean_steps / share(chance.ppb);
    return Duration(static_cast<std::int64_t>(ns < kMost ? ns + 0.5 : kMost));
  };
  return {mean(enter), mean(leave)};
}

}  // namespace seedbed
