// What a Chord ring can be told to do. A period of 0 means never.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::chord {

constexpr Duration kHour = 3'600'000_ms;

struct Parameters {
  std::uint32_t id_bits = 32;
  bool hashed = true;
  std::uint32_t successors = 3;
  std::uint32_t founders = 0;
  bool corrected = false;
  bool recursive = false;
  Duration stabilize = 250_ms;
  Duration fix_fingers = 500_ms;
  Duration check_predecessor = 500_ms;
  std::uint32_t patience = 5;
  Duration rpc_timeout = 200_ms;
  std::uint32_t tries = 10;
  std::uint32_t replicas = 2;
  Duration replicate = 1'000_ms;
  Duration look_up = {};
  std::uint32_t lookups = 0;
  std::uint32_t virtual_nodes = 1;

  constexpr void parameters(auto& p) {
    p("id_bits", id_bits, "identifiers are so long, or as long as all servers need", 3U, 62U,
      "8 | 32 | 62");
    p("hashed", hashed, "identifiers are hashes; else n1 is 0, n2 is 1, ...");
    p("successors", successors, "the length r of a successor list", 1U, 64U);
    p("founders", founders, "so many first nodes are the ring at deployment; 0: all of them", 0U,
      1'000'000U);
    p("corrected", corrected,
      "Zave's rules; the first r + 1 nodes are the stable base, which everybody knows and nobody "
      "gives up");
    p("recursive", recursive,
      "lookups are forwarded from node to node; else whoever looks up asks each of them",
      "true | false");
    p("stabilize", stabilize, "how often a node asks its successor for its predecessor", 0_ms,
      kHour, "250ms | 500ms");
    p("fix_fingers", fix_fingers, "how often it looks up one of its fingers again", 0_ms, kHour,
      "100ms | 500ms");
    p("check_predecessor", check_predecessor, "how often it asks whether its predecessor lives",
      0_ms, kHour, "250ms | 500ms");
    p("patience", patience,
      "so often in a row must a successor or predecessor not answer to be taken for dead", 1U, 100U,
      "8");
    p("rpc_timeout", rpc_timeout, "a lookup waits so long for an answer", 1_ms, kHour,
      "200ms | 500ms");
    p("tries", tries, "so often it asks an owner that does not answer before it asks the next one",
      1U, 100U);
    p("replicas", replicas, "so many successors keep a copy of a block, too", 0U, 64U, "1 | 2");
    p("replicate", replicate, "how often the copies of all blocks are put right", 0_ms, kHour,
      "500ms | 1s");
    p("look_up", look_up, "how often each node looks up a random identifier by itself", 0_ms,
      kHour);
    p("lookups", lookups, "it does so that often and no more; 0: as long as the run lasts", 0U,
      1'000'000U);
    p("virtual_nodes", virtual_nodes,
      "so many nodes in a row are one machine, whose load is that of all of them", 1U, 1'000U);
  }
};

}  // namespace seedbed::chord
