// What a group of Viewstamped Replication can be told to do.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::vr {

constexpr Duration kHour = 3'600'000_ms;

struct Parameters {
  Range<Duration> view_change_timeout{150_ms, 300_ms};
  Duration heartbeat = 50_ms;
  std::uint32_t max_entries = 64;
  std::uint32_t checkpoint_entries = 100;

  constexpr void parameters(auto& p) {
    p("view_change_timeout", view_change_timeout,
      "silence after which a replica asks for the next view; drawn anew each time", 1_ms, kHour,
      "150ms..300ms | 100ms..150ms | 200ms..1s");
    p("heartbeat", heartbeat,
      "how often a primary speaks, and what was not answered is asked again", 1_ms, kHour,
      "20ms | 50ms | 90ms");
    p("max_entries", max_entries, "operations in one message at the most", 1U, 256U, "1 | 4 | 64");
    p("checkpoint_entries", checkpoint_entries,
      "operations after which the log is compacted into a checkpoint; 0: never", 0U, 1'000'000U,
      "0 | 5 | 100");
  }
};

/// A majority; and how many must answer who recovers, so that one of them knows of each view that a
/// majority with it has begun to change to: of five replicas three, the f + 1 of the paper.
struct Quorums {
  std::uint32_t majority = 0;
  std::uint32_t answers = 0;
  static constexpr Quorums of(std::uint32_t replicas) {
    return {replicas / 2 + 1, replicas - replicas / 2};
  }
};

/// What is wrong with these together, or "".
std::string_view complaint(const Parameters& parameters);

}  // namespace seedbed::vr
