#include "protocols/two_phase_commit/participant.h"

#include <fmt/format.h>

#include <algorithm>

#include "protocols/two_phase_commit/fault_points.h"
#include "sim/base/text.h"

namespace seedbed::two_phase_commit {

std::string brief_text(const TxnId& txn) {
  return fmt::format("{}@{}", to_text(txn.coordinator), to_text(txn.age - Time{}));
}

// --- the disk

/// What was prepared and has no end is in doubt; its keys are locked again before anybody asks.
void Participant::start_participant(Context& ctx, const SharedLog<Record>& log, Life life) {
  life_ = life;
  for (auto i = log.first_index(); i <= log.last_index(); ++i) {
    const Record& record = log[i];
    if (record.kind == RecordKind::kPrepared) {
      Local& local = locals_[record.txn];
      local.phase = Phase::kPrepared;
      local.participants = record.participants;
      local.recovered = true;
      for (const Write& write : record.writes) local.written[write.key] = write.numbers;
    } else if (record.kind == RecordKind::kPrecommitted) {
      locals_[record.txn].phase = Phase::kPrecommitted;
    } else if (record.kind == RecordKind::kFinished) {
      Local& local = locals_[record.txn];
      local.phase = record.commit ? Phase::kCommitted : Phase::kAborted;
      if (!record.commit) continue;
      for (const auto& [key, numbers] : local.written) store_[key] = numbers;
    }
  }
  for (auto& [txn, local] : locals_) {
    ++changes_;
    if (local.phase != Phase::kPrepared && local.phase != Phase::kPrecommitted) continue;
    for (const auto& [key, numbers] : local.written) locks_.ask(key, txn, LockMode::kExclusive);
    restart_timer(ctx, txn, local, {});
  }
}

void Participant::force(Context& ctx, Record record) {
  ctx.count("forced_writes");
  write(ctx, std::move(record));
}

void Participant::write_lazily(Context& ctx, Record record) {
  ctx.count("lazy_writes");
  write(ctx, std::move(record));
}

// --- work

Participant::Local* Participant::find(const TxnId& txn) {
  const auto found = locals_.find(txn);
  return found == locals_.end() ? nullptr : &found->second;
}

void Participant::set_phase(Local& local, Phase phase) {
  local.phase = phase;
  ++changes_;
}

void Participant::restart_timer(Context& ctx, const TxnId& txn, Local& local, Duration wait) {
  ctx.cancel(local.timer);
  local.timer = ctx.after(wait, ParticipantTimeout{txn});
}

void Participant::on(Context& ctx, const Envelope&, const Work& m) {
  if (m.lowest_open > Time{}) forget(m.txn.coordinator, {m.txn.life, m.lowest_open});
  if (place_of(m.txn) < lowest_open_[m.txn.coordinator] || find(m.txn) != nullptr) return;
  Local& local = locals_[m.txn];
  local.operations = m.operations;
  set_phase(local, Phase::kWorking);
  restart_timer(ctx, m.txn, local, parameters_.vote_timeout * 2);
  go_on(ctx, m.txn);
}

/// What is over, and of which its coordinator will never speak again.
void Participant::forget(NodeId coordinator, Place lowest_open) {
  Place& known = lowest_open_[coordinator];
  if (lowest_open <= known) return;
  known = lowest_open;
  std::erase_if(locals_, [&](const auto& item) {
    const Phase phase = item.second.phase;
    const bool over =
        phase == Phase::kCommitted || phase == Phase::kAborted || phase == Phase::kLeft;
    return over && item.first.coordinator == coordinator && place_of(item.first) < lowest_open &&
           may_forget(item.second);
  });
}

/// As far as it has its locks.
void Participant::go_on(Context& ctx, const TxnId& txn) {
  Local* local = find(txn);
  while (local->done < local->operations.size()) {
    const tx::Operation& op = local->operations[local->done];
    const bool reads = op.function == tx::Function::kRead;
    switch (locks_.ask(op.key, txn, reads ? LockMode::kShared : LockMode::kExclusive)) {
      case LockAnswer::kGranted: do_next(*local); break;
      case LockAnswer::kWaits: return;
      case LockAnswer::kDies:
        ctx.count("deaths");
        post(ctx, txn.coordinator, Worked{txn, life_, false, {}});
        return give_up(ctx, txn, *local);
    }
  }
  post(ctx, txn.coordinator, Worked{txn, life_, true, local->reads});
}

void Participant::do_next(Local& local) {
  const tx::Operation& op = local.operations[local.done++];
  const auto mine = local.written.find(op.key);
  const auto found = store_.find(op.key);
  tx::Numbers held;
  if (mine != local.written.end()) {
    held = mine->second;
  } else if (found != store_.end()) {
    held = found->second;
  }
  if (op.function == tx::Function::kRead) {
    return local.reads.push_back(std::move(held));
  }
  local.allowed &= tx::is_allowed(op, held);
  tx::apply(op, held);
  local.written[op.key] = std::move(held);
}

/// Before it has voted, a participant may abort by itself.
void Participant::give_up(Context& ctx, const TxnId& txn, Local& local) {
  ctx.cancel(local.timer);
  set_phase(local, Phase::kAborted);
  release(ctx, txn);
}

void Participant::release(Context& ctx, const TxnId& txn) {
  for (const TxnId& woken : locks_.release(txn)) go_on(ctx, woken);
}

// --- the vote

void Participant::on(Context& ctx, const Envelope&, const Prepare& m) {
  if (place_of(m.txn) < lowest_open_[m.txn.coordinator]) return;  // late: it is over, and forgotten
  Local* local = find(m.txn);
  const bool worked = local != nullptr && local->phase == Phase::kWorking &&
                      local->done == local->operations.size() && m.life == life_;
  if (!worked) {
    const bool voted = local != nullptr && local->phase != Phase::kAborted;
    if (!voted) send_vote(ctx, m.txn, {}, Choice::kNo);
    return;
  }
  local->participants = m.participants;
  if (!local->allowed) {
    give_up(ctx, m.txn, *local);
    return send_vote(ctx, m.txn, *local, Choice::kNo);
  }
  if (parameters_.read_only && local->written.empty()) {
    ctx.cancel(local->timer);
    set_phase(*local, Phase::kLeft);
    release(ctx, m.txn);
    return send_vote(ctx, m.txn, *local, Choice::kReadOnly);
  }
  Record record{RecordKind::kPrepared, m.txn, false, m.participants, {}};
  for (const auto& [key, numbers] : local->written) record.writes.push_back({key, numbers});
  force(ctx, std::move(record));
  set_phase(*local, Phase::kPrepared);
  const bool early = ctx.maybe(fault_points::kEarlyInquiry);
  restart_timer(ctx, m.txn, *local, parameters_.inquiry_timeout / (early ? 10 : 1));
  send_vote(ctx, m.txn, *local, Choice::kYes);
  if (!keeps_locks_when_prepared()) release(ctx, m.txn);
}

void Participant::send_vote(Context& ctx, const TxnId& txn, const Local&, Choice choice) {
  post(ctx, txn.coordinator, Vote{txn, choice});
}

// --- the decision

/// It may come again, when the acknowledgement was lost, and come late to who knows by now.
void Participant::on(Context& ctx, const Envelope& from, const Decision& m) {
  finish(ctx, m.txn, m.commit);
  const bool by_coordinator = from.from.node == m.txn.coordinator;
  if (Local* local = find(m.txn); local != nullptr && by_coordinator) local->told = true;
  if (by_coordinator && acknowledges(m.commit)) post(ctx, from.from.node, Ack{m.txn});
}

void Participant::finish(Context& ctx, const TxnId& txn, bool commit) {
  Local* local = find(txn);
  if (local == nullptr) return;
  if (local->phase == Phase::kWorking && !commit) return give_up(ctx, txn, *local);
  if (local->phase != Phase::kPrepared && local->phase != Phase::kPrecommitted) return;
  Record record{RecordKind::kFinished, txn, commit, {}, {}};
  if (forces_finish(commit)) {
    force(ctx, std::move(record));
  } else {
    write_lazily(ctx, std::move(record));
  }
  if (commit) {
    for (const auto& [key, numbers] : local->written) store_[key] = numbers;
  }
  ctx.cancel(local->timer);
  set_phase(*local, commit ? Phase::kCommitted : Phase::kAborted);
  release(ctx, txn);
}

/// Who has not voted may abort; who has asks.
void Participant::on(Context& ctx, const ParticipantTimeout& m) {
  Local* local = find(m.txn);
  if (local == nullptr) return;
  if (local->phase == Phase::kWorking) return give_up(ctx, m.txn, *local);
  if (local->phase != Phase::kPrepared && local->phase != Phase::kPrecommitted) return;
  ++local->asked;
  ctx.count("inquiries");
  restart_timer(ctx, m.txn, *local, parameters_.inquiry_timeout);
  when_in_doubt(ctx, m.txn, *local);
}

void Participant::when_in_doubt(Context& ctx, const TxnId& txn, Local& local) {
  post(ctx, txn.coordinator, Inquiry{txn, local.participants});
  if (!parameters_.cooperative) return;
  for (const NodeId peer : local.participants) {
    if (peer != me(ctx)) post(ctx, peer, Inquiry{txn, local.participants});
  }
}

/// Who does not know the transaction knows nothing: it may have forgotten either way.
void Participant::tell_peer(Context& ctx, const Envelope& from, const TxnId& txn) {
  Local* local = find(txn);
  if (local == nullptr) return;
  if (local->phase == Phase::kWorking) give_up(ctx, txn, *local);
  const bool committed = local->phase == Phase::kCommitted;
  if (committed || local->phase == Phase::kAborted)
    post(ctx, from.from.node, Decision{txn, committed});
}

std::uint64_t Participant::in_doubt() const {
  return static_cast<std::uint64_t>(
      std::count_if(locals_.begin(), locals_.end(), [](const auto& item) {
        return item.second.phase == Phase::kPrepared || item.second.phase == Phase::kPrecommitted;
      }));
}

std::uint64_t Participant::most_asked() const {
  std::uint64_t most = 0;
  for (const auto& [txn, local] : locals_) {
    const bool in_doubt = local.phase == Phase::kPrepared || local.phase == Phase::kPrecommitted;
    if (in_doubt) most = std::max(most, local.asked);
  }
  return most;
}

}  // namespace seedbed::two_phase_commit
