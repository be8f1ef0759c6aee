#include "protocols/raft/server.h"

#include <algorithm>

namespace seedbed::raft {

void Server::start(Context& ctx, const Recovered& durable) {
  cluster_size_ = ctx.peers().size() + 1;
  votes_.assign(cluster_size_ + 1, false);
  next_index_.assign(cluster_size_ + 1, 1);
  match_index_.assign(cluster_size_ + 1, 0);
  if (const auto* state = durable.saved<HardState>()) {
    current_term_ = state->current_term;
    voted_for_ = recover_vote(*state);
  }
  log_ = Log(durable.log<Entry>());
  restart_election_timer(ctx);
}

// --- RequestVote RPC

void Server::on(Context& ctx, const Envelope& from, const RequestVote& m) {
  adopt_term(ctx, m.term);
  const bool granted =
      m.term == current_term_ && may_vote_for(m.candidate) && log_.is_no_newer_than(m.last);
  if (granted) {
    voted_for_ = m.candidate;
    persist(ctx);
    restart_election_timer(ctx);
  }
  ctx.reply(from, RequestVoteReply{current_term_, granted});
}

bool Server::may_vote_for(NodeId candidate) const {
  return voted_for_ == kNobody || voted_for_ == candidate;
}

NodeId Server::recover_vote(const HardState& durable) const { return durable.voted_for; }

void Server::on(Context& ctx, const Envelope& from, const RequestVoteReply& m) {
  adopt_term(ctx, m.term);
  if (role_ != Role::kCandidate || m.term != current_term_ || !m.vote_granted) return;
  votes_[from.from.node.value] = true;
  if (is_majority(static_cast<std::size_t>(std::count(votes_.begin(), votes_.end(), true)))) {
    become_leader(ctx);
  }
}

// --- AppendEntries RPC

void Server::on(Context& ctx, const Envelope& from, const AppendEntries& m) {
  adopt_term(ctx, m.term);
  AppendEntriesReply reply{.term = current_term_, .prev_index = m.prev.index};
  if (m.term < current_term_) return ctx.reply(from, reply);

  if (role_ == Role::kCandidate) become_follower(ctx);
  leader_ = m.leader;
  restart_election_timer(ctx);
  if (log_.contains(m.prev)) {
    reply.success = true;
    reply.match_index = accept_entries(ctx, m);
    commit_index_ = std::max(commit_index_, std::min(m.leader_commit, reply.match_index));
    apply_committed(ctx);
  } else {
    reply.conflict_index = m.prev.index > log_.last_index() ? log_.last_index() + 1
                                                            : log_.first_of_term_at(m.prev.index);
  }
  ctx.reply(from, reply);
}

/// Steps 3 and 4: an entry that conflicts goes, with all that follow it; what is missing is
/// appended. Entries that are there already stay: the message may be an old one.
Index Server::accept_entries(Context& ctx, const AppendEntries& m) {
  Index index = m.prev.index;
  for (const Entry& entry : m.entries) {
    ++index;
    if (index <= log_.last_index()) {
      if (log_.term_at(index) == entry.term) continue;
      SEEDBED_ASSERT(index > commit_index_, "committed entry {} would be overwritten", index);
      log_.truncate(index);
      ctx.truncate<Entry>(index);
    }
    append(ctx, entry);
  }
  return index;
}

void Server::on(Context& ctx, const Envelope& from, const AppendEntriesReply& m) {
  adopt_term(ctx, m.term);
  if (role_ != Role::kLeader || m.term != current_term_) return;
  const NodeId peer = from.from.node;
  Index& next = next_index_[peer.value];
  Index& match = match_index_[peer.value];
  if (m.success) {
    match = std::max(match, m.match_index);
    next = std::max(next, match + 1);
    advance_commit(ctx);
    if (next <= log_.last_index()) replicate(ctx, peer);
  } else if (m.prev_index > match && m.prev_index < next) {  // not a stale refusal
    next = std::max(match + 1, std::min(m.conflict_index, m.prev_index));
    replicate(ctx, peer);
  }
}

// --- Rules for servers

/// All servers: a higher term makes a follower.
void Server::adopt_term(Context& ctx, Term term) {
  if (term <= current_term_) return;
  current_term_ = term;
  voted_for_ = kNobody;
  leader_ = kNobody;
  persist(ctx);
  become_follower(ctx);
}

void Server::become_follower(Context& ctx) {
  if (role_ == Role::kLeader) {
    ctx.cancel(heartbeat_timer_);
    dismiss_clients(ctx);
    restart_election_timer(ctx);
  }
  role_ = Role::kFollower;
}

void Server::restart_election_timer(Context& ctx) {
  ctx.cancel(election_timer_);
  election_timer_ = ctx.after(ctx.rng().between(parameters_.election_timeout), ElectionTimeout{});
}

/// Followers and candidates: if the timeout elapses, stand for election.
void Server::on(Context& ctx, const ElectionTimeout&) { become_candidate(ctx); }

void Server::become_candidate(Context& ctx) {
  role_ = Role::kCandidate;
  ++current_term_;
  voted_for_ = ctx.self();
  leader_ = kNobody;
  persist(ctx);
  ctx.count("elections");
  restart_election_timer(ctx);
  votes_.assign(votes_.size(), false);
  votes_[ctx.self().value] = true;
  ctx.broadcast(RequestVote{current_term_, ctx.self(), log_.last()});
  if (is_majority(1)) become_leader(ctx);
}

void Server::become_leader(Context& ctx) {
  role_ = Role::kLeader;
  leader_ = ctx.self();
  ctx.cancel(election_timer_);
  ctx.count("leaders");
  next_index_.assign(next_index_.size(), log_.last_index() + 1);
  match_index_.assign(match_index_.size(), 0);
  append(ctx, Entry{.term = current_term_});  // the no-op: commits what earlier terms left behind
  ctx.when_synced(LogSynced{log_.last()});
  on(ctx, HeartbeatTimeout{});
}

/// Leaders: heartbeats, which also carry what a follower is missing.
void Server::on(Context& ctx, const HeartbeatTimeout&) {
  SEEDBED_ASSERT(role_ == Role::kLeader, "a {} has no heartbeats", role());
  heartbeat_timer_ = ctx.after(parameters_.heartbeat, HeartbeatTimeout{});
  for (const NodeId peer : ctx.peers()) replicate(ctx, peer);
}

/// Sends what `peer` lacks, and takes it as received (pipelining, section 10.2.1 of the
/// dissertation): should it be lost, the next heartbeat is refused and the leader steps back.
void Server::replicate(Context& ctx, NodeId peer) {
  Index& next = next_index_[peer.value];
  AppendEntries m{.term = current_term_,
                  .leader = ctx.self(),
                  .prev = {next - 1, log_.term_at(next - 1)},
                  .leader_commit = commit_index_,
                  .entries = log_.slice(next, parameters_.max_entries)};
  next += m.entries.size();
  ctx.send(peer, std::move(m));
}

/// Leaders: append a client's command, answer when it is applied.
void Server::on(Context& ctx, const Envelope& from, const kv::Request& m) {
  if (role_ != Role::kLeader) {
    return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected, kv::kNil, leader_});
  }
  if (const auto known = store_.answer_to(m.id)) return ctx.reply(from, *known);
  append(ctx, Entry{current_term_, m});
  waiting_[log_.last_index()] = from.from;
  ctx.when_synced(LogSynced{log_.last()});
  for (const NodeId peer : ctx.peers()) {
    if (next_index_[peer.value] == log_.last_index()) replicate(ctx, peer);
  }
}

