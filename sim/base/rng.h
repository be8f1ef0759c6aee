// Random draws. A stream is one word (SplitMix64), so a million nodes can each own several and a
// copy of a run copies them for nothing. Streams are named by value, `Rng(hash_of(seed, name))`:
// a new draw in one never moves another.
//
//   Rng rng{hash_of(seed, hash_text("chaos"), entry)};
//   Duration d = rng.between({150_ms, 300_ms});
//   if (rng.chance(Probability::percent(1))) ...
#pragma once

#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/time.h"

namespace seedbed {

/// A probability in parts per billion: exact, and the same everywhere. In [0, 1].
struct Probability {
  std::uint32_t ppb = 0;
  static constexpr std::uint32_t kOne = 1'000'000'000;
  static constexpr Probability percent(std::uint32_t p) { return {p * (kOne / 100)}; }
  constexpr explicit operator bool() const { return ppb != 0; }
  constexpr auto operator<=>(const Probability&) const = default;
};

/// `bits` uniform over 2^64 -> uniform in [0, n). The bias is below n / 2^64.
constexpr std::uint64_t scale(std::uint64_t bits, std::uint64_t n) {
  return multiply_high(bits, n);
}
constexpr bool decide(std::uint64_t bits, Probability p) {
  return scale(bits, Probability::kOne) < p.ppb;
}
/// Uniform in [range.min, range.max], which must be ordered.
constexpr Duration pick(std::uint64_t bits, Range<Duration> range) {
  const auto span = static_cast<std::uint64_t>((range.max - range.min).count()) + 1;
  return range.min + Duration(static_cast<std::int64_t>(scale(bits, span)));
}

class Rng {
 public:
  constexpr Rng() = default;
  constexpr explicit Rng(std::uint64_t key) : state_(key) {}

  constexpr std::uint64_t next() { return scramble(state_ += kGolden); }
  constexpr std::uint64_t below(std::uint64_t n) { return scale(next(), n); }
  constexpr bool chance(Probability p) { return decide(next(), p); }
  constexpr Duration between(Range<Duration> range) { return pick(next(), range); }

 private:
  std::uint64_t state_ = 0;
};

}  // namespace seedbed
