// The fast round of an instance ("Fast Paxos", section 3.1): every acceptor may
// accept the first proposal that it hears of, and tells all learners. Where
// they hear of different ones first, nobody may have a fast quorum; then the
// coordinator decides (section 3.2.2).
#include <algorithm>

#include "protocols/synod/replica.h"

namespace seedbed::synod {

void Replica::propose_fast(Context& ctx, const kv::Request& request) {
  send_all(ctx, others(), Propose{request});
  if (votes_for(request.id)) return;
  vote_fast(ctx, last_slot() + 1, {DecreeKind::kCommand, request});
}

/// In a slot that may still be decided so.
bool Replica::votes_for(const kv::RequestId& id) const {
  return std::any_of(instances_.begin(), instances_.end(), [&](const auto& item) {
    const Instance& instance = item.second;
    const Decree& decree = instance.chosen ? *instance.chosen : instance.ballot.decree;
    return decree.kind == DecreeKind::kCommand && decree.request.id == id;
  });
}

/// A client that is a proposer itself waits for the learners' answers.
void Replica::on(Context& ctx, const Envelope& from, const Propose& m) {
  if (role_ == Role::kObserver || store_.answer_to(m.request)) return;
  const bool from_client = from.from.node == m.request.id.client;
  if (from_client && find_waiting(m.request.id) == nullptr) {
    asked_ = m.request;
    waiting_.push_back({m.request, from.from});
  }
  if (votes_for(m.request.id)) return;
  vote_fast(ctx, last_slot() + 1, {DecreeKind::kCommand, m.request});
}

void Replica::vote_fast(Context& ctx, Slot slot, const Decree& decree) {
  if (!may_begin(slot)) return;
  Instance& instance = instances_[slot];
  instance.ballot.slot = slot;
  vote(ctx, instance, kFast, decree);
  send_all(ctx, others(), Accepted{slot, kFast, decree});
  ctx.when_synced(VoteSynced{slot, kFast});
}

/// Who has not heard of a proposal yet hears of it by the others' votes, and
/// votes for it, too: so acceptors that missed one stay in step.
void Replica::count_fast_vote(Context& ctx, NodeId by, Slot slot, const Decree& decree) {
  if (slot <= chosen() || role_ == Role::kObserver) return;
  std::vector<Vote>& votes = instances_[slot].fast_votes;
  const auto is_his = [&](const Vote& vote) { return vote.by == by; };
  if (std::any_of(votes.begin(), votes.end(), is_his)) return;
  votes.push_back({by, kFast, decree});
  const Ballot& ballot = instances_[slot].ballot;
  if (ballot.voted == kNone && may_accept(ballot, kFast)) vote_fast(ctx, slot, decree);
  if (!may_begin(slot)) return;
  const ServerSet members = members_of(slot);
  const auto same = [&](const Vote& vote) {
    return vote.decree == decree && members.contains(vote.by);
  };
  const auto count = std::count_if(votes.begin(), votes.end(), same);
  if (is_chosen_fast(static_cast<std::size_t>(count), members)) return decide(ctx, slot, decree);
  if (role_ == Role::kLeader) resolve(ctx, slot);
}

/// A collision: none of the proposals can get a fast quorum any more. The round
/// after the fast one is that of n1, who may take the votes for promises
/// (coordinated recovery); others ask first.
void Replica::resolve(Context& ctx, Slot slot) {
  Instance& instance = instances_[slot];
  if (instance.phase != Phase::kIdle || instance.chosen) return;
  const ServerSet members = members_of(slot);
  std::vector<Vote> votes = instance.fast_votes;
  std::erase_if(votes, [&](const Vote& vote) { return !members.contains(vote.by); });
  const std::size_t open = members.size() - votes.size();
  for (const Vote& vote : votes) {
    const auto same = [&](const Vote& other) { return other.decree == vote.decree; };
    const auto count = std::count_if(votes.begin(), votes.end(), same);
    if (static_cast<std::size_t>(count) + open >= Quorums::of(members).fast) return;
  }
  ctx.count("collisions");
  const Round next{kFast.number, NodeId{1}};
  const bool ours = self_ == next.node && instance.ballot.promised <= kFast;
  if (!ours || votes.size() < Quorums::of(members).classic) return prepare(ctx, slot);
  instance.round = next;
  instance.told = std::move(votes);
  if (!waits_for_disk()) return accept(ctx, slot);
  instance.phase = Phase::kPrepare;
  instance.ballot.promised = next;
  write(ctx, instance.ballot);
  ctx.when_synced(PromiseSynced{slot, next});
}

}  // namespace seedbed::synod
