// What a SWIM group can be told to do. The names are the paper's, where it has any.
#pragma once

#include <cstdint>

#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::swim {

struct Parameters {
  Duration period = 1'000_ms;
  Duration ping_timeout = 200_ms;
  std::uint32_t helpers = 3;
  std::uint32_t suspicion = 4;
  std::uint32_t retransmit = 3;
  std::uint32_t piggyback = 6;
  bool round_robin = true;
  bool aligned = false;
  Duration sync = 10'000_ms;
  // Lifeguard.
  bool lha_probe = false;
  bool lha_suspicion = false;
  bool buddy = false;
  std::uint32_t most_health = 8;
  std::uint32_t suspicion_max = 6;
  std::uint32_t confirmations = 3;

  constexpr void parameters(auto& p) {
    p("period", period, "the protocol period: each member probes one other in it", 1_ms,
      3'600'000_ms);
    p("ping_timeout", ping_timeout,
      "so long after a ping without an answer others are asked to ping", 1_ms, 3'600'000_ms);
    p("helpers", helpers, "k: how many are asked", 0U, 100U, "1 | 3");
    p("suspicion", suspicion,
      "a suspected member has this times log10(n) periods to speak up, one period at least; 0: "
      "whose probe fails is declared dead at once",
      0U, 1'000U);
    p("retransmit", retransmit,
      "lambda: a member piggybacks a piece of news this times ln(n) times, rounded up", 1U, 100U,
      "2 | 3 | 5");
    p("piggyback", piggyback, "so many pieces of news on a message at most", 1U, 1'000U,
      "2 | 6 | 20");
    p("round_robin", round_robin,
      "probes all members in a random order, and then in another one; else any, every time");
    p("aligned", aligned, "the periods of all members begin together, as analyses assume");
    p("sync", sync,
      "how often a member exchanges all that it knows with one that it has ever heard of, dead or "
      "not; 0s: never, so that who is declared dead by mistake stays so",
      Duration{}, 3'600'000_ms);
    p("lha_probe", lha_probe,
      "Lifeguard: who misses answers probes more slowly, and waits longer for them; and helpers "
      "say when they hear nothing, too");
    p("lha_suspicion", lha_suspicion,
      "Lifeguard: a suspicion begins with a long timeout, which shrinks as others share it");
    p("buddy", buddy, "Lifeguard: who pings a suspected member tells it so");
    p("most_health", most_health, "Lifeguard, S: the local health multiplier goes up to this", 1U,
      100U);
    p("suspicion_max", suspicion_max,
      "Lifeguard, beta: a suspicion that nobody shares lasts this times longer", 1U, 100U);
    p("confirmations", confirmations,
      "Lifeguard, K: when so many others share a suspicion its timeout is the shortest", 1U, 100U);
  }
};

}  // namespace seedbed::swim
