// Which acceptors an instance has ("Paxos Made Simple", section 3): those that
// were decided alpha slots before. A proposer that knows what is chosen up to a
// slot may begin alpha instances beyond it, for of those it knows the members.
#include <algorithm>

#include "protocols/synod/replica.h"

namespace seedbed::synod {

ServerSet Replica::members_of(Slot slot) const {
  auto last = configurations_.end() - 1;
  while (last->first > slot) --last;
  return last->members;
}

/// All that are members from now on, or will be.
ServerSet Replica::others() const {
  ServerSet all = members_of(chosen() + 1);
  for (const Configuration& c : configurations_) {
    if (c.first > chosen() + 1) all = all | c.members;
  }
  return all - ServerSet{self_.value};
}

void Replica::change_members(Slot decided, ServerSet members) {
  configurations_.push_back({takes_effect(decided), members});
}

/// Somebody takes us for a member. Messages go to those only.
void Replica::join(Context& ctx) {
  if (role_ != Role::kObserver) return;
  role_ = Role::kFollower;
  restart_election_timer(ctx);
  ctx.after(parameters_.heartbeat, HeartbeatTimeout{});
}

/// One change at a time, or the next one would be made of members that nobody
/// has decided yet.
void Replica::on(Context& ctx, const ChangeMembers& m) {
  const auto is_change = [](const auto& item) {
    const auto& wish = item.second.wish;
    return wish && wish->kind == DecreeKind::kMembers;
  };
  const bool changing = configurations_.back().first > chosen() + 1 ||
                        std::any_of(instances_.begin(), instances_.end(), is_change);
  const ServerSet now = configurations_.back().members;
  const ServerSet named(m.members);
  ServerSet next = named;
  if (m.kind == ChangeKind::kAdd) next = now | named;
  if (m.kind == ChangeKind::kRemove) next = now - named;
  const Slot slot = last_slot() + 1;
  const bool possible = role_ == Role::kLeader && parameters_.alpha > 0 && may_begin(slot);
  if (!possible || changing || next == now || next.empty()) return ctx.count("changes_refused");
  ctx.count("changes");
  instances_[slot].wish = Decree{DecreeKind::kMembers, {}, next.bits};
  prepare(ctx, slot);
}

}  // namespace seedbed::synod
