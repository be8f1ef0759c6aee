// Bursts on a link: the two-state chain of Gilbert (1960) and Elliott (1963), in continuous time.
// A link is good or bad; stays lie in an exponential distribution around their means.
//
// The chain as papers have it steps with every message. Then a message's fate would depend on how
// many others went before it, and a fault that is removed, which changes what is sent, would move
// every later loss. So ours steps with time: the state is a pure function of (seed, link, time).
// With rates a (to bad) and b (to good), the chain forgets its past at the points of a Poisson
// process of rate a + b, at each of which it is bad with probability a / (a + b), whatever it was
// before: flips then come with exactly the rates a and b. Those points are drawn cell by cell, a
// cell as long as the mean distance between two of them, so the last one before any time is found
// in 1.6 cells on the average, whatever the seed, and without a table.
//
//   Bursts bursts{/*good_for=*/2_s, /*bad_for=*/50_ms};       // means
//   bool bad = bursts.bad_at(now, hash_of(seed, link));
#pragma once

#include <cstdint>

#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed {

struct Bursts {
  Duration good_for;
  Duration bad_for;  // 0: there are none

  constexpr explicit operator bool() const { return bad_for.count() != 0; }
  /// Whether the link whose draws are `stream` is in a burst at `t` (>= 0).
  bool bad_at(Time t, std::uint64_t stream) const;
  /// The chain as one that steps once in each `step`, from good to bad with chance `enter` and back
  /// with `leave`, above 0: seen at every step it is that chain. Together they are below 100%.
  static Bursts stepping(Duration step, Probability enter, Probability leave);
};

}  // namespace seedbed
