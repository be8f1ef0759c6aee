// Two-phase commit with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp).
#pragma once

#include <algorithm>

#include "protocols/two_phase_commit/site.h"

namespace seedbed::two_phase_commit {

/// Votes yes before the record of it is on the disk.
struct VotesUnforced : Mutant<VotesUnforced, Site> {
  void send_vote(Context& ctx, const TxnId& txn, const Local&, Choice choice) override {
    ctx.send_unsynced(txn.coordinator, Vote{txn, choice});
  }
};

/// Answers that it has committed whatever it knows nothing of.
struct PresumesCommit : Mutant<PresumesCommit, Site> {
  bool presumes_commit() const override { return true; }
};

/// Forgets a commit as soon as it has told it once.
struct ForgetsDecision : Mutant<ForgetsDecision, Site> {
  bool awaits_acks(bool commit) const override { return !commit; }
};

/// Commits what it has been in doubt about for a while.
struct CommitsOnTimeout : Mutant<CommitsOnTimeout, Site> {
  void when_in_doubt(Context& ctx, const TxnId& txn, Local&) override { finish(ctx, txn, true); }
};

/// Gives its locks back with its vote.
struct ReleasesEarly : Mutant<ReleasesEarly, Site> {
  bool keeps_locks_when_prepared() const override { return false; }
};

/// Commits when more than half have voted yes.
struct CountsMajority : Mutant<CountsMajority, Site> {
  bool may_commit(const Global& global) const override {
    const auto yes = std::count_if(global.parts.begin(), global.parts.end(),
                                   [](const Part& p) { return p.vote && *p.vote != Choice::kNo; });
    return 2 * static_cast<std::size_t>(yes) > global.parts.size();
  }
};

}  // namespace seedbed::two_phase_commit
