// What three-phase commit can be told to do.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::three_phase_commit {

struct Parameters {
  std::uint32_t coordinators = 1;
  Duration vote_timeout = 200_ms;
  Duration termination_timeout = 600_ms;

  constexpr void parameters(auto& p) {
    p("coordinators", coordinators,
      "the first so many nodes coordinate transactions, each its own; the others hold the data", 1U,
      1'000U);
    p("vote_timeout", vote_timeout,
      "how long a coordinator waits for work and votes, and again for acknowledgements of the "
      "second phase; who does not answer by then has crashed",
      1_ms, 3'600'000_ms);
    p("termination_timeout", termination_timeout,
      "how long a participant that has voted hears nothing before it takes its coordinator for "
      "crashed, and ends the transaction with the other participants",
      1_ms, 3'600'000_ms);
  }
};

}  // namespace seedbed::three_phase_commit
