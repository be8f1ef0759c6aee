// Phases 1a and 2a ("Paxos Made Simple", section 2.2), and what a proposer
// makes of votes of a fast round ("Fast Paxos", section 3.2).
#include <algorithm>

#include "protocols/synod/fault_points.h"
#include "protocols/synod/replica.h"

namespace seedbed::synod {

/// The round is on our disk, as promised, before anybody hears of it: that is
/// what makes it ours only, once.
void Replica::prepare(Context& ctx, Slot slot) {
  if (!may_begin(slot)) return;
  Instance& instance = instances_[slot];
  instance.round = next_round(instance.ballot, instance.seen);
  instance.phase = Phase::kPrepare;
  instance.told.clear();
  instance.ballot.slot = slot;
  instance.ballot.promised = instance.round;
  const Round round = instance.round;
  write(ctx, instance.ballot);
  ctx.count("rounds");
  send_all(ctx, others_of(slot), Prepare{slot, round});
  ctx.when_synced(PromiseSynced{slot, round});
}

void Replica::on(Context& ctx, const PromiseSynced& m) {
  const auto found = instances_.find(m.slot);
  if (found == instances_.end() || found->second.round != m.round) return;
  const Ballot ballot = found->second.ballot;
  if (ballot.promised == m.round) count_promise(ctx, self_, m.slot, ballot.voted, ballot.decree);
}

void Replica::on(Context& ctx, const Envelope& from, const Promise& m) {
  const auto found = instances_.find(m.slot);
  if (found == instances_.end() || found->second.round != m.round) return;
  count_promise(ctx, from.from.node, m.slot, m.voted, m.decree);
}

void Replica::count_promise(Context& ctx, NodeId by, Slot slot, Round voted, const Decree& decree) {
  Instance& instance = instances_[slot];
  given_ = {by, slot, instance.round};
  if (instance.phase != Phase::kPrepare || !members_of(slot).contains(by)) return;
  const auto is_his = [&](const Vote& vote) { return vote.by == by; };
  const bool is_new = std::none_of(instance.told.begin(), instance.told.end(), is_his);
  if (is_new) instance.told.push_back({by, voted, decree});
  if (instance.told.size() >= Quorums::of(members_of(slot)).classic) accept(ctx, slot);
}

/// Section 2.2, phase 2a: what was accepted in the highest round; of a fast
/// round what may have been chosen there; and what we like if nothing was.
Decree Replica::decree_for(Slot slot, const Instance& instance) const {
  Round highest;
  for (const Vote& vote : instance.told) highest = std::max(highest, vote.round);
  const Vote* any = nullptr;
  for (const Vote& vote : instance.told) {
    if (!binds(vote, highest)) continue;
    any = &vote;
    const auto same = [&](const Vote& other) {
      return other.round == highest && other.decree == vote.decree;
    };
    const auto votes = std::count_if(instance.told.begin(), instance.told.end(), same);
    if (highest != kFast ||
        may_be_chosen(static_cast<std::size_t>(votes), instance.told.size(), members_of(slot))) {
      return vote.decree;
    }
  }
  if (any != nullptr) return any->decree;  // nothing was chosen, and somebody wants this
  return instance.wish ? *instance.wish : filler();
}

void Replica::accept(Context& ctx, Slot slot) {
  Instance& instance = instances_[slot];
  instance.phase = Phase::kAccept;
  instance.proposal = decree_for(slot, instance);
  instance.accepted_by = {};
  instance.beats = 0;
  const Round round = instance.round;
  const Accept proposal{slot, round, instance.proposal};
  // The round is ours on our disk already, and our own vote counts when it is there, too.
  ctx.multicast_unsynced(others_of(slot), Accept(proposal));
  vote(ctx, instance, round, proposal.decree);
  ctx.when_synced(VoteSynced{slot, round});
}

void Replica::on(Context& ctx, const VoteSynced& m) {
  const auto found = instances_.find(m.slot);
  if (found == instances_.end() || found->second.ballot.voted != m.round) return;
  if (m.round != kFast) return count_vote(ctx, self_, m.slot);
  count_fast_vote(ctx, self_, m.slot, Decree(found->second.ballot.decree));
}

void Replica::on(Context& ctx, const Envelope& from, const Accepted& m) {
  if (m.round == kFast) return count_fast_vote(ctx, from.from.node, m.slot, m.decree);
  const auto found = instances_.find(m.slot);
  if (found == instances_.end() || found->second.round != m.round) return;
  count_vote(ctx, from.from.node, m.slot);
}

void Replica::count_vote(Context& ctx, NodeId by, Slot slot) {
  Instance& instance = instances_[slot];
  if (instance.phase != Phase::kAccept || instance.chosen) return;
  instance.accepted_by.insert(by);
  const ServerSet members = members_of(slot);
  if (!is_chosen((instance.accepted_by & members).size(), members)) return;
  const Decree decree = instance.proposal;
  // Durable on a quorum, whatever our own disk is still writing.
  ctx.multicast_unsynced(others(), Chosen{slot, {decree}});
  decide(ctx, slot, decree);
}

void Replica::on(Context&, const Envelope&, const Nack& m) {
  const auto found = instances_.find(m.slot);
  if (found == instances_.end() || m.promised <= found->second.round) return;
  Instance& instance = found->second;
  instance.seen = std::max(instance.seen, m.promised.number);
  instance.phase = Phase::kIdle;
  instance.beats = 1;
}

/// An instance that nobody has decided for some time. One that is between two
/// heartbeats by chance is left alone.
void Replica::repeat(Context& ctx, Slot slot) {
  Instance& instance = instances_[slot];
  const Round round = instance.round;
  if (instance.chosen || (instance.phase == Phase::kIdle && instance.beats < 2)) return;
  if (instance.phase == Phase::kIdle || ctx.maybe(fault_points::kAnotherRound)) {
    return prepare(ctx, slot);
  }
  if (instance.phase == Phase::kPrepare) {
    return send_all(ctx, others_of(slot), Prepare{slot, round});
  }
  send_all(ctx, others_of(slot), Accept{slot, round, instance.proposal});
}

}  // namespace seedbed::synod
