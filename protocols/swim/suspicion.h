// How long a suspicion lasts, in nanoseconds, and how much a group of n hears of a piece of news:
// the logarithms of SWIM (Das, Gupta and Motivala 2002, sections 4.1 and 4.2) and of Lifeguard's
// dynamic timeouts (Dadgar, Phillips and Currey 2017, section III.B).
//
//   Suspicion s{.since = ctx.now(), .incarnation = 0};
//   s.shares(by, confirmations);                       // true: it counts
//   ctx.after(suspicion_timeout(p, n, s.shared()), ...);
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "protocols/swim/messages.h"
#include "protocols/swim/parameters.h"
#include "sim/base/fixed_math.h"
#include "sim/world/world.h"

namespace seedbed::swim {

struct Suspicion {
  TimerId timer;
  Time since;  // on the member's own clock
  Incarnation incarnation = 0;
  std::uint64_t since_period = 0;  // its own
  std::vector<NodeId> by;          // the first of whom began it

  std::uint32_t shared() const { return static_cast<std::uint32_t>(by.size()) - 1; }
  /// Whether another one suspects, too; no more than `most` count.
  bool shares(NodeId other, std::uint32_t most) {
    if (shared() >= most || std::find(by.begin(), by.end(), other) != by.end()) return false;
    by.push_back(other);
    return true;
  }
};

/// "in @2 by 1".
inline std::string brief_text(const Suspicion& s) {
  return fmt::format("in @{} by {}", s.incarnation, s.by.size());
}

/// lambda ln(n), rounded up: then all have heard it with high probability.
inline std::uint32_t retransmit_limit(const Parameters& p, std::uint32_t n) {
  const double times = p.retransmit * fixed::log(static_cast<double>(std::max(n, 2U) + 1));
  return static_cast<std::uint32_t>(times) + 1;
}

/// suspicion * log10(n) periods, one log at least.
inline Duration shortest_suspicion(const Parameters& p, std::uint32_t n) {
  const double log = std::max(1.0, fixed::log(static_cast<double>(n)) / fixed::log(10.0));
  const double whole = static_cast<double>(p.period.count()) * p.suspicion * log;
  return Duration(static_cast<std::int64_t>(whole));
}
inline Duration longest_suspicion(const Parameters& p, std::uint32_t n) {
  const Duration shortest = shortest_suspicion(p, n);
  return p.lha_suspicion ? shortest * p.suspicion_max : shortest;
}
/// How many others can share it: all but the suspected one and who began.
inline std::uint32_t expected_confirmations(const Parameters& p, std::uint32_t n) {
  return std::min(p.confirmations, n < 3 ? 0 : n - 2);
}

/// Of a suspicion that `shared` others share.
inline Duration suspicion_timeout(const Parameters& p, std::uint32_t n, std::uint32_t shared) {
  const Duration shortest = shortest_suspicion(p, n);
  const Duration longest = longest_suspicion(p, n);
  const std::uint32_t expected = expected_confirmations(p, n);
  if (expected == 0 || shared >= expected) return shortest;
  const double part = fixed::log(shared + 1.0) / fixed::log(expected + 1.0);
  const double less = static_cast<double>((longest - shortest).count()) * part;
  return std::max(shortest, longest - Duration(static_cast<std::int64_t>(less)));
}

}  // namespace seedbed::swim
