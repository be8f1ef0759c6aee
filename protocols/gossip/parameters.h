// What epidemics can be told to do: the variations of Demers et al. 1987, section 1.4.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::gossip {

struct Parameters {
  bool push = true;
  bool pull = true;
  bool feedback = true;
  bool counter = true;
  std::uint32_t k = 3;
  Duration cycle = 100_ms;
  bool in_step = false;
  Duration anti_entropy = 1'000_ms;
  Duration recent = 10'000_ms;
  Duration certificate_life{30 * std::int64_t{86'400'000'000'000}};
  Duration dormant_life{360 * std::int64_t{86'400'000'000'000}};
  std::uint32_t retention_sites = 4;
  bool durable = true;

  constexpr void parameters(auto& p) {
    constexpr Duration kYear{366 * std::int64_t{86'400'000'000'000}};
    p("push", push, "an infective site tells a random one its hot rumours, once a cycle",
      "true | false");
    p("pull", pull, "every site asks a random one for its hot rumours, once a cycle",
      "true | false");
    p("feedback", feedback,
      "a site loses interest by unnecessary contacts only; else (blind) by any", "true | false");
    p("counter", counter,
      "after k unnecessary contacts in a row; else (coin) after each with probability 1/k",
      "true | false");
    p("k", k, "how soon a site loses interest in a rumour; 0: never", 0U, 1'000'000U,
      "1 | 2 | 3 | 5");
    p("cycle", cycle, "how often a site contacts another one", 1_ms, 3'600'000_ms,
      "50ms | 100ms | 300ms");
    p("in_step", in_step, "all sites begin their cycles at the same time on their clocks",
      "true | false");
    p("anti_entropy", anti_entropy,
      "how often a site compares all it has with another one; 0s: never", Duration{}, kYear,
      "500ms | 1s | 2s");
    p("recent", recent,
      "updates younger than this are exchanged before checksums are compared (the paper's tau)",
      Duration{}, kYear, "0s | 1s | 10s");
    p("certificate_life", certificate_life,
      "after so long all sites but the retention sites drop a death certificate", 1_ms, kYear);
    p("dormant_life", dormant_life, "after so much longer these drop it, too", Duration{}, kYear);
    p("retention_sites", retention_sites, "how many sites keep a dormant death certificate", 0U,
      1'000U);
    p("durable", durable, "what a site knows survives its crashes");
  }
};

}  // namespace seedbed::gossip
