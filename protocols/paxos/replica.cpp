#include "protocols/paxos/replica.h"

#include <algorithm>

#include "protocols/paxos/fault_points.h"

namespace seedbed::paxos {

std::string brief_text(const Ballot& ballot) {
  return ballot == Ballot{} ? "-" : fmt::format("{}.{}", ballot.round, to_text(ballot.node));
}

std::string brief_text(const Proposal& proposal) {
  const std::string at = fmt::format("{}@{}", proposal.slot, brief_text(proposal.ballot));
  if (proposal.decree.kind == DecreeKind::kNoOp) return at + " no-op";
  if (proposal.decree.kind == DecreeKind::kMembers) {
    std::string text = at + " members";
    for (const NodeId n : members_of(proposal.decree)) text += " " + to_text(n);
    return text;
  }
  const kv::Request& request = proposal.decree.request;
  return fmt::format("{} {} {}", at, brief_text(request.id), brief_text(request.command));
}

std::string_view complaint(const Parameters& p, std::uint32_t replicas) {
  if (p.heartbeat >= p.election_timeout.min) {
    return "heartbeat must be shorter than the shortest election_timeout, or followers try to lead "
           "while their leader lives";
  }
  if (p.phase1_quorum > replicas || p.phase2_quorum > replicas) {
    return "a quorum must not be larger than the group (nodes)";
  }
  if (!Quorums::of(p, replicas).intersect(replicas)) {
    return "phase1_quorum and phase2_quorum together must be more than the nodes, or a new leader "
           "misses what was chosen (Howard et al. 2016); leave one of them out and it follows";
  }
  if (p.alpha > 0 && p.phase1_quorum > 0 && p.phase2_quorum > 0) {
    return "with alpha the members change, and quorums must meet in groups of every size: leave "
           "phase1_quorum or phase2_quorum out and it follows";
  }
  return "";
}

void Replica::start(Context& ctx, const Recovered& durable) {
  self_ = ctx.self();
  configurations_ = {{1, ServerSet::first(ctx.initial_servers())}};
  if (refuses_to_start(durable)) return ctx.halt();
  recover(durable);
  if (members_from_now().contains(self_)) join(ctx, durable);
}

bool Replica::refuses_to_start(const Recovered& durable) const {
  if (durable.damaged()) return true;
  const auto* state = durable.saved<AcceptorState>();
  return state != nullptr && durable.log<Proposal>().last_index() < state->journal_end;
}

/// What was chosen is known only as far as the snapshot goes: the rest is learned again.
void Replica::recover(const Recovered& durable) {
  if (const auto* checkpoint = durable.saved<Checkpoint>()) {
    configurations_ = checkpoint->configurations;
    load(std::make_shared<const Snapshot>(checkpoint->snapshot));
  } else if (const auto* snapshot = durable.saved<Snapshot>()) {
    load(std::make_shared<const Snapshot>(*snapshot));
  }
  if (const auto* state = durable.saved<AcceptorState>()) promised_ = recover_promise(*state);
  journal_ = durable.log<Proposal>();
  for (auto i = journal_.first_index(); i <= journal_.last_index(); ++i) {
    if (journal_[i].slot > chosen_) accepted_.at(journal_[i].slot) = i;
    // A crash may have come between an acceptance and the promise that it implies.
    promised_ = std::max(promised_, journal_[i].ballot);
  }
}

// --- whose disk has a vote

/// A replica begins to vote when each of the others has written down which disk it has. One that
/// comes back with another disk is known by that: it learns, and votes no more.
/// Who came later asks a majority: any that knew it with another disk says so.
bool Replica::may_vote() const {
  if (!has_changed()) return greeted_ == others();
  return (greeted_ & others()).size() * 2 > others().size() || others().empty();
}

void Replica::join(Context& ctx, const Recovered& durable) {
  if (const auto* roster = durable.saved<Roster>()) roster_ = *roster;
  roster_.disks.resize(std::max<std::size_t>(roster_.disks.size(), ctx.initial_servers() + 1));
  if (const auto* disk = durable.saved<DiskId>()) disk_ = *disk;
  if (disk_.id == 0) {
    disk_.id = ctx.rng().next() | 1;
    ctx.save(disk_);
  }
  if (disk_.votes) return become_follower(ctx);
  on(ctx, HelloTimeout{});
}

void Replica::on(Context& ctx, const HelloTimeout&) {
  if (disk_.votes || replaced_) return;
  if (may_vote()) {
    disk_.votes = true;
    ctx.save(disk_);
    return become_follower(ctx);
  }
  tell_others(ctx, Hello{disk_.id});
  ctx.after(parameters_.heartbeat, HelloTimeout{});
}

void Replica::on(Context& ctx, const Envelope& from, const Hello& m) {
  const ServerSet members = members_from_now();
  if (!members.contains(self_) || !members.contains(from.from.node)) return;
  if (roster_.disks.size() <= from.from.node.value) roster_.disks.resize(from.from.node.value + 1);
  std::uint64_t& known = roster_.disks[from.from.node.value];
  if (known == 0) {
    known = m.disk;
    ctx.save(roster_);
  }
  ctx.reply(from, HelloReply{known});
}

void Replica::on(Context& ctx, const Envelope& from, const HelloReply& m) {
  if (disk_.votes) return;
  if (m.disk != disk_.id) {
    replaced_ = true;
    return;
  }
  greeted_.insert(from.from.node);
  if (may_vote()) on(ctx, HelloTimeout{});
}

// --- roles and clients

void Replica::become_follower(Context& ctx) {
  if (is_leader()) {
    ctx.cancel(heartbeat_timer_);
    dismiss_clients(ctx);
    log_.truncate(chosen_ + 1);
    accepted_by_ = SlotWindow<ServerSet>();
    leader_ = kNobody;
  }
  role_ = Role::kFollower;
  restart_election_timer(ctx);
}

void Replica::restart_election_timer(Context& ctx) {
  ctx.cancel(election_timer_);
  Duration timeout = ctx.rng().between(parameters_.election_timeout);
  if (ctx.maybe(fault_points::kLongTimeout)) timeout = timeout * 3;
  const bool rival = is_candidate() || leader_ == kNobody;
  if (rival && ctx.maybe(fault_points::kShortTimeout)) timeout = timeout / 10;
  election_timer_ = ctx.after(timeout, ElectionTimeout{});
}

/// Every operation goes through the log, reads too: a leader cannot know that it still is one.
void Replica::on(Context& ctx, const Envelope& from, const kv::Request& m) {
  if (!is_leader()) {
    const NodeId hint = ctx.maybe(fault_points::kNoHint) ? kNobody : leader_;
    return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected, kv::kNil, hint});
  }
  asked_ = m;
  if (const auto known = store_.answer_to(m)) return ctx.reply(from, *known);
  if (!may_take_requests()) return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected});
  propose(ctx, {DecreeKind::kCommand, m});
  const Slot slot = log_.last_index();
  waiting_.push({slot, from.from});
  if (!ctx.maybe(fault_points::kNoFirstTry)) send_accepts(ctx, others(), slot, slot);
}

/// A deposed leader cannot say what becomes of what it proposed.
void Replica::dismiss_clients(Context& ctx) {
  while (!waiting_.empty()) {
    const auto [slot, client] = waiting_.pop();
    ctx.send(client, kv::Reply{log_[slot].decree.request.id, kv::Outcome::kUnknown});
  }
}

}  // namespace seedbed::paxos
