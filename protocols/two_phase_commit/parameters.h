// What two-phase commit can be told to do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "sim/base/ids.h"
#include "sim/base/parameters.h"
#include "sim/base/time.h"
#include "sim/world/txn.h"

namespace seedbed::two_phase_commit {

constexpr Duration kHour = 3'600'000_ms;

struct Parameters {
  std::uint32_t coordinators = 1;
  bool presumed_abort = false;
  bool presumed_commit = false;
  bool read_only = false;
  bool cooperative = false;
  Duration vote_timeout = 300_ms;
  Duration inquiry_timeout = 200_ms;

  constexpr void parameters(auto& p) {
    p("coordinators", coordinators,
      "the first so many nodes coordinate transactions, each its own; the others hold the data", 1U,
      1'000U);
    p("presumed_abort", presumed_abort,
      "a coordinator that knows nothing of a transaction has aborted it: aborts are neither forced "
      "nor acknowledged");
    p("presumed_commit", presumed_commit,
      "a coordinator that knows nothing of a transaction has committed it: commits are not "
      "acknowledged, for which the participants are forced to its log before the vote");
    p("read_only", read_only,
      "a participant that wrote nothing says so with its vote, and hears no more of the "
      "transaction");
    p("cooperative", cooperative,
      "who is in doubt asks the other participants, too: one that has the decision, or has not "
      "voted, can end the doubt",
      "false | true");
    p("vote_timeout", vote_timeout,
      "how long after its beginning a coordinator aborts a transaction that not all have voted on; "
      "also how often it repeats a decision that was not acknowledged",
      1_ms, kHour, "150ms | 300ms | 1s");
    p("inquiry_timeout", inquiry_timeout,
      "how long a participant that has voted waits for the decision before it asks, and asks again",
      1_ms, kHour, "50ms | 200ms | 1s");
  }
};

/// Who does what: the first nodes coordinate, and the keys are spread over the others.
struct Layout {
  std::uint32_t coordinators = 1;
  std::uint32_t servers = 2;

  static constexpr Layout of(std::uint32_t wanted, std::uint32_t servers) {
    return {std::min(wanted, servers - 1), servers};
  }
  constexpr bool coordinates(NodeId n) const { return n.value <= coordinators; }
  constexpr NodeId participant_of(tx::Key key) const {
    return {coordinators + 1 + key % (servers - coordinators)};
  }
};

}  // namespace seedbed::two_phase_commit
