#include "protocols/three_phase_commit/terminator.h"

#include <algorithm>

#include "protocols/two_phase_commit/site.h"

namespace seedbed::three_phase_commit {

void Site::configure(const Parameters& parameters) {
  tpc::Parameters common;
  common.coordinators = parameters.coordinators;
  common.vote_timeout = parameters.vote_timeout;
  common.inquiry_timeout = parameters.termination_timeout;
  Participant::configure(common);
  Coordinator::configure(common);
}

void Site::start(Context& ctx, const Recovered& durable) {
  if (durable.damaged()) return ctx.halt();
  life_ = tpc::next_life(ctx, durable);
  start_coordinator(ctx, durable.log<tpc::Record>(), life_);
  start_participant(ctx, durable.log<tpc::Record>(), life_);
}

// --- the coordinator

/// Phase 2: everybody hears that all have voted yes, before anybody may commit.
void Site::all_agree(Context& ctx, const TxnId& txn) {
  Global& global = *Coordinator::find(txn);
  if (!precommits()) return decide(ctx, txn, true);
  global.state = State::kPrecommitting;
  Coordinator::restart_timer(
      ctx, global, ctx.after(Coordinator::parameters().vote_timeout, tpc::VoteTimeout{txn}));
  for (Part& part : global.parts) {
    part.acked = false;
    ctx.send(part.node, PreCommit{txn});
  }
}

void Site::on(Context& ctx, const Envelope& from, const PreCommitAck& m) {
  Global* global = Coordinator::find(m.txn);
  if (global == nullptr || global->state != State::kPrecommitting) return;
  if (Part* part = part_of(*global, from.from.node)) part->acked = true;
  const bool all = std::all_of(global->parts.begin(), global->parts.end(),
                               [](const Part& p) { return p.acked; });
  if (all) decide(ctx, m.txn, true);
}

/// Phase 3: who has not acknowledged has crashed, and finds out when it is back.
void Site::on(Context& ctx, const tpc::VoteTimeout& m) {
  const Global* global = Coordinator::find(m.txn);
  const bool precommitting = global != nullptr && global->state == State::kPrecommitting;
  if (precommitting) return decide(ctx, m.txn, true);
  Coordinator::on(ctx, m);
}

/// What it does not know the participants have decided without it.
void Site::answer(Context& ctx, const Envelope& from, const tpc::Inquiry& m) {
  if (Coordinator::find(m.txn) != nullptr) Coordinator::answer(ctx, from, m);
}

// --- the participants

void Site::on(Context& ctx, const Envelope& from, const PreCommit& m) {
  Local* local = Participant::find(m.txn);
  if (local == nullptr) return;
  if (local->phase == Phase::kPrepared) {
    Participant::force(ctx, {tpc::RecordKind::kPrecommitted, m.txn, false, {}, {}});
    set_phase(*local, Phase::kPrecommitted);
    const Duration patience = Participant::parameters().inquiry_timeout;
    Participant::restart_timer(ctx, m.txn, *local, patience);
  }
  if (local->phase != Phase::kAborted) ctx.reply(from, PreCommitAck{m.txn});
}

/// The termination protocol (section 7.5): ask all, and decide by what those say who answer before
/// the next timeout.
void Site::when_in_doubt(Context& ctx, const TxnId& txn, Local& local) {
  const auto asked = polls_.find(txn);
  if (asked == polls_.end()) return poll(ctx, txn, local);
  const Replies replies = std::move(asked->second);
  polls_.erase(asked);
  terminate(ctx, txn, local, replies);
}

void Site::poll(Context& ctx, const TxnId& txn, const Local& local) {
  ctx.count("terminations");
  polls_[txn] = {};
  ctx.send(txn.coordinator, tpc::Inquiry{txn, local.participants});
  for (const NodeId peer : local.participants) {
    if (peer != ctx.self()) ctx.send(peer, StateRequest{txn});
  }
}

/// Who has not voted aborts; who does not know the transaction has crashed before it voted.
void Site::on(Context& ctx, const Envelope& from, const StateRequest& m) {
  const Local* local = Participant::find(m.txn);
  if (local != nullptr && local->phase == Phase::kWorking) finish(ctx, m.txn, false);
  const Phase phase = local == nullptr ? Phase::kAborted : local->phase;
  ctx.reply(from, StateReply{m.txn, phase, local != nullptr && local->recovered});
}

void Site::on(Context&, const Envelope& from, const StateReply& m) {
  const auto asked = polls_.find(m.txn);
  if (asked != polls_.end()) asked->second[from.from.node] = m;
}

void Site::terminate(Context& ctx, const TxnId& txn, const Local& local, const Replies& replies) {
  for (const auto& [peer, reply] : replies) {
    const bool committed = reply.phase == Phase::kCommitted;
    if (committed || reply.phase == Phase::kAborted) return end(ctx, txn, committed);
  }
  // Who was away does not know what the others have decided meanwhile.
  if (local.recovered) return poll(ctx, txn, local);
  bool anybody = local.phase == Phase::kPrecommitted;
  bool everybody = anybody;
  for (const auto& [peer, reply] : replies) {
    if (reply.recovered) continue;
    anybody |= reply.phase == Phase::kPrecommitted;
    everybody &= reply.phase == Phase::kPrecommitted;
  }
  if (!anybody) return end(ctx, txn, false);
  if (everybody) return end(ctx, txn, true);
  for (const auto& [peer, reply] : replies) ctx.send(peer, PreCommit{txn});
  if (local.phase == Phase::kPrepared) ctx.send(ctx.self(), PreCommit{txn});
  poll(ctx, txn, local);
}

void Site::end(Context& ctx, const TxnId& txn, bool commit) {
  const std::vector<NodeId> participants = Participant::find(txn)->participants;
  finish(ctx, txn, commit);
  for (const NodeId peer : participants) {
    if (peer != ctx.self()) ctx.send(peer, tpc::Decision{txn, commit});
  }
}

}  // namespace seedbed::three_phase_commit
