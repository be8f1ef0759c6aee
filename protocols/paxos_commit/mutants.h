// Paxos Commit with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp).
#pragma once

#include <algorithm>

#include "protocols/paxos_commit/site.h"

namespace seedbed::paxos_commit {

/// Comes back from a crash without what it promised and accepted.
struct AcceptorForgets : Mutant<AcceptorForgets, Site> {
  bool recovers() const override { return false; }
};

/// Proposes to abort in a new ballot, whatever the promises tell of.
struct IgnoresAccepted : Mutant<IgnoresAccepted, Site> {
  bool proposes_prepared(const Accepted*) const override { return false; }
};

/// Proposes to commit what nobody has voted on.
struct PresumesPrepared : Mutant<PresumesPrepared, Site> {
  bool proposes_prepared(const Accepted* reported) const override {
    return reported == nullptr || reported->prepared;
  }
};

/// Votes before the record of its vote is on the disk.
struct VotesUnforced : Mutant<VotesUnforced, Site> {
  void send_vote(Context& ctx, const TxnId& txn, const Local& local, tpc::Choice choice) override {
    const Accepted vote{ctx.self(), {}, choice == tpc::Choice::kYes};
    const Phase2a proposal{txn, {}, local.participants, {vote}};
    for (std::uint32_t i = 1; i <= layout().coordinators; ++i) {
      ctx.send_unsynced(NodeId{i}, proposal);
    }
  }
};

/// Gives its locks back with its vote.
struct ReleasesEarly : Mutant<ReleasesEarly, Site> {
  bool keeps_locks_when_prepared() const override { return false; }
};

}  // namespace seedbed::paxos_commit
