// The log: sections 3.5 and 3.6.2; the clients: 6.3; batching and pipelining: 10.2.
#include "protocols/raft/fault_points.h"
#include "protocols/raft/server.h"

#include <algorithm>

namespace seedbed::raft {

/// How many entries may leave for it now: those that our own disk has, where it comes first.
inline std::uint64_t Server::room_for(const Progress& progress) const {
  const Index written =
      parameters_.parallel_write ? log_.last_index() : std::max(synced_index_, opening_index_ - 1);
  const Index window = progress.match + parameters_.max_inflight;
  const Index end = progress.probing ? written : std::min(window, written);
  if (end < progress.next) return 0;
  return std::min<std::uint64_t>(end + 1 - progress.next, parameters_.max_entries);
}

// --- AppendEntries RPC

void Server::on(Context& ctx, const Envelope& from, const AppendEntries& m) {
  if (m.term > current_term_ && !steps_down_at(m)) current_term_ = m.term;
  adopt_term(ctx, m.term);
  AppendEntriesReply reply{.term = current_term_, .prev_index = m.prev.index, .round = m.round};
  if (m.term < current_term_) return ctx.reply(from, reply);

  follow(ctx, m.leader);
  if (log_.contains(m.prev)) {
    reply.success = true;
    reply.match_index = accept_entries(ctx, m);
    commit_to(ctx, may_commit_up_to(m.leader_commit, reply.match_index));
  } else {
    reply.conflict_index = m.prev.index > log_.last_index() ? log_.last_index() + 1
                                                            : log_.first_of_term_at(m.prev.index);
  }
  ctx.reply(from, reply);
}

/// The leader of our term has spoken.
void Server::follow(Context& ctx, NodeId leader) {
  if (!is_leader()) become_follower(ctx);
  leader_ = leader;
  heard_at_ = ctx.now();
  if (!is_leader()) restart_election_timer(ctx);
}

/// Steps 3 and 4: an entry that conflicts goes, with all that follow it; what is missing is
/// appended. Entries that are there already stay: the message may be an old one.
Index Server::accept_entries(Context& ctx, const AppendEntries& m) {
  Index index = m.prev.index;
  for (std::size_t i = 0; i < m.entries.size(); ++i) {
    if (++index <= log_.base().index) continue;
    if (index <= log_.last_index()) {
      if (!conflicts(index, m.entries[i])) continue;
      truncate(ctx, index);
    }
    log_.append(m.entries, i);
    write_last(ctx);
  }
  return index;
}

bool Server::conflicts(Index index, const Entry& entry) const {
  return log_.term_at(index) != entry.term;
}

Index Server::may_commit_up_to(Index leader_commit, Index verified) const {
  return std::min(leader_commit, verified);
}

/// What was appended to the log takes effect where it is a configuration, and goes to the disk.
void Server::write_last(Context& ctx) {
  const Entry& entry = log_[log_.last_index()];
  if (entry.kind == EntryKind::kConfiguration) {
    adopt_configuration(log_.last_index(), entry.configuration);
  }
  ctx.append(log_.entries(), log_.last_index());
  ctx.save(LogEnd{binding_end()});
}

/// The end is written before the log is cut: a crash in between has lost nothing.
void Server::truncate(Context& ctx, Index index) {
  log_.truncate(index);
  drop_configurations_from(index);
  ctx.save(LogEnd{binding_end()});
  ctx.truncate<Entry>(index);
}

void Server::on(Context& ctx, const Envelope& from, const AppendEntriesReply& m) {
  adopt_term(ctx, m.term);
  if (!is_leader() || m.term != current_term_) return;
  const NodeId peer = from.from.node;
  heard_from(ctx, peer, m.round);
  Progress& progress = progress_[peer.value];
  if (m.success) {
    progress.match = std::max(progress.match, m.match_index);
    if (progress.probing) progress.next = std::max(progress.next, progress.probe_end);
    progress.next = std::max(progress.next, progress.match + 1);
    progress.probing = false;
    if (progress.match > commit_index_) advance_commit(ctx);
    watch_newcomer(ctx, peer);
    if (peer == transfer_to_) hand_over_when_ready(ctx);
    const bool more = is_leader() && room_for(progress) > 0;
    if (more && !ctx.maybe(fault_points::kNoFollowUp)) send_entries(ctx, {peer.value});
  } else if (is_news(progress, m)) {
    progress.next = std::max<Index>(1, std::min(m.conflict_index, m.prev_index));
    progress.probing = true;
    send_entries(ctx, {peer.value});
  }
}

/// Messages overtake each other, and all those that came before their turn are refused: the first
/// refusal brings a probe with all that they carried.
bool Server::is_news(const Progress& progress, const AppendEntriesReply& refusal) {
  return progress.probing ? refusal.prev_index < progress.next
                          : refusal.prev_index + 1 >= progress.probe_end;
}

/// Whatever it answers, it takes us for its leader.
void Server::heard_from(Context& ctx, NodeId peer, std::uint64_t round) {
  Progress& progress = progress_[peer.value];
  if (round <= progress.round) return;
  progress.round = round;
  confirm_rounds(ctx);
}

// --- Leaders

/// Figure 2: heartbeats, which also carry what a follower is missing.
void Server::on(Context& ctx, const HeartbeatTimeout&) {
  SEEDBED_ASSERT(is_leader(), "a {} has no heartbeats", role());
  const Duration silence = ctx.now() - quorum_heard_at_;
  const bool stalled = parameters_.disk_stall.count() > 0 && unsynced_since_ &&
                       ctx.now() - *unsynced_since_ >= parameters_.disk_stall;
  if (has_lost_its_quorum(silence) || stalled) {
    ctx.count("step_downs");
    return become_follower(ctx);
  }
  const bool early = ctx.maybe(fault_points::kEarlyHeartbeat);
  heartbeat_timer_ = ctx.after(parameters_.heartbeat / (early ? 4 : 1), HeartbeatTimeout{});
  start_round(ctx);
}

/// The entry's time is that of the cluster: it goes on where the last leader's ended, at the pace
/// of our clock (section 6.3).
Entry Server::new_entry(Context& ctx, EntryKind kind) const {
  return {
      .term = current_term_, .kind = kind, .stamp = opening_stamp_ + (ctx.now() - leader_since_)};
}

void Server::append_as_leader(Context& ctx, Entry entry) {
  log_.append(std::move(entry));
  write_last(ctx);
  if (!unsynced_since_) unsynced_since_ = ctx.now();
  ctx.when_synced(LogSynced{log_.last()});
}

void Server::on(Context& ctx, const LogSynced& m) {
  if (!is_leader() || m.last.term != current_term_) return;
  synced_index_ = std::max(synced_index_, m.last.index);
  if (synced_index_ == log_.last_index()) {
    unsynced_since_.reset();
  } else {
    unsynced_since_ = ctx.now();
  }
  if (!parameters_.parallel_write) replicate_new(ctx);
  advance_commit(ctx);
}

void Server::on(Context& ctx, const BatchTimeout&) {
  batch_timer_ = {};
  replicate_new(ctx);
}

/// Sends what is new to everybody who keeps pace; the others are served as they answer.
void Server::replicate_new(Context& ctx) {
  ServerSet ready;
  for (const NodeId peer : others()) {
    const Progress& progress = progress_[peer.value];
    if (!progress.probing && room_for(progress) > 0) ready.insert(peer);
  }
  send_entries(ctx, ready);
}

/// The first of these peers, and those right after it that lack the same entries.
ServerSet Server::first_alike(ServerSet peers) const {
  const Progress& first = progress_[(*peers.begin()).value];
  const std::uint64_t room = room_for(first);
  ServerSet alike;
  for (const NodeId peer : peers) {
    const Progress& progress = progress_[peer.value];
    if (progress.next != first.next) break;
    const bool same = progress.match == first.match && progress.probing == first.probing;
    if (!same && room_for(progress) != room) break;
    alike.insert(peer);
  }
  return alike;
}

/// To each of them an AppendEntries with what it lacks, or none: a heartbeat. One message serves
/// those who lack the same.
void Server::send_entries(Context& ctx, ServerSet peers) {
  while (!peers.empty()) {
    const ServerSet alike = first_alike(peers);
    send_same(ctx, alike);
    peers = peers - alike;
  }
}

/// It is taken for received (pipelining); should it be lost, the next one is refused and the leader
/// steps back.
void Server::send_same(Context& ctx, ServerSet alike) {
  const Progress& first = progress_[(*alike.begin()).value];
  if (first.next <= log_.base().index) {
    for (const NodeId peer : alike) send_snapshot(ctx, peer);
    return;
  }
  std::uint64_t room = room_for(first);
  if (room > 1 && ctx.maybe(fault_points::kOneEntry)) room = 1;
  AppendEntries m{.term = current_term_,
                  .leader = self_,
                  .prev = {first.next - 1, log_.term_at(first.next - 1)},
                  .leader_commit = commit_index_,
                  .round = round_,
                  .entries = log_.slice(first.next, room)};
  const Index end = first.next + m.entries.size();
  for (const NodeId peer : alike) {
    Progress& progress = progress_[peer.value];
    (progress.probing ? progress.probe_end : progress.next) = end;
  }
  ctx.multicast_unsynced(alike, std::move(m));  // our own copy counts when it is synced: own_match
}

Index Server::majority_match() const {
  return quorum_index(
      deciding(), [this](NodeId n) { return match_of(n); }, commit_index_);
}

bool Server::may_commit(Index index) const { return log_.term_at(index) == current_term_; }

void Server::advance_commit(Context& ctx) {
  const Index index = std::min(majority_match(), log_.last_index());
  if (index > commit_index_ && may_commit(index)) commit_to(ctx, index);
}

// --- All servers

void Server::commit_to(Context& ctx, Index index) {
  if (index <= commit_index_) return;
  commit_index_ = index;
  apply_committed(ctx);
  if (is_leader()) configuration_committed(ctx);
}

/// Applies what is committed, in order.
void Server::apply_committed(Context& ctx) {
  while (last_applied_ < commit_index_) apply(ctx, ++last_applied_);
  if (is_leader()) answer_reads(ctx);
  if (keeps_log_) return;
  const bool due = parameters_.snapshot_entries > 0 &&
                   last_applied_ - log_.base().index >= parameters_.snapshot_entries;
  if ((due || ctx.maybe(fault_points::kSnapshotAtOnce)) && !snapshot_due_) {
    snapshot_due_ = true;
    ctx.after({}, TakeSnapshot{});  // in the background (section 5.1.2)
  }
}

void Server::apply(Context& ctx, Index index) {
  const Entry& entry = log_[index];
  applied_stamp_ = std::max(applied_stamp_, entry.stamp);
  if (parameters_.session_timeout.count() > 0) {
    store_.expire_sessions(applied_stamp_ - parameters_.session_timeout);
  }
  std::optional<kv::Reply> reply;
  if (entry.kind == EntryKind::kSession) {
    store_.open_session(entry.request.id.client, index, applied_stamp_);
  } else if (entry.kind == EntryKind::kCommand) {
    reply = execute(entry);
  }
  if (waiting_.empty() || waiting_.front().index != index) return;
  const Address client = waiting_.pop().client;
  // Durable on a majority, whatever our own disk is still writing.
  if (reply) ctx.send_unsynced(client, *reply);
  if (entry.kind == EntryKind::kSession) {
    ctx.send_unsynced(client, kv::SessionOpened{index, parameters_.session_timeout});
  }
}

std::optional<kv::Reply> Server::execute(const Entry& entry) {
  return store_.apply(entry.request, applied_stamp_);
}

// --- Clients

void Server::on(Context& ctx, const Envelope& from, const kv::Request& m) {
  if (turn_away(ctx, from, m.id)) return;
  const bool sessions = parameters_.session_timeout.count() > 0;
  const bool reads_skip_the_log = parameters_.read_index || parameters_.lease_reads;
  if (reads_skip_the_log && m.command.function == kv::Function::kRead) return read(ctx, from, m);
  if (sessions && m.session == kv::kNoSession) {
    return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kExpired});
  }
  if (const auto known = store_.answer_to(m)) return ctx.reply(from, *known);
  Entry entry = new_entry(ctx, EntryKind::kCommand);
  entry.request = m;
  append_as_leader(ctx, std::move(entry));
  waiting_.push({log_.last_index(), from.from});
  if (parameters_.batch.count() == 0) return replicate_new(ctx);
  if (!batch_timer_) batch_timer_ = ctx.after(parameters_.batch, BatchTimeout{});
}

