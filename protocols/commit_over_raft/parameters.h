// What two-phase commit over Raft groups can be told to do: what both can, as far as it makes
// sense.
#pragma once

#include "protocols/raft/parameters.h"
#include "protocols/two_phase_commit/parameters.h"
#include "sim/base/parameters.h"
#include "sim/base/time.h"

namespace seedbed::commit_over_raft {

namespace tpc = two_phase_commit;

struct Parameters {
  std::uint32_t coordinators = 1;
  bool presumed_abort = false;
  bool cooperative = false;
  Duration vote_timeout = 500_ms;
  Duration inquiry_timeout = 200_ms;
  Range<Duration> election_timeout{150_ms, 300_ms};
  Duration heartbeat = 50_ms;
  Duration batch = 1_ms;
  bool pre_vote = false;
  bool check_quorum = false;

  constexpr void parameters(auto& p) {
    p("coordinators", coordinators,
      "the first so many groups coordinate transactions, each its own; the others hold the data",
      1U, 63U);
    p("presumed_abort", presumed_abort,
      "a coordinator that knows nothing of a transaction has aborted it: aborts are neither forced "
      "nor acknowledged",
      "false | true");
    p("cooperative", cooperative, "who is in doubt asks the other participants, too",
      "false | true");
    p("vote_timeout", vote_timeout,
      "how long after its beginning a coordinator aborts a transaction that not all have voted on; "
      "also how often it repeats a decision that was not acknowledged",
      1_ms, tpc::kHour, "300ms | 500ms | 1s");
    p("inquiry_timeout", inquiry_timeout,
      "how long a participant that has voted waits for the decision before it asks, and asks again",
      1_ms, tpc::kHour, "50ms | 200ms | 1s");
    p("election_timeout", election_timeout,
      "of each group: silence after which a member stands for election", 1_ms, tpc::kHour,
      "150ms..300ms | 100ms..150ms | 200ms..1s");
    p("heartbeat", heartbeat, "of each group: how often its leader speaks", 1_ms, tpc::kHour,
      "20ms | 50ms | 90ms");
    p("batch", batch, "of each group: how long its leader gathers what is written", 0_ms, 1000_ms,
      "0s | 1ms | 5ms");
    p("pre_vote", pre_vote, "of each group: a member asks whether it would win before it stands",
      "false | true");
    p("check_quorum", check_quorum, "of each group: a leader without a majority steps down",
      "false | true");
  }

  tpc::Parameters commit() const {
    tpc::Parameters p;
    p.coordinators = coordinators;
    p.presumed_abort = presumed_abort;
    p.cooperative = cooperative;
    p.vote_timeout = vote_timeout;
    p.inquiry_timeout = inquiry_timeout;
    return p;
  }
  raft::Parameters replication() const {
    raft::Parameters p;
    p.election_timeout = election_timeout;
    p.heartbeat = heartbeat;
    p.batch = batch;
    p.pre_vote = pre_vote;
    p.check_quorum = check_quorum;
    return p;
  }
};

}  // namespace seedbed::commit_over_raft
