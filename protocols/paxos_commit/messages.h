// The messages of Paxos Commit beside those of two-phase commit: Gray and Lamport, "Consensus on
// Transaction Commit" (ACM TODS 2006), section 4. For each participant there is one instance of
// Paxos, which decides on its vote; the messages of all instances of a transaction travel together
// where they can (section 4.2).
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "protocols/two_phase_commit/messages.h"

namespace seedbed::paxos_commit {

using two_phase_commit::TxnId;

/// {} is ballot 0, in which only the participant itself proposes; the leader's later ones are all
/// above it.
struct Ballot {
  std::uint64_t round = 0;
  NodeId node;
  constexpr auto operator<=>(const Ballot&) const = default;
  constexpr void describe(auto& d) const { d("round", round)("node", node); }
};

/// The value of one instance: the vote of `participant`, and of which ballot it is.
struct Accepted {
  NodeId participant;
  Ballot ballot;
  bool prepared = false;  // else aborted
  constexpr bool operator==(const Accepted&) const = default;
  constexpr void describe(auto& d) const {
    d("participant", participant)("ballot", ballot)("prepared", prepared);
  }
};

struct Phase1a {
  static constexpr auto kName = "Phase1a";
  TxnId txn;
  Ballot ballot;
  constexpr void describe(auto& d) const { d("txn", txn)("ballot", ballot); }
};
struct Phase1b {
  static constexpr auto kName = "Phase1b";
  TxnId txn;
  Ballot ballot;
  std::vector<Accepted> accepted;
  constexpr void describe(auto& d) const { d("txn", txn)("ballot", ballot)("accepted", accepted); }
};
/// From the participant in ballot 0, from a leader in a later one; `votes` all of that ballot.
struct Phase2a {
  static constexpr auto kName = "Phase2a";
  TxnId txn;
  Ballot ballot;
  std::vector<NodeId> participants;
  std::vector<Accepted> votes;
  constexpr void describe(auto& d) const {
    d("txn", txn)("ballot", ballot)("participants", participants)("votes", votes);
  }
};
struct Phase2b {
  static constexpr auto kName = "Phase2b";
  TxnId txn;
  Ballot ballot;
  std::vector<Accepted> votes;
  constexpr void describe(auto& d) const { d("txn", txn)("ballot", ballot)("votes", votes); }
};
/// The acceptor has promised a higher ballot.
struct Refusal {
  static constexpr auto kName = "Refusal";
  TxnId txn;
  Ballot promised;
  constexpr void describe(auto& d) const { d("txn", txn)("promised", promised); }
};

/// What an acceptor has on its disk of a transaction; the last one counts.
struct AcceptorRecord {
  static constexpr auto kName = "AcceptorRecord";
  TxnId txn;
  Ballot promised;
  std::vector<Accepted> accepted;
  constexpr bool operator==(const AcceptorRecord&) const = default;
  constexpr void describe(auto& d) const {
    d("txn", txn)("promised", promised)("accepted", accepted);
  }
};

/// A leader's ballot has led to nothing for so long.
struct LeaderTimeout {
  static constexpr auto kName = "LeaderTimeout";
  TxnId txn;
  Ballot ballot;
  constexpr void describe(auto& d) const { d("txn", txn)("ballot", ballot); }
};

}  // namespace seedbed::paxos_commit
