// What is chosen is executed, in the order of the slots; who lags behind asks; what everybody has
// executed for long is a snapshot ("Paxos Made Live", section 5.5).
#include <algorithm>
#include <utility>

#include "protocols/paxos/fault_points.h"
#include "protocols/paxos/replica.h"

namespace seedbed::paxos {

/// A leader says how far it knows what is chosen. In its own ballot it proposes one decree a slot:
/// if that is what we have accepted, it is the one.
void Replica::learn_from_journal(Context& ctx, const Accept& m) {
  while (chosen_ < m.chosen) {
    const auto place = accepted_.get(chosen_ + 1);
    if (place == 0 || !is_the_chosen(journal_[place], m.ballot)) return;
    log_.append(journal_, place);
    decided_next(ctx);
  }
}

void Replica::on(Context& ctx, const Envelope& from, const Learn& m) {
  if (m.first > chosen_) return;
  if (m.first <= snapshot_slot()) {
    if (has_changed()) ctx.send_unsynced(from.from, Checkpoint{*snapshot_, configurations_});
    if (!has_changed()) ctx.send_unsynced(from.from, Snapshot(*snapshot_));
    return;
  }
  std::uint64_t count = std::min<std::uint64_t>(chosen_ + 1 - m.first, parameters_.max_entries);
  if (ctx.maybe(fault_points::kOneEntry)) count = 1;
  ctx.send_unsynced(from.from, Chosen{chosen_, log_.slice(m.first, count)});
}

void Replica::on(Context& ctx, const Envelope& from, const Chosen& m) {
  if (is_leader()) return;
  const Slot before = chosen_;
  for (std::size_t i = 0; i < m.proposals.size(); ++i) {
    if (m.proposals[i].slot != chosen_ + 1) continue;
    log_.append(m.proposals, i);
    decided_next(ctx);
  }
  if (chosen_ > before && chosen_ < m.chosen) ctx.reply(from, Learn{chosen_ + 1});
  try_to_lead(ctx);
}

/// log_ holds what was chosen for the next slot.
void Replica::decided_next(Context& ctx) {
  ++chosen_;
  accepted_.drop_up_to(chosen_);
  const Decree decree = parameters_.alpha > 0 ? log_[chosen_].decree : Decree{};
  execute(ctx, log_[chosen_]);
  if (parameters_.alpha > 0) settle_members(ctx, decree);
  if (is_leader() && parameters_.alpha > 0) propose_reported(ctx);
  const bool due =
      parameters_.snapshot_entries > 0 && chosen_ - snapshot_slot() >= parameters_.snapshot_entries;
  if (due || ctx.maybe(fault_points::kSnapshotAtOnce)) snapshot_soon(ctx);
}

void Replica::snapshot_soon(Context& ctx) {
  if (!std::exchange(snapshot_due_, true)) ctx.after({}, TakeSnapshot{});
}

void Replica::execute(Context& ctx, const Proposal& proposal) {
  std::optional<kv::Reply> reply;
  if (proposal.decree.kind == DecreeKind::kMembers) {
    change_members(ctx, proposal.slot, paxos::members_of(proposal.decree));
  }
  if (proposal.decree.kind == DecreeKind::kCommand) reply = store_.apply(proposal.decree.request);
  if (waiting_.empty() || waiting_.front().slot != proposal.slot) return;
  const Address client = waiting_.pop().client;
  // Durable on a quorum, whatever our own disk is still writing.
  if (reply) ctx.send_unsynced(client, *reply);
}

// --- snapshots

void Replica::on(Context& ctx, const TakeSnapshot&) {
  snapshot_due_ = false;
  if (chosen_ <= snapshot_slot()) return;
  snapshot_ = std::make_shared<const Snapshot>(Snapshot{chosen_, store_.image()});
  ctx.count("snapshots");
  forget_up_to_snapshot(ctx);
}

void Replica::on(Context& ctx, const Envelope& from, const Snapshot& m) { install(ctx, from, m); }

/// The members that its sender knows of are those up to its slot, and perhaps the next.
void Replica::on(Context& ctx, const Envelope& from, const Checkpoint& m) {
  if (is_leader() || m.snapshot.slot <= chosen_) return;
  configurations_ = m.configurations;
  install(ctx, from, m.snapshot);
  if (!has_begun() && members_from_now().contains(self_)) join(ctx, ctx.durable());
}

void Replica::install(Context& ctx, const Envelope& from, const Snapshot& m) {
  if (is_leader() || m.slot <= chosen_) return;
  load(std::make_shared<const Snapshot>(m));
  ctx.count("snapshots_installed");
  forget_up_to_snapshot(ctx);
  ctx.reply(from, Learn{chosen_ + 1});
  try_to_lead(ctx);
}

void Replica::load(std::shared_ptr<const Snapshot> snapshot) {
  snapshot_ = std::move(snapshot);
  store_ = kv::Store(snapshot_->records);
  chosen_ = snapshot_->slot;
  log_.compact(chosen_);
  accepted_.drop_up_to(chosen_);
}

/// The snapshot is written first: a crash in between has lost nothing. What was accepted out of
/// order stays in the journal until what stands before it may go.
void Replica::forget_up_to_snapshot(Context& ctx) {
  if (has_changed()) ctx.save(Checkpoint{*snapshot_, configurations_});
  if (!has_changed()) ctx.save(Snapshot(*snapshot_));
  log_.compact(snapshot_->slot);
  auto end = journal_.first_index();
  while (end <= journal_.last_index() && journal_[end].slot <= snapshot_->slot) ++end;
  if (end == journal_.first_index()) return;
  ctx.compact<Proposal>(end - 1);
  journal_.compact(end - 1);
}

}  // namespace seedbed::paxos
