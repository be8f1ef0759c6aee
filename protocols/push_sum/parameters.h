// What Push-Sum can be told to do.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::push_sum {

struct Parameters {
  Duration cycle = 100_ms;
  bool in_step = false;
  std::uint32_t least_value = 0;
  std::uint32_t most_value = 1'000;
  bool total = false;
  bool reliable = true;

  constexpr void parameters(auto& p) {
    p("cycle", cycle, "how often a node gives half of what it has to a random other one", 1_ms,
      3'600'000_ms, "50ms | 100ms | 300ms");
    p("in_step", in_step, "all nodes begin their cycles at the same time on their clocks",
      "true | false");
    p("least_value", least_value, "each node has a value of its own, from this ...", 0U, 10'000U);
    p("most_value", most_value, "... to this; of 1..1 the total is how many there are", 0U,
      10'000U);
    p("total", total, "n1 alone has weight: all estimate the total; else the average");
    p("reliable", reliable,
      "what is given is on the giver's disk, and given again until it is acknowledged; else, as "
      "in the paper, what the network loses is lost");
  }
};

}  // namespace seedbed::push_sum
