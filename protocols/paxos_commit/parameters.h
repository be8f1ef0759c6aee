// What Paxos Commit can be told to do.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::paxos_commit {

struct Parameters {
  std::uint32_t acceptors = 3;
  Duration vote_timeout = 300_ms;
  Duration inquiry_timeout = 200_ms;

  constexpr void parameters(auto& p) {
    p("acceptors", acceptors,
      "the first so many nodes are the acceptors (2F+1 of them outlive F crashes), and lead; the "
      "others hold the data",
      1U, 64U, "1 | 3");
    p("vote_timeout", vote_timeout,
      "how long after its beginning a leader asks for a transaction's votes in a ballot of its "
      "own; "
      "also how often it repeats a decision that was not acknowledged",
      1_ms, 3'600'000_ms, "150ms | 300ms | 1s");
    p("inquiry_timeout", inquiry_timeout,
      "how long a participant that has voted waits for the decision before it asks an acceptor, "
      "and "
      "then the next",
      1_ms, 3'600'000_ms, "50ms | 200ms | 1s");
  }
};

}  // namespace seedbed::paxos_commit
