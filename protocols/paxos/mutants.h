// Multi-Paxos with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp).
#pragma once

#include "protocols/paxos/replica.h"

namespace seedbed::paxos {

/// Comes back from a crash without what it promised; what it accepted it still knows.
struct ForgetsPromise : Mutant<ForgetsPromise, Replica> {
  Ballot recover_promise(const AcceptorState&) const override { return {}; }
};

/// Tries again under the ballot that it had, perhaps led with, before it crashed.
struct ReusesBallot : Mutant<ReusesBallot, Replica> {
  Ballot next_ballot() const override {
    return promised().node == self() ? promised() : Replica::next_ballot();
  }
};

/// Takes every slot for free, whatever the promises tell of it.
struct IgnoresAccepted : Mutant<IgnoresAccepted, Replica> {
  bool outweighs(const Proposal&, const Proposal*) const override { return false; }
};

/// Accepts whatever it is asked to.
struct AcceptsBelowPromise : Mutant<AcceptsBelowPromise, Replica> {
  bool may_accept(Ballot) const override { return true; }
};

/// Leads at once when it thinks that its turn has come.
struct SkipsPhase1 : Mutant<SkipsPhase1, Replica> {
  bool has_phase1_quorum() const override { return true; }
};

/// Takes a slot for a gap of which it only lacks the decree, and fills it with a no-op.
struct FillsOverChosen : Mutant<FillsOverChosen, Replica> {
  bool knows_what_was_chosen() const override { return true; }
};

/// Fills gaps with a command of its own making.
struct FillsWithCommand : Mutant<FillsWithCommand, Replica> {
  Decree filler() const override {
    return {DecreeKind::kCommand, {.id = {self(), chosen()}, .command = {kv::Function::kWrite}}};
  }
};

/// Takes what it has accepted for what was chosen, in whatever ballot it accepted it.
struct LearnsOldBallots : Mutant<LearnsOldBallots, Replica> {
  bool is_the_chosen(const Proposal&, Ballot) const override { return true; }
};

/// Votes with an empty disk, as if it had never had another.
struct RejoinsEmpty : Mutant<RejoinsEmpty, Replica> {
  bool may_vote() const override { return true; }
};

/// Starts with a journal that has lost its end, as if it had accepted no more.
struct TrustsLostTail : Mutant<TrustsLostTail, Replica> {
  bool refuses_to_start(const Recovered&) const override { return false; }
};

/// Takes for chosen what one acceptor too few has accepted: quorums that need not meet.
struct SmallQuorums : Mutant<SmallQuorums, Replica> {
  bool is_chosen(Slot slot, ServerSet accepted_by) const override {
    return (accepted_by & members_of(slot)).size() + 1 >= quorums_of(slot).phase2;
  }
};

/// Takes new members for those of the very next slot.
struct UsesMembersAtOnce : Mutant<UsesMembersAtOnce, Replica> {
  Slot takes_effect(Slot decided) const override { return decided + 1; }
};

/// Counts the acceptances of those who were the members before.
struct CountsOldMembers : Mutant<CountsOldMembers, Replica> {
  bool is_chosen(Slot slot, ServerSet accepted_by) const override {
    Slot before = 1;
    for (const Configuration& c : configurations()) {
      if (c.first <= slot && members_of(c.first) != members_of(slot)) before = c.first;
    }
    return Replica::is_chosen(before, accepted_by);
  }
};

/// Proposes to new members without their promises.
struct TrustsNewcomers : Mutant<TrustsNewcomers, Replica> {
  bool may_propose(Slot slot) const override { return slot <= chosen() + parameters().alpha; }
  bool has_phase1_quorum() const override {
    const ServerSet now = members_of(chosen() + 1);
    return (promises() & now).size() >= quorums_of(chosen() + 1).phase1;
  }
};

}  // namespace seedbed::paxos
