#include "protocols/synod/replica.h"

#include <algorithm>
#include <bit>

#include "protocols/synod/fault_points.h"

namespace seedbed::synod {

std::string brief_text(const Round& round) {
  if (round == kNone) return "-";
  return round == kFast ? "fast" : fmt::format("{}.{}", round.number, to_text(round.node));
}

std::string brief_text(const Decree& decree) {
  if (decree.kind == DecreeKind::kNoOp) return "no-op";
  if (decree.kind == DecreeKind::kMembers) {
    std::string text = "members";
    for (const NodeId n : ServerSet(decree.members)) text += " " + to_text(n);
    return text;
  }
  return fmt::format("{} {}", brief_text(decree.request.id), brief_text(decree.request.command));
}

std::string_view complaint(const Parameters& p) {
  if (p.heartbeat >= p.election_timeout.min) {
    return "heartbeat must be shorter than the shortest election_timeout, or "
           "there are always "
           "several proposers";
  }
  return "";
}

/// An acceptor that forgets is no acceptor: who finds that its disk has lost
/// something stops.
void Replica::start(Context& ctx, const Recovered& durable) {
  self_ = ctx.self();
  configurations_ = {{0, ServerSet::first(ctx.initial_servers())}};
  const auto* end = durable.saved<JournalEnd>();
  const bool shorter = end != nullptr && durable.log<Ballot>().last_index() < end->end;
  if (durable.damaged() || shorter) return ctx.halt();
  recover(durable);
  if (configurations_[0].members.contains(self_) || !journal_.empty()) join(ctx);
}

void Replica::recover(const Recovered& durable) {
  log_ = durable.log<Decree>();
  for (Slot slot = 1; slot <= log_.last_index(); ++slot) {
    if (log_[slot].kind == DecreeKind::kCommand) store_.apply(log_[slot].request);
    if (log_[slot].kind == DecreeKind::kMembers) {
      change_members(slot, ServerSet(log_[slot].members));
    }
  }
  journal_ = durable.log<Ballot>();
  for (auto i = journal_.first_index(); i <= journal_.last_index(); ++i) {
    const Ballot& known = journal_[i];
    if (known.slot <= chosen()) continue;
    Ballot& ballot = instances_[known.slot].ballot;
    ballot = known;
    ballot.promised = recover_promise(known);
  }
}

Slot Replica::last_slot() const {
  return instances_.empty() ? chosen() : (instances_.end() - 1)->first;
}

// --- the distinguished proposer (section 2.4): safe whoever takes itself for
// it

void Replica::restart_election_timer(Context& ctx) {
  ctx.cancel(election_timer_);
  Duration timeout = ctx.rng().between(parameters_.election_timeout);
  if (ctx.maybe(fault_points::kLongTimeout)) timeout = timeout * 3;
  if (leader_ == kNobody && ctx.maybe(fault_points::kShortTimeout)) timeout = timeout / 10;
  election_timer_ = ctx.after(timeout, ElectionTimeout{});
}

void Replica::on(Context& ctx, const ElectionTimeout&) {
  if (role_ != Role::kFollower) return;
  if (!members_of(chosen() + 1).contains(self_)) return restart_election_timer(ctx);
  role_ = Role::kLeader;
  leader_ = self_;
  ++leads_;
  ctx.cancel(election_timer_);
  ctx.count("leaders");
  send_all(ctx, others(), Alive{chosen()});
}

/// Of two the one with the lower id goes on.
void Replica::on(Context& ctx, const Envelope& from, const Alive& m) {
  const NodeId other = from.from.node;
  join(ctx);
  if (m.chosen > chosen()) ctx.reply(from, Learn{chosen() + 1});
  if (m.chosen < chosen()) tell(ctx, from.from, m.chosen + 1);
  if (role_ == Role::kLeader && other > self_) return;
  role_ = Role::kFollower;
  leader_ = other;
  restart_election_timer(ctx);
}

void Replica::on(Context& ctx, const HeartbeatTimeout&) {
  const bool early = ctx.maybe(fault_points::kEarlyHeartbeat);
  ctx.after(parameters_.heartbeat / (early ? 4 : 1), HeartbeatTimeout{});
  if (role_ == Role::kLeader && !members_of(chosen() + 1).contains(self_)) {
    role_ = Role::kFollower;
    leader_ = kNobody;
    restart_election_timer(ctx);
  }
  if (role_ == Role::kLeader) send_all(ctx, others(), Alive{chosen()});
  try_again(ctx);
}

/// After 1, 2, 4, 8, 16, and then every 16 heartbeats: a slow link must not
/// fill up with what it is slow to carry.
static bool is_time_to_repeat(std::uint32_t& beats) {
  return std::has_single_bit(++beats) || beats % 16 == 0;
}

/// What was lost, or has lost its slot to something else; a few at a time,
/// those first that others wait for.
void Replica::try_again(Context& ctx) {
  constexpr std::uint32_t kMost = 8;
  if (role_ == Role::kLeader) {
    const Slot last = std::min(last_slot(), chosen() + kMost);
    for (Slot slot = chosen() + 1; slot <= last; ++slot) {
      if (is_time_to_repeat(instances_[slot].beats)) repeat(ctx, slot);
    }
  }
  std::vector<kv::Request> requests;
  for (std::size_t i = 0; i < std::min<std::size_t>(waiting_.size(), kMost); ++i) {
    if (is_time_to_repeat(waiting_[i].beats)) requests.push_back(waiting_[i].request);
  }
  for (const kv::Request& request : requests) propose(ctx, request);
}

// --- the clients

/// Every operation is decided in a slot, reads too. In a fast round everybody
/// may propose.
void Replica::on(Context& ctx, const Envelope& from, const kv::Request& m) {
  const bool may_propose = role_ == Role::kLeader || (role_ == Role::kFollower && parameters_.fast);
  if (!may_propose) {
    const NodeId hint = ctx.maybe(fault_points::kNoHint) ? kNobody : leader_;
    return ctx.reply(from, kv::Reply{m.id, kv::Outcome::kRedirected, kv::kNil, hint});
  }
  asked_ = m;
  if (const auto known = store_.answer_to(m)) return ctx.reply(from, *known);
  if (find_waiting(m.id) != nullptr) return;
  waiting_.push_back({m, from.from});
  if (!ctx.maybe(fault_points::kNoFirstTry)) propose(ctx, m);
}

Replica::Waiting* Replica::find_waiting(const kv::RequestId& id) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Waiting& w) { return w.request.id == id; });
  return found == waiting_.end() ? nullptr : &*found;
}

/// Unless it is being proposed.
void Replica::propose(Context& ctx, const kv::Request& request) {
  if (parameters_.fast) return propose_fast(ctx, request);
  if (role_ != Role::kLeader) return;
  const Decree wish{DecreeKind::kCommand, request};
  for (const auto& [slot, instance] : instances_) {
    if (instance.wish == wish && !instance.chosen) return;
  }
  const Slot slot = last_slot() + 1;
  if (!may_begin(slot)) return;
  instances_[slot].wish = wish;
  prepare(ctx, slot);
}

}  // namespace seedbed::synod
