// What a Kademlia node can be told to do.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::kademlia {

struct Parameters {
  std::uint32_t k = 20;
  std::uint32_t alpha = 3;
  std::uint32_t id_bits = 64;
  Duration rpc_timeout = 200_ms;
  std::uint32_t tries = 5;
  Duration refresh = 3'600'000_ms;
  Duration republish = 3'600'000_ms;
  Duration expire = 86'400'000_ms;
  bool lazy_eviction = false;
  bool deployed = false;

  constexpr void parameters(auto& p) {
    constexpr Duration kYear(31'536'000'000'000'000);
    p("k", k, "contacts of a bucket, and nodes that have a block", 1U, 64U, "8 | 20");
    p("alpha", alpha, "requests of a lookup that are under way at a time", 1U, 64U, "1 | 3");
    p("id_bits", id_bits, "of node ids and keys", 16U, 64U, "32 | 64");
    p("rpc_timeout", rpc_timeout, "after which a request is sent again", 1_ms, 60'000_ms);
    p("tries", tries, "how often a request is sent before its receiver counts as silent", 1U, 20U);
    p("refresh", refresh,
      "a bucket in which nothing was looked up for so long is refreshed; then silent contacts are "
      "asked again, too",
      10_ms, kYear, "1s | 3s");
    p("republish", republish, "how often whoever has a block sees to it that the k closest have it",
      10_ms, kYear, "2s | 5s");
    p("expire", expire, "a block is forgotten so long after it was put", 10_ms, kYear);
    p("lazy_eviction", lazy_eviction,
      "who is seen when its bucket is full waits until somebody in it is silent, and nobody is "
      "pinged for it (section 4.1)",
      "false | true");
    p("deployed", deployed,
      "the servers that the run begins with know each other from the beginning, as if they had "
      "been there for long; else they join",
      "false | true");
  }
};

}  // namespace seedbed::kademlia
