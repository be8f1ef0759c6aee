// Three-phase commit with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp). That a partition splits it is no mutant: so it is.
#pragma once

#include <algorithm>

#include "protocols/three_phase_commit/terminator.h"

namespace seedbed::three_phase_commit {

/// Commits as soon as all have voted yes, as two-phase commit does.
struct SkipsPrecommit : Mutant<SkipsPrecommit, Site> {
  bool precommits() const override { return false; }
};

/// Votes yes before the record of it is on the disk.
struct VotesUnforced : Mutant<VotesUnforced, Site> {
  void send_vote(Context& ctx, const TxnId& txn, const Local&, tpc::Choice choice) override {
    ctx.send_unsynced(txn.coordinator, tpc::Vote{txn, choice});
  }
};

/// Forgets whatever its coordinator seems to be done with.
struct ForgetsCommit : Mutant<ForgetsCommit, Site> {
  bool may_forget(const Local&) const override { return true; }
};

/// Gives its locks back with its vote.
struct ReleasesEarly : Mutant<ReleasesEarly, Site> {
  bool keeps_locks_when_prepared() const override { return false; }
};

/// Goes on when half of them have voted yes.
struct CountsHalf : Mutant<CountsHalf, Site> {
  bool may_commit(const Global& global) const override {
    const auto yes = std::count_if(global.parts.begin(), global.parts.end(), [](const Part& p) {
      return p.vote && *p.vote != tpc::Choice::kNo;
    });
    return 2 * static_cast<std::size_t>(yes) >= global.parts.size();
  }
};

}  // namespace seedbed::three_phase_commit