void Server::on(Context& ctx, const Envelope& from, const kv::OpenSession& m) {
  if (turn_away(ctx, from, m.id)) return;
  Entry entry = new_entry(ctx, EntryKind::kSession);
  entry.request.id = m.id;
  append_as_leader(ctx, std::move(entry));
  waiting_.push({log_.last_index(), from.from});
  replicate_new(ctx);
}

/// Only a leader that means to stay accepts requests.
bool Server::turn_away(Context& ctx, const Envelope& from, const kv::RequestId& id) {
  if (is_leader() && !transfer_to_) return false;
  NodeId hint = is_leader() ? transfer_to_ : leader_;
  if (ctx.maybe(fault_points::kNoHint)) hint = kNobody;
  ctx.reply(from, kv::Reply{id, kv::Outcome::kRedirected, kv::kNil, hint});
  return true;
}

/// A deposed leader cannot say what becomes of the entries that it holds.
void Server::dismiss_clients(Context& ctx) {
  while (!waiting_.empty()) {
    const auto [index, client] = waiting_.pop();
    ctx.send(client, kv::Reply{log_[index].request.id, kv::Outcome::kUnknown});
  }
  for (const PendingRead& read : reads_) {
    ctx.send(read.client, kv::Reply{read.request.id, kv::Outcome::kRedirected});
  }
  reads_.clear();
}

}  // namespace seedbed::raft
