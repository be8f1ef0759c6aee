// How far ahead events are scheduled, by law. Engine and bare loops draw from the same tables, so
// that the price of a draw is in every figure and tells none from another.
//
//   Increments increments(Law::kBimodal, /*seed=*/1);
//   queue.push(now + increments.next(), slot);
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/base/rng.h"
#include "sim/world/latency.h"

namespace seedbed::bench {

enum class Law : std::uint8_t { kUniform, kExponential, kBimodal };
constexpr std::array kLaws = {Law::kUniform, Law::kExponential, Law::kBimodal};

constexpr std::string_view name_of(Law law) {
  constexpr std::string_view kNames[] = {"uniform", "exponential", "bimodal"};
  return kNames[static_cast<std::uint8_t>(law)];
}

/// A mean of 10 ms each. Bimodal: messages of about a millisecond among timers of about a hundred.
class Increments {
 public:
  Increments(Law law, std::uint64_t seed) : rng_(hash_of(seed, hash_text("increments"))) {
    if (law == Law::kUniform) near_ = far_ = Latency::uniform({1_ns, 20_ms});
    if (law == Law::kExponential) near_ = far_ = Latency::exponential(10_ms);
    if (law == Law::kBimodal) {
      near_ = Latency::uniform({500_us, 1'500_us});
      far_ = Latency::uniform({80_ms, 120_ms});
    }
  }

  std::uint64_t next() {
    const std::uint64_t bits = rng_.next();
    const Latency& latency = bits % 11 == 0 ? far_ : near_;
    return static_cast<std::uint64_t>(latency.draw(bits).count());
  }

 private:
  Rng rng_;
  Latency near_;
  Latency far_;
};

}  // namespace seedbed::bench
