// What a broadcast tree over partial views can be told to do. The sizes and walks are the paper's.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::plumtree {

struct Parameters {
  std::uint32_t active_size = 5;
  std::uint32_t passive_size = 30;
  std::uint32_t active_walk = 6;
  std::uint32_t passive_walk = 3;
  std::uint32_t shuffle_active = 3;
  std::uint32_t shuffle_passive = 4;
  Duration shuffle = 1'000_ms;
  Duration heartbeat = 200_ms;
  Duration suspect = 1'000_ms;
  Duration graft_after = 300_ms;
  Duration graft_again = 150_ms;
  Duration recovery = 2'000_ms;
  bool durable = true;

  constexpr void parameters(auto& p) {
    p("active_size", active_size, "neighbours of a node: the fanout, and one more", 2U, 1'000U,
      "2 | 3 | 5");
    p("passive_size", passive_size, "nodes that it knows besides, to replace neighbours that fail",
      1U, 100'000U, "3 | 30");
    p("active_walk", active_walk, "steps after which a join that is passed on ends (ARWL)", 0U,
      100U, "1 | 6");
    p("passive_walk", passive_walk, "where on its way it enters a passive view (PRWL)", 0U, 100U);
    p("shuffle_active", shuffle_active, "neighbours that a shuffle tells of (ka)", 0U, 1'000U);
    p("shuffle_passive", shuffle_passive, "other nodes that a shuffle tells of (kp)", 0U, 1'000U);
    p("shuffle", shuffle, "how often a node exchanges a part of what it knows", 1_ms, 3'600'000_ms,
      "300ms | 1s");
    p("heartbeat", heartbeat, "how often a node lets its neighbours hear of it", 1_ms, 600'000_ms,
      "100ms | 200ms");
    p("suspect", suspect, "a neighbour that was silent for so long has failed", 1_ms, 3'600'000_ms,
      "500ms | 1s | 2s");
    p("graft_after", graft_after,
      "what was announced and has not come after so long is asked for, and its link enters the "
      "tree",
      1_ms, 600'000_ms, "100ms | 300ms | 1s");
    p("graft_again", graft_again, "and after so much longer the next who announced it is asked",
      1_ms, 600'000_ms, "50ms | 150ms");
    p("recovery", recovery,
      "how often a node compares what it has with any other it knows of, for what no link of the "
      "overlay brought; 0s: never, as in the papers",
      Duration{}, 3'600'000_ms, "1s | 2s");
    p("durable", durable, "what a node has delivered survives its crashes");
  }
};

}  // namespace seedbed::plumtree
