// What sagas can be told to do. A step of the workflow may say its own timeout, retries, backoff.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed::saga {

struct Parameters {
  bool choreographed = false;
  bool semantic_locks = false;
  bool commutative = true;
  Duration step_timeout = 100_ms;
  std::uint32_t retries = 5;
  Range<Duration> backoff{10_ms, 1000_ms};
  Probability jitter = Probability::percent(50);
  Duration deadline = 2'000_ms;

  constexpr void parameters(auto& p) {
    p("choreographed", choreographed,
      "participants react to each other's events; else one process manager commands them");
    p("semantic_locks", semantic_locks,
      "a step that may be compensated locks its record for its saga's whole life", "true | false");
    p("commutative", commutative,
      "updates add to what a record holds, and compensations take that away again; else they write "
      "what it shall hold, and what it held before",
      "true | false");
    p("step_timeout", step_timeout, "after so long without an answer it is asked again", 1_ms,
      10'000_ms, "60ms | 200ms | 500ms");
    p("retries", retries,
      "how often a step that may fail is asked again, before the saga is compensated", 0U, 1'000U,
      "1 | 3 | 10");
    p("backoff", backoff,
      "the pause before asking again: doubled each time, from the first to the second", 1_ms,
      60'000_ms, "10ms..1s | 50ms..3s");
    p("jitter", jitter, "how much of the pause is drawn", Probability{}, Probability::percent(100),
      "0% | 50% | 100%");
    p("deadline", deadline,
      "choreographed: a saga that has not ended after so long is called off, unless it is past its "
      "pivot",
      10_ms, 3'600'000_ms, "500ms | 2s");
  }
};

}  // namespace seedbed::saga
