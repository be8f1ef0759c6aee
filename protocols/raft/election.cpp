// Elections: sections 3.4 and 3.6.1; pre-votes: 9.6; leadership transfer: 3.10.
#include "protocols/raft/server.h"

namespace seedbed::raft {

/// Followers and candidates: if the timeout elapses, stand for election.
void Server::on(Context& ctx, const ElectionTimeout&) {
  if (is_leader()) return;
  restart_election_timer(ctx);
  stand_for_election(ctx);
}

/// Nobody stands without all of the log that it once had.
bool Server::may_stand() const {
  const bool votes = configuration().all_voters().contains(self_);
  return (votes || is_still_needed()) && log_.last() == binding_end();
}

bool Server::is_still_needed() const {
  return !changes_are_committed() && configuration_at(commit_index_).all_voters().contains(self_);
}

void Server::stand_for_election(Context& ctx) {
  leader_ = kNobody;
  heard_at_.reset();
  if (!may_stand()) return;
  if (asks_before_standing()) {
    become_pre_candidate(ctx);
  } else {
    become_candidate(ctx, false);
  }
}

/// Changes nothing but its role: a server that cannot win disturbs nobody.
void Server::become_pre_candidate(Context& ctx) {
  role_ = Role::kPreCandidate;
  ctx.count("pre_votes");
  request_votes(ctx, {.term = current_term_ + 1, .pre_vote = true});
  count_vote(self_);
  tally(ctx);
}

void Server::become_candidate(Context& ctx, bool transfer) {
  role_ = Role::kCandidate;
  ++current_term_;
  voted_for_ = self_;
  leader_ = kNobody;
  persist(ctx);
  ctx.count("elections");
  restart_election_timer(ctx);
  request_votes(ctx, {.term = current_term_, .transfer = transfer});
  ctx.when_synced(VoteSynced{current_term_});
}

void Server::request_votes(Context& ctx, const RequestVote& m) {
  votes_ = refusals_ = {};
  RequestVote request = m;
  request.candidate = self_;
  request.last = log_.last();
  for (const NodeId voter : configuration().all_voters()) {
    if (voter != self_) ctx.send(voter, request);
  }
}

void Server::on(Context& ctx, const VoteSynced& m) {
  if (role_ != Role::kCandidate || m.term != current_term_) return;
  count_vote(self_);
  tally(ctx);
}

// --- RequestVote RPC

void Server::on(Context& ctx, const Envelope& from, const RequestVote& m) {
  if (m.pre_vote && !answers_pre_vote(m)) return;
  const bool disregard = hears_a_leader(ctx) && !m.transfer;
  if (m.pre_vote) {
    const bool would =
        m.term > current_term_ && !disregard && is_at_least_as_up_to_date(m.last, binding_end());
    return ctx.reply(from, RequestVoteReply{would ? m.term : current_term_, would, true});
  }
  // Section 4.2.3: a server that was removed, or cut off, does not disturb a cluster with a leader.
  if (parameters_.check_quorum && disregard) {
    return ctx.reply(from, RequestVoteReply{current_term_, false, false});
  }
  adopt_term(ctx, m.term);
  const bool granted = m.term == current_term_ && would_vote_for(m);
  if (granted) {
    voted_for_ = m.candidate;
    persist(ctx);
    restart_election_timer(ctx);
  }
  ctx.reply(from, RequestVoteReply{current_term_, granted, false});
}

/// Within the shortest election timeout of a leader's last message, or while leading.
bool Server::hears_a_leader(Context& ctx) const {
  return is_leader() || (heard_at_ && ctx.now() - *heard_at_ < shortest_timeout());
}

bool Server::would_vote_for(const RequestVote& m) const {
  return may_vote_for(m.candidate) && is_at_least_as_up_to_date(m.last, binding_end());
}

bool Server::may_vote_for(NodeId candidate) const {
  return voted_for_ == kNobody || voted_for_ == candidate;
}

/// The end of the log as it counts in elections: entries that our disk has lost may be committed,
/// and we said that we had them.
LogPosition Server::binding_end() const {
  return is_at_least_as_up_to_date(log_.last(), lost_end_) ? log_.last() : lost_end_;
}

void Server::on(Context& ctx, const Envelope& from, const RequestVoteReply& m) {
  if (!m.pre_vote || !m.vote_granted) adopt_term(ctx, m.term);
  const Role asked_as = m.pre_vote ? Role::kPreCandidate : Role::kCandidate;
  if (role_ != asked_as || !counts_in_this_term(m)) return;
  if (m.vote_granted) {
    count_vote(from.from.node);
  } else {
    refusals_.insert(from.from.node);
  }
  tally(ctx);
}

bool Server::counts_in_this_term(const RequestVoteReply& m) const {
  if (!m.vote_granted) return m.term <= current_term_;
  return m.term == (m.pre_vote ? current_term_ + 1 : current_term_);
}

void Server::tally(Context& ctx) {
  if (configuration().tally(votes_, refusals_) != VoteResult::kWon) return;
  if (role_ == Role::kPreCandidate) {
    become_candidate(ctx, false);
  } else {
    become_leader(ctx);
  }
}

// --- leadership transfer

/// The leader stops accepting requests, brings the target up to date, and has it stand at once.
void Server::on(Context& ctx, const TransferLeadership& m) {
  if (!is_leader() || m.to == self_ || !configuration().voters.contains(m.to)) return;
  transfer_to_ = m.to;
  ctx.count("transfers");
  ctx.cancel(transfer_timer_);
  transfer_timer_ = ctx.after(parameters_.election_timeout.max, TransferTimeout{});
  send_entries(ctx, {m.to.value});
  hand_over_when_ready(ctx);
}

void Server::hand_over_when_ready(Context& ctx) {
  if (!transfer_to_ || progress_[transfer_to_.value].match != log_.last_index()) return;
  lease_forfeited_ = true;
  ctx.send(transfer_to_, TimeoutNow{current_term_});
}

void Server::on(Context& ctx, const TimeoutNow& m) {
  if (m.term == current_term_ && !is_leader() && may_stand()) become_candidate(ctx, true);
}

/// The target did not take over: we go on.
void Server::on(Context&, const TransferTimeout&) { transfer_to_ = kNobody; }

}  // namespace seedbed::raft
