// Learners ("Paxos Made Simple", section 2.3): slots are decided in any order,
// and executed in theirs.
#include <algorithm>

#include "protocols/synod/replica.h"

namespace seedbed::synod {

void Replica::decide(Context& ctx, Slot slot, const Decree& decree) {
  if (slot <= chosen()) return;
  instances_[slot].chosen = decree;
  std::vector<kv::Request> lost;  // requests whose slot went to another one
  while (!instances_.empty() && instances_.begin()->first == chosen() + 1) {
    const Instance& next = instances_.begin()->second;
    if (!next.chosen) break;
    const Decree chosen_decree = *next.chosen;
    const Decree ours = next.wish ? *next.wish : next.ballot.decree;
    const bool wanted = next.wish || next.ballot.voted != kNone;
    const bool command = ours.kind == DecreeKind::kCommand;
    if (wanted && command && ours != chosen_decree) lost.push_back(ours.request);
    instances_.erase(instances_.begin());
    log_.append(chosen_decree);
    ctx.append(log_, chosen());
    execute(ctx, chosen(), chosen_decree);
  }
  for (const kv::Request& request : lost) {
    if (find_waiting(request.id) != nullptr) propose(ctx, request);
  }
}

void Replica::execute(Context& ctx, Slot slot, const Decree& decree) {
  if (decree.kind == DecreeKind::kMembers) change_members(slot, ServerSet(decree.members));
  if (decree.kind != DecreeKind::kCommand) return;
  const auto reply = store_.apply(decree.request);
  const Waiting* waiting = find_waiting(decree.request.id);
  if (waiting == nullptr) return;
  if (reply) ctx.send_unsynced(waiting->client, *reply);
  waiting_.erase(waiting_.begin() + (waiting - waiting_.data()));
}

/// What it has of the slots from `first` on, as much as a message should take.
void Replica::tell(Context& ctx, Address to, Slot first) {
  constexpr Slot kMost = 64;
  Chosen m{.first = first, .decrees = {}};
  for (Slot slot = first; slot <= std::min(chosen(), first + kMost - 1); ++slot) {
    m.decrees.push_back(log_[slot]);
  }
  if (!m.decrees.empty()) ctx.send_unsynced(to, std::move(m));
}

void Replica::on(Context& ctx, const Envelope& from, const Learn& m) {
  if (m.first > 0) tell(ctx, from.from, m.first);
}

void Replica::on(Context& ctx, const Envelope& from, const Chosen& m) {
  join(ctx);
  const Slot before = chosen();
  for (std::size_t i = 0; i < m.decrees.size(); ++i) decide(ctx, m.first + i, m.decrees[i]);
  const bool more = m.decrees.size() > 1 && chosen() > before;
  if (more) ctx.reply(from, Learn{chosen() + 1});
}

}  // namespace seedbed::synod
