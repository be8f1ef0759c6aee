#include "protocols/raft/server.h"

#include "protocols/raft/fault_points.h"

namespace seedbed::raft {

std::string_view complaint(const Parameters& p) {
  if (p.heartbeat >= p.election_timeout.min) {
    return "heartbeat must be shorter than the shortest election_timeout, or followers stand for "
           "election against a leader that lives";
  }
  if (p.lease_reads && !p.check_quorum) {
    return "lease_reads wants check_quorum: without it servers vote while their leader's lease "
           "lasts";
  }
  if (p.max_inflight < p.max_entries) {
    return "max_inflight must not be less than max_entries, or no AppendEntries is ever full";
  }
  return "";
}

void Server::start(Context& ctx, const Recovered& durable) {
  self_ = ctx.self();
  // What this server promised, by a vote or an acknowledgement, it may no longer know.
  if (refuses_to_start(durable)) return ctx.halt();
  progress_.assign(ctx.most_servers() + 1, {});
  // Whoever joins later is no part of this, and waits to be added (section 4.2.1).
  const std::uint32_t servers = ctx.initial_servers();
  const std::uint32_t voters = parameters_.voters == 0 ? servers : parameters_.voters;
  const ServerSet all = ServerSet::first(std::min(voters, servers));
  configurations_ = {{0, {.voters = founders_.empty() ? all : founders_}}};
  recover(ctx, durable);
  // Perhaps we heard a leader just before we crashed: its lease may last.
  if (current_term_ > 0) heard_at_ = ctx.now();
  restart_election_timer(ctx);
}

/// What the disk still has. A crash may have come between any two writes; they reached it in order.
void Server::recover(Context& ctx, const Recovered& durable) {
  if (const auto* state = durable.saved<HardState>()) {
    current_term_ = state->current_term;
    voted_for_ = recover_vote(*state);
  }
  LogPosition base;
  if (const auto* snapshot = durable.saved<Snapshot>()) {
    snapshot_ = std::make_shared<const Snapshot>(*snapshot);
    base = snapshot->last;
    load(*snapshot);
  }
  SharedLog<Entry> entries = durable.log<Entry>();
  const Index from = entries.first_index();
  log_ = Log({from - 1, from - 1 == base.index ? base.term : 0}, std::move(entries));
  if (from <= base.index) cut_log(ctx, base);  // the snapshot was saved, and the log not yet cut
  for (Index i = log_.first_index(); i <= log_.last_index(); ++i) {
    if (log_[i].kind == EntryKind::kConfiguration) adopt_configuration(i, log_[i].configuration);
  }
  if (const auto* end = durable.saved<LogEnd>()) {
    const LogPosition known = recovered_end(*end);
    if (!is_at_least_as_up_to_date(log_.last(), known)) lost_end_ = known;
  }
  const SharedLog<SnapshotPart> parts = durable.log<SnapshotPart>();
  for (Index i = parts.first_index(); i <= parts.last_index(); ++i) {
    partial_ = parts[i].last;
    partial_records_.insert(partial_records_.end(), parts[i].records.begin(),
                            parts[i].records.end());
  }
}

/// All servers: a higher term makes a follower.
void Server::step_down(Context& ctx, Term term) {
  current_term_ = term;
  voted_for_ = kNobody;
  leader_ = kNobody;
  persist(ctx);
  become_follower(ctx);
}

void Server::become_follower(Context& ctx) {
  if (is_leader()) {
    ctx.cancel(heartbeat_timer_);
    ctx.cancel(batch_timer_);
    ctx.cancel(transfer_timer_);
    dismiss_clients(ctx);
    leader_ = kNobody;
    restart_election_timer(ctx);
  }
  voted_for_ = vote_after_step_down();
  role_ = Role::kFollower;
}

void Server::become_leader(Context& ctx) {
  role_ = Role::kLeader;
  leader_ = self_;
  ctx.cancel(election_timer_);
  ctx.count("leaders");
  leader_since_ = quorum_heard_at_ = ctx.now();
  opening_stamp_ =
      log_.last_index() > log_.base().index ? log_[log_.last_index()].stamp : applied_stamp_;
  opening_index_ = log_.last_index() + 1;
  progress_.assign(progress_.size(), Progress{.next = opening_index_});
  synced_index_ = 0;
  unsynced_since_.reset();
  round_ = confirmed_round_ = 0;
  open_rounds_.clear();
  transfer_to_ = kNobody;
  lease_forfeited_ = false;
  newcomer_.reset();
  // The no-op commits what earlier terms left behind (section 6.4).
  append_as_leader(ctx, new_entry(ctx, EntryKind::kNoOp));
  on(ctx, HeartbeatTimeout{});
}

void Server::restart_election_timer(Context& ctx) {
  Duration timeout = ctx.rng().between(parameters_.election_timeout);
  if (ctx.maybe(fault_points::kLongTimeout)) timeout = timeout * 3;
  const bool stands = role_ != Role::kFollower;
  if (stands && ctx.maybe(fault_points::kShortTimeout)) timeout = timeout / 10;
  ctx.restart(election_timer_, timeout, ElectionTimeout{});
}

}  // namespace seedbed::raft
