// Phases 1a and 2a ("Paxos Made Simple", section 2.2), and the leader of section 3: phase 1 once
// for all slots, gaps filled, then one round of phase 2 for each command.
#include <algorithm>

#include "protocols/paxos/fault_points.h"
#include "protocols/paxos/replica.h"

namespace seedbed::paxos {

void Replica::on(Context& ctx, const ElectionTimeout&) {
  if (has_vote() && !is_leader() && members_from_now().contains(self_)) prepare(ctx);
}

Ballot Replica::next_ballot() const { return {std::max(promised_.round, seen_round_) + 1, self_}; }

/// Phase 1a. The ballot is on our disk, as promised, before anybody hears of it: that is what
/// makes it ours only, once.
void Replica::prepare(Context& ctx) {
  role_ = Role::kCandidate;
  ballot_ = next_ballot();
  promised_ = ballot_;
  leader_ = kNobody;
  save_promise(ctx);
  promises_ = {};
  reported_ = {};
  highest_chosen_ = chosen_;
  ctx.count("elections");
  restart_election_timer(ctx);
  tell_others(ctx, Prepare{ballot_, chosen_ + 1});
  ctx.when_synced(PromiseSynced{ballot_});
  try_to_lead(ctx);
}

void Replica::on(Context& ctx, const PromiseSynced& m) {
  if ((!is_candidate() && !is_leader()) || m.ballot != ballot_) return;
  promises_.insert(self_);
  try_to_lead(ctx);
}

void Replica::on(Context& ctx, const Envelope& from, const Promise& m) {
  const bool of_newcomer = is_leader() && parameters_.alpha > 0;
  if ((!is_candidate() && !of_newcomer) || m.ballot != ballot_) return;
  if (is_leader() && m.chosen > log_.last_index()) {
    become_follower(ctx);  // what it knows we must know before we propose
    return ctx.reply(from, Learn{chosen_ + 1});
  }
  for (const Proposal& proposal : m.accepted) weigh(proposal);
  promises_.insert(from.from.node);
  if (is_leader()) return propose_reported(ctx);
  if (m.chosen > highest_chosen_) {
    highest_chosen_ = m.chosen;
    ctx.reply(from, Learn{chosen_ + 1});
  }
  try_to_lead(ctx);
}

void Replica::weigh(const Proposal& reported) {
  const auto known = reported_.find(reported.slot);
  const Proposal* best = known == reported_.end() ? nullptr : &known->second;
  if (outweighs(reported, best)) reported_[reported.slot] = reported;
}

void Replica::on(Context& ctx, const Envelope&, const Nack& m) {
  seen_round_ = std::max(seen_round_, m.promised.round);
  const bool tries = is_candidate() || is_leader();
  if (tries && m.promised > ballot_) become_follower(ctx);
}

void Replica::try_to_lead(Context& ctx) {
  if (is_candidate() && has_phase1_quorum() && knows_what_was_chosen()) become_leader(ctx);
}

/// Proposes again what may have been chosen, and fills the gaps between with no-ops.
void Replica::become_leader(Context& ctx) {
  role_ = Role::kLeader;
  leader_ = self_;
  ctx.cancel(election_timer_);
  ctx.count("leaders");
  accepted_by_ = SlotWindow<ServerSet>(chosen_);
  synced_ = chosen_;
  // Our own promise tells, too, if it is one of them.
  const Slot told = promises_.contains(self_) ? accepted_.last() : 0;
  for (Slot slot = chosen_ + 1; slot <= told; ++slot) {
    if (const auto place = accepted_.get(slot)) weigh(journal_[place]);
  }
  propose_reported(ctx);
  repeat_up_to_ = log_.last_index();
  on(ctx, HeartbeatTimeout{});
}

/// As far as it may yet.
void Replica::propose_reported(Context& ctx) {
  const Slot last = reported_.empty() ? chosen_ : (reported_.end() - 1)->first;
  while (log_.last_index() < last && may_propose(log_.last_index() + 1)) {
    const auto known = reported_.find(log_.last_index() + 1);
    if (known == reported_.end()) ctx.count("gaps_filled");
    propose(ctx, known == reported_.end() ? filler() : known->second.decree);
  }
}

/// What may have been chosen comes first.
bool Replica::may_take_requests() const {
  if (parameters_.alpha == 0) return true;
  const Slot next = log_.last_index() + 1;
  return (reported_.empty() || (reported_.end() - 1)->first < next) && may_propose(next);
}

/// The next slot's, and our own acceptor's first of all.
void Replica::propose(Context& ctx, Decree decree) {
  const Slot slot = log_.last_index() + 1;
  log_.append(Proposal{slot, ballot_, std::move(decree)});
  accepted_by_.at(slot) = {};
  journal_.append(log_, slot);
  write_last(ctx);
  ctx.when_synced(AcceptSynced{ballot_, slot});
}

/// Phase 2a. It may leave before our own disk has it: a ballot is never used again after a crash,
/// and our own acceptance counts when it is durable.
void Replica::send_accepts(Context& ctx, ServerSet to, Slot first, Slot last) {
  if (to.empty() || first > last) return;
  const bool one_each = first < last && ctx.maybe(fault_points::kOneEntry);
  const std::uint64_t most = one_each ? 1 : parameters_.max_entries;
  while (first <= last) {
    const std::uint64_t count = std::min<std::uint64_t>(last + 1 - first, most);
    ctx.multicast_unsynced(to, Accept{ballot_, chosen_, log_.slice(first, count)});
    first += count;
  }
}

/// Heartbeats; and what was proposed before the last one, and not accepted, is proposed again.
void Replica::on(Context& ctx, const HeartbeatTimeout&) {
  SEEDBED_ASSERT(is_leader(), "a {} has no heartbeats", role());
  const bool early = ctx.maybe(fault_points::kEarlyHeartbeat);
  heartbeat_timer_ = ctx.after(parameters_.heartbeat / (early ? 4 : 1), HeartbeatTimeout{});
  ServerSet content;
  for (const NodeId peer : others()) {
    const Slot missing = first_missing(peer);
    if (missing > repeat_up_to_) content.insert(peer);
    send_accepts(ctx, ServerSet{peer.value}, missing, repeat_up_to_);
  }
  if (!content.empty()) ctx.multicast_unsynced(content, Accept{ballot_, chosen_, {}});
  if (has_changed()) push_change(ctx);
  repeat_up_to_ = log_.last_index();
}

Slot Replica::first_missing(NodeId peer) const {
  Slot slot = chosen_ + 1;
  while (slot <= log_.last_index() && accepted_by_.get(slot).contains(peer)) ++slot;
  return slot;
}

void Replica::on(Context& ctx, const Envelope& from, const Accepted& m) {
  if (is_leader() && m.ballot == ballot_) count_acceptances(ctx, from.from.node, m.first, m.last);
}

void Replica::on(Context& ctx, const AcceptSynced& m) {
  if (!is_leader() || m.ballot != ballot_) return;
  count_acceptances(ctx, self_, synced_ + 1, m.last);
  synced_ = m.last;
}

/// Slots are decided in any order, and executed in theirs.
void Replica::count_acceptances(Context& ctx, NodeId acceptor, Slot first, Slot last) {
  for (Slot slot = std::max(first, chosen_ + 1); slot <= last; ++slot) {
    accepted_by_.at(slot).insert(acceptor);
  }
  while (chosen_ < log_.last_index() && is_chosen(chosen_ + 1, accepted_by_.get(chosen_ + 1))) {
    accepted_by_.drop_up_to(chosen_ + 1);
    decided_next(ctx);
  }
}

}  // namespace seedbed::paxos
