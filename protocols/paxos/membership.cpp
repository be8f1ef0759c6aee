// Whose acceptances count for a slot ("Paxos Made Simple", section 3): the members are part of the
// state that the log makes, and a change that is chosen in slot i is in force from slot i + alpha
// on. So nobody proposes further than alpha slots beyond what it knows to be chosen, and whoever
// proposes knows the members of its slot.
#include <algorithm>

#include "protocols/paxos/replica.h"

namespace seedbed::paxos {

ServerSet Replica::members_of(Slot slot) const {
  auto last = configurations_.end() - 1;
  while (last->first > slot) --last;
  return last->members;
}

Quorums Replica::quorums_of(Slot slot) const {
  return Quorums::of(parameters_, static_cast<std::uint32_t>(members_of(slot).size()));
}

/// All whose acceptance counts for some slot that is not known to be chosen.
ServerSet Replica::members_from_now() const {
  ServerSet all = members_of(chosen_ + 1);
  for (const Configuration& c : configurations_) {
    if (c.first > chosen_ + 1) all = all | c.members;
  }
  return all;
}

bool Replica::has_promises_of(const ServerSet& members) const {
  const auto size = static_cast<std::uint32_t>(members.size());
  return (promises_ & members).size() >= Quorums::of(parameters_, size).phase1;
}

/// Section 2.2: a phase 1 quorum of whoever may accept from now on.
bool Replica::has_phase1_quorum() const {
  if (!has_promises_of(members_of(chosen_ + 1))) return false;
  return std::all_of(configurations_.begin(), configurations_.end(), [&](const Configuration& c) {
    return c.first <= chosen_ + 1 || has_promises_of(c.members);
  });
}

/// Of a slot whose members have come since it leads, a leader asks these for promises first.
bool Replica::may_propose(Slot slot) const {
  if (parameters_.alpha == 0) return true;
  return slot <= chosen_ + parameters_.alpha && has_promises_of(members_of(slot));
}

/// A change was executed: who is a member by it begins to be one.
void Replica::change_members(Context& ctx, Slot decided, ServerSet members) {
  if (configurations_.back().first >= decided + parameters_.alpha) return;  // told by a snapshot
  configurations_.push_back({takes_effect(decided), members});
  if (members.contains(self_) && !has_begun()) join(ctx, ctx.durable());
}

/// One that begins after others were removed must not need them: who was chosen, and when a change
/// has come into force, is on the disk with all that was executed before.
void Replica::settle_members(Context& ctx, const Decree& executed) {
  const bool comes_into_force =
      configurations_.size() > 1 && configurations_.back().first == chosen_ + 1;
  if (executed.kind == DecreeKind::kMembers || comes_into_force) snapshot_soon(ctx);
  if (!members_from_now().contains(self_)) {
    if (is_leader() || is_candidate()) become_follower(ctx);
    ctx.cancel(election_timer_);
  } else if (comes_into_force && role_ == Role::kFollower) {
    restart_election_timer(ctx);
  }
}

/// One change at a time, or the next one would be made of members that are not chosen yet.
void Replica::on(Context& ctx, const ChangeMembers& m) {
  bool changing = configurations_.back().first > chosen_ + 1;
  for (Slot slot = chosen_ + 1; slot <= log_.last_index(); ++slot) {
    changing |= log_[slot].decree.kind == DecreeKind::kMembers;
  }
  const ServerSet now = configurations_.back().members;
  const ServerSet named(m.members);
  ServerSet next = named;
  if (m.kind == ChangeKind::kAdd) next = now | named;
  if (m.kind == ChangeKind::kRemove) next = now - named;
  const bool possible = is_leader() && parameters_.alpha > 0 && may_take_requests();
  if (!possible || changing || next == now || next.empty()) return ctx.count("changes_refused");
  ctx.count("changes");
  propose(ctx, members_decree(next));
  send_accepts(ctx, others(), log_.last_index(), log_.last_index());
}

/// Promises of those who have come since; and a change comes into force whether clients ask for
/// anything or not.
void Replica::push_change(Context& ctx) {
  if (!has_phase1_quorum()) {
    for (const NodeId n : others() - promises_) ctx.send(n, Prepare{ballot_, chosen_ + 1});
  }
  const Slot first = configurations_.back().first;
  if (first <= chosen_ + 1 || log_.last_index() > chosen_) return;
  while (log_.last_index() + 1 < first && may_take_requests()) propose(ctx, {});
}

/// Who was removed and does not know it would try to lead for ever: it is told, and not followed.
/// Perhaps it is we who do not know that it is a member: so we ask, too.
bool Replica::turns_away(Context& ctx, const Envelope& from, const Prepare& m) {
  if (members_from_now().contains(from.from.node)) return false;
  on(ctx, from, Learn{m.first});
  if (m.first > chosen_ + 1) ctx.reply(from, Learn{chosen_ + 1});
  return true;
}

}  // namespace seedbed::paxos
