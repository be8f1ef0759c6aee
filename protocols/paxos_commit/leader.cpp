#include "protocols/paxos_commit/leader.h"

#include <algorithm>

namespace seedbed::paxos_commit {

using two_phase_commit::Choice;
using two_phase_commit::Decision;

/// Ballot 0 is the participants' own: the leader only counts.
void Leader::start_vote(Context& ctx, const TxnId& txn, Global& global) {
  Lead& lead = leads_[txn];
  lead.participants = participants_of(global);
  lead.proposes = true;
  send_prepares(ctx, txn, global);
}

/// The votes that are missing may have been chosen: only a ballot of its own can tell.
void Leader::give_up_vote(Context& ctx, const TxnId& txn) { next_ballot(ctx, txn); }

/// Who has no leader any more gets this one.
void Leader::answer(Context& ctx, const Envelope& from, const two_phase_commit::Inquiry& m) {
  const auto known = chosen_.find(m.txn);
  if (known != chosen_.end()) return ctx.reply(from, Decision{m.txn, known->second});
  const Global* global = find(m.txn);
  if (global != nullptr && global->state == State::kTelling) {
    return ctx.reply(from, Decision{m.txn, global->commit});
  }
  if (global != nullptr || leads_.contains(m.txn)) return;
  ctx.count("takeovers");
  leads_[m.txn].participants = m.participants;
  next_ballot(ctx, m.txn);
}

// --- phase 1

void Leader::next_ballot(Context& ctx, const TxnId& txn) {
  Lead& lead = leads_[txn];
  lead.ballot = {lead.ballot.round + 1, ctx.self()};
  lead.proposes = false;
  lead.promises = {};
  lead.reported.clear();
  lead.prepared_by.clear();
  lead.aborted_by.clear();
  ctx.count("ballots");
  const Duration patience = parameters().vote_timeout;
  lead.timer =
      ctx.after(ctx.rng().between({patience, patience * 2}), LeaderTimeout{txn, lead.ballot});
  for (std::uint32_t i = 1; i <= layout().coordinators; ++i) {
    ctx.send(NodeId{i}, Phase1a{txn, lead.ballot});
  }
}

void Leader::on(Context& ctx, const LeaderTimeout& m) {
  const auto found = leads_.find(m.txn);
  if (found != leads_.end() && found->second.ballot == m.ballot) next_ballot(ctx, m.txn);
}

void Leader::on(Context&, const Envelope&, const Refusal& m) {
  const auto found = leads_.find(m.txn);
  if (found == leads_.end() || m.promised <= found->second.ballot) return;
  found->second.ballot.round = m.promised.round;  // the next one is above it
  found->second.proposes = false;
}

void Leader::on(Context& ctx, const Envelope& from, const Phase1b& m) {
  const auto found = leads_.find(m.txn);
  if (found == leads_.end() || found->second.ballot != m.ballot || found->second.proposes) return;
  Lead& lead = found->second;
  lead.promises.insert(from.from.node);
  for (const Accepted& accepted : m.accepted) {
    const auto [known, is_new] = lead.reported.try_emplace(accepted.participant, accepted);
    if (!is_new && known->second.ballot < accepted.ballot) known->second = accepted;
  }
  if (lead.promises.size() >= majority()) propose(ctx, m.txn, lead);
}

// --- phase 2

void Leader::propose(Context& ctx, const TxnId& txn, Lead& lead) {
  lead.proposes = true;
  Phase2a proposal{txn, lead.ballot, lead.participants, {}};
  for (const NodeId participant : lead.participants) {
    const auto reported = lead.reported.find(participant);
    const Accepted* known = reported == lead.reported.end() ? nullptr : &reported->second;
    proposal.votes.push_back({participant, lead.ballot, proposes_prepared(known)});
  }
  for (std::uint32_t i = 1; i <= layout().coordinators; ++i) ctx.send(NodeId{i}, proposal);
}

bool Leader::may_commit(const Lead& lead) const {
  return std::all_of(lead.participants.begin(), lead.participants.end(), [&](NodeId p) {
    const auto acceptors = lead.prepared_by.find(p);
    return acceptors != lead.prepared_by.end() && acceptors->second.size() >= majority();
  });
}

void Leader::on(Context& ctx, const Envelope& from, const Phase2b& m) {
  const auto found = leads_.find(m.txn);
  if (found == leads_.end() || found->second.ballot != m.ballot || !found->second.proposes) return;
  Lead& lead = found->second;
  bool aborted = false;
  for (const Accepted& vote : m.votes) {
    if (vote.ballot != m.ballot) continue;
    auto& by = vote.prepared ? lead.prepared_by : lead.aborted_by;
    by[vote.participant].insert(from.from.node);
    aborted |= !vote.prepared && by[vote.participant].size() >= majority();
  }
  if (aborted) {
    chosen(ctx, m.txn, false);
  } else if (may_commit(lead)) {
    chosen(ctx, m.txn, true);
  }
}

/// The coordinator tells its client, and everybody until they have acknowledged it; one that took
/// over tells once, for who misses it asks again.
void Leader::chosen(Context& ctx, const TxnId& txn, bool commit) {
  const Lead lead = leads_.at(txn);
  ctx.cancel(lead.timer);
  leads_.erase(txn);
  chosen_[txn] = commit;
  if (Global* global = find(txn)) {
    for (Part& part : global->parts)
      part.vote = commit ? std::optional(Choice::kYes) : std::nullopt;
    return decide(ctx, txn, commit);
  }
  Global taken_over;
  taken_over.commit = commit;
  for (const NodeId n : lead.participants) {
    taken_over.parts.push_back({.node = n, .vote = Choice::kYes, .reads = {}});
    ctx.send(n, Decision{txn, commit});
  }
  ctx.count(commit ? "commits" : "aborts");
  note_decision(txn, taken_over);
}

}  // namespace seedbed::paxos_commit
