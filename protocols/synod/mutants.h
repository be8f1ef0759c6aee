// Single-decree and Fast Paxos with one rule broken: a name, the rule, and the
// check that must notice (protocol.cpp).
#pragma once

#include "protocols/synod/replica.h"

namespace seedbed::synod {

/// Comes back from a crash without what it promised; what it accepted it still
/// knows.
struct ForgetsPromise : Mutant<ForgetsPromise, Replica> {
  Round recover_promise(const Ballot& durable) const override { return durable.voted; }
};

/// Accepts whatever it is asked to.
struct AcceptsBelowPromise : Mutant<AcceptsBelowPromise, Replica> {
  bool may_accept(const Ballot&, Round) const override { return true; }
};

/// Tries every instance in the same round, as often as it likes.
struct ReusesRound : Mutant<ReusesRound, Replica> {
  Round next_round(const Ballot& ballot, std::uint64_t seen) const override {
    if (ballot.promised.node == self()) return ballot.promised;
    return Replica::next_round(ballot, seen);
  }
};

/// Recovers from a collision before its disk knows that it has used that round.
struct ProposesUnsynced : Mutant<ProposesUnsynced, Replica> {
  bool waits_for_disk() const override { return false; }
};

/// Proposes what it likes, whatever the promises tell of.
struct IgnoresAccepted : Mutant<IgnoresAccepted, Replica> {
  bool binds(const Vote&, Round) const override { return false; }
};

/// Proposes a command of its own making where nobody wants anything.
struct FillsWithCommand : Mutant<FillsWithCommand, Replica> {
  Decree filler() const override {
    return {DecreeKind::kCommand, {.id = {self(), chosen()}, .command = {kv::Function::kWrite}}};
  }
};

/// Takes for chosen what one acceptor too few has accepted.
struct SmallQuorum : Mutant<SmallQuorum, Replica> {
  bool is_chosen(std::size_t votes, ServerSet members) const override {
    return votes + 1 >= Quorums::of(members).classic;
  }
};

/// Takes a majority for a fast quorum: two of those need not meet in a third
/// one.
struct SmallFastQuorum : Mutant<SmallFastQuorum, Replica> {
  bool is_chosen_fast(std::size_t votes, ServerSet members) const override {
    return votes >= Quorums::of(members).classic;
  }
};

/// Takes the first vote of a fast round that it is told of, as if there were
/// only one proposal.
struct PicksFirstVote : Mutant<PicksFirstVote, Replica> {
  bool may_be_chosen(std::size_t, std::size_t, ServerSet) const override { return true; }
};

/// Takes new members for those of the next instance, of which others may have
/// begun with the old.
struct UsesMembersAtOnce : Mutant<UsesMembersAtOnce, Replica> {
  Slot takes_effect(Slot decided) const override { return decided + 1; }
};

}  // namespace seedbed::synod
