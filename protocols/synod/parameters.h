// What a group of single-decree Paxos can be told to do.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/base/parameters.h"
#include "sim/base/server_set.h"
#include "sim/base/time.h"

namespace seedbed::synod {

constexpr Duration kHour = 3'600'000_ms;

struct Parameters {
  Range<Duration> election_timeout{150_ms, 300_ms};
  Duration heartbeat = 50_ms;
  bool fast = false;
  std::uint32_t alpha = 0;

  constexpr void parameters(auto& p) {
    p("election_timeout", election_timeout,
      "silence after which a replica takes itself for the distinguished "
      "proposer; drawn anew each "
      "time",
      1_ms, kHour, "150ms..300ms | 100ms..150ms | 200ms..1s");
    p("heartbeat", heartbeat, "how often that one speaks, and what is not decided is tried again",
      1_ms, kHour, "20ms | 50ms | 90ms");
    p("fast", fast, "an instance begins with a fast round (Lamport 2006)");
    p("alpha", alpha,
      "slots after which a change of the members takes effect, and so many may "
      "be open at once "
      "(Lamport 2001, section 3); 0: the members never change",
      0U, 10'000U, "0 | 0 | 4 | 64");
  }
};

/// A majority; and so many that any two fast quorums have one in common with
/// each majority (Lamport 2006, section 3.3: the Quorum Requirement): of five
/// acceptors four.
struct Quorums {
  std::uint32_t classic = 0;
  std::uint32_t fast = 0;
  static constexpr Quorums of(std::uint32_t acceptors) {
    const std::uint32_t classic = acceptors / 2 + 1;
    return {classic, (2 * acceptors - classic) / 2 + 1};
  }
  static constexpr Quorums of(ServerSet acceptors) {
    return of(static_cast<std::uint32_t>(acceptors.size()));
  }
};

/// What is wrong with these together, or "".
std::string_view complaint(const Parameters& parameters);

}  // namespace seedbed::synod