void Server::append(Context& ctx, Entry entry) {
  log_.append(entry);
  ctx.append(std::move(entry));
}

void Server::on(Context& ctx, const LogSynced& m) {
  if (role_ != Role::kLeader || m.last.term != current_term_) return;
  Index& mine = match_index_[ctx.self().value];
  mine = std::max(mine, m.last.index);
  advance_commit(ctx);
}

Index Server::majority_match() const {
  std::vector<Index> matches(match_index_.begin() + 1, match_index_.end());
  const auto middle = matches.begin() + static_cast<std::ptrdiff_t>((cluster_size_ - 1) / 2);
  std::nth_element(matches.begin(), middle, matches.end());
  return *middle;
}

bool Server::may_commit(Index index) const { return log_.term_at(index) == current_term_; }

void Server::advance_commit(Context& ctx) {
  const Index index = majority_match();
  if (index <= commit_index_ || !may_commit(index)) return;
  commit_index_ = index;
  apply_committed(ctx);
}

/// All servers: apply what is committed, in order.
void Server::apply_committed(Context& ctx) {
  while (last_applied_ < commit_index_) {
    const Entry& entry = log_[++last_applied_];
    if (entry.is_no_op()) continue;
    const auto reply = store_.apply(entry.request);
    const auto client = waiting_.find(last_applied_);
    if (client == waiting_.end()) continue;
    if (reply) ctx.send(client->second, *reply);
    waiting_.erase(client);
  }
}

/// A deposed leader cannot say what becomes of the entries that it holds.
void Server::dismiss_clients(Context& ctx) {
  for (const auto& [index, client] : waiting_) {
    ctx.send(client, kv::Reply{log_[index].request.id, kv::Outcome::kUnknown, kv::kNil, kNobody});
  }
  waiting_.clear();
}

}  // namespace seedbed::raft
