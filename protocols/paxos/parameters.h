// What a Multi-Paxos group can be told to do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::paxos {

constexpr Duration kHour = 3'600'000_ms;

struct Parameters {
  Range<Duration> election_timeout{150_ms, 300_ms};
  Duration heartbeat = 50_ms;
  std::uint32_t max_entries = 64;
  std::uint32_t phase1_quorum = 0;
  std::uint32_t phase2_quorum = 0;
  std::uint32_t snapshot_entries = 0;
  std::uint32_t alpha = 0;

  constexpr void parameters(auto& p) {
    p("election_timeout", election_timeout,
      "silence after which a replica tries to lead; drawn anew each time", 1_ms, kHour,
      "150ms..300ms | 100ms..150ms | 200ms..1s");
    p("heartbeat", heartbeat,
      "how often a leader speaks, and asks again for what was not accepted yet", 1_ms, kHour,
      "20ms | 50ms | 90ms");
    p("max_entries", max_entries, "decrees in one message at the most", 1U, 256U, "1 | 4 | 64");
    p("phase1_quorum", phase1_quorum,
      "acceptors that a leader needs to be one (Howard et al. 2016); 0: as many as meet every "
      "phase 2 quorum, or a majority",
      0U, 64U);
    p("phase2_quorum", phase2_quorum,
      "acceptors that choose a decree (Howard et al. 2016); 0: as many as meet every phase 1 "
      "quorum, or a majority",
      0U, 64U);
    p("snapshot_entries", snapshot_entries,
      "decrees after which the log is compacted into a snapshot; 0: never", 0U, 1'000'000U,
      "0 | 5 | 50");
    p("alpha", alpha,
      "slots after which a change of the members takes effect, and so many may be open at once "
      "(Lamport 2001, section 3); 0: the members never change",
      0U, 10'000U, "0 | 4 | 32");
  }
};

/// Flexible Paxos: quorums of one phase must meet those of the other, not each other.
struct Quorums {
  std::uint32_t phase1 = 0;
  std::uint32_t phase2 = 0;

  static constexpr Quorums of(const Parameters& p, std::uint32_t replicas) {
    const auto other = [=](std::uint32_t given) {
      if (given == 0) return replicas / 2 + 1;
      return replicas + 1 - std::min(given, replicas);
    };
    const auto at_most_all = [=](std::uint32_t given) { return std::min(given, replicas); };
    return {p.phase1_quorum > 0 ? at_most_all(p.phase1_quorum) : other(p.phase2_quorum),
            p.phase2_quorum > 0 ? at_most_all(p.phase2_quorum) : other(p.phase1_quorum)};
  }
  constexpr bool intersect(std::uint32_t replicas) const { return phase1 + phase2 > replicas; }
};

/// What is wrong with these together, or "".
std::string_view complaint(const Parameters& parameters, std::uint32_t replicas);

}  // namespace seedbed::paxos
