// What a sharded store can be told to do.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::sharded_store {

/// How shards are placed on members (sim/hashing).
enum class Placement : std::uint8_t { kRing, kJump, kRendezvous, kBounded };

struct Parameters {
  std::uint32_t shards = 16;
  std::uint32_t placement = 0;
  std::uint32_t points = 20;
  std::uint32_t load_factor = 125;
  Duration heartbeat = 100_ms;

  constexpr void parameters(auto& p) {
    p("shards", shards, "into how many parts the keys are divided; a part moves as a whole", 1U,
      100'000U, "1 | 4 | 16 | 64");
    p("placement", placement,
      "who owns a shard: 0 a hash ring, 1 jump hash over the members by rising id, 2 rendezvous "
      "hashing, 3 a hash ring with bounded loads",
      0U, 3U);
    p("points", points, "of each member on the hash ring", 1U, 10'000U, "1 | 20");
    p("load_factor", load_factor,
      "with bounded loads: of the mean number of shards a member has this many percent at the most",
      100U, 10'000U, "100 | 125");
    p("heartbeat", heartbeat,
      "how often a server asks for a newer configuration, and tries again what was not answered",
      1_ms, Duration(3'600'000'000'000), "20ms | 100ms | 1s");
  }
  Placement method() const { return static_cast<Placement>(placement); }
};

}  // namespace seedbed::sharded_store
