// Local transactions: each is one record of the journal, so it happens whole or not at all.
#include "protocols/saga/fault_points.h"
#include "protocols/saga/server.h"

namespace seedbed::saga {

using Phase = Local::Phase;

void Server::on(Context& ctx, const Envelope& from, const Command& m) {
  Result result = Result::kDone;
  const auto written = journal_.last_index();
  switch (m.action) {
    case Action::kPerform: result = perform(ctx, m.key, m.order); break;
    case Action::kUndo: result = undo(ctx, m.key, m.order); break;
    case Action::kRelease: result = release(ctx, m.key); break;
  }
  const bool is_new = journal_.last_index() != written;
  if (is_new && ctx.maybe(fault_points::kForgetsToAnswer)) return;
  const Answer answer{m.key, m.action, result};
  if (publishes_what_is_saved()) return ctx.reply(from, answer);
  ctx.send_unsynced(from.from, answer);
}

Result Server::perform(Context& ctx, const StepKey& key, const Order& order) {
  const auto found = locals_.find(key);
  if (found != locals_.end() && found->second.phase != Phase::kWaiting) {
    return found->second.phase == Phase::kDone ? Result::kDone : Result::kRefused;
  }
  const bool refuses = order.refused == key.step || ctx.maybe(fault_points::kRefuses);
  if (refuses && workflow_->may_fail(key.step)) {
    write(ctx, {.kind = Kind::kRefused, .key = key, .order = order});
    return Result::kRefused;
  }
  const auto record = records_.find({workflow_->participant(key.step), order.item});
  if (record != records_.end() && !may_touch(record->second, key.saga)) {
    ctx.count("lock_waits");
    return Result::kBusy;
  }
  write(ctx, {.kind = Kind::kPerformed, .key = key, .order = order});
  return Result::kDone;
}

Result Server::undo(Context& ctx, const StepKey& key, const Order& order) {
  const auto found = locals_.find(key);
  if (found == locals_.end() || found->second.phase == Phase::kWaiting) {
    if (remembers_undoing()) write(ctx, {.kind = Kind::kForgone, .key = key, .order = order});
    return Result::kUndone;
  }
  if (is_undone(found->second)) return Result::kUndone;
  if (!workflow_->is_compensatable(key.step)) return Result::kDone;
  write(ctx, {.kind = Kind::kCompensated, .key = key, .order = order});
  return Result::kUndone;
}

Result Server::release(Context& ctx, const StepKey& key) {
  const auto found = locals_.find(key);
  if (found != locals_.end() && found->second.locked) {
    write(ctx, {.kind = Kind::kUnlocked, .key = key});
  }
  return Result::kReleased;
}

// --- what a local transaction changes

void Server::apply_to_step(const Entry& entry) {
  Local& local = locals_[entry.key];
  if (entry.kind == Kind::kUnlocked) return unlock(entry.key, local);
  local.order = entry.order;
  switch (entry.kind) {
    case Kind::kPerformed: apply_performed(entry.key, local); break;
    case Kind::kCompensated: apply_compensated(entry.key, local); break;
    default: local.phase = Phase::kUndone; break;
  }
  if (parameters_.choreographed) publish_to_neighbours(entry);
}

template <class Visit>
void Server::each_of_own(const StepKey& key, Visit visit) const {
  for (auto i = locals_.lower_bound({key.saga}); i != locals_.end(); ++i) {
    if (i->first.saga != key.saga) break;
    const bool same = workflow_->participant(i->first.step) == workflow_->participant(key.step);
    if (same && i->first != key && i->second.had_effect) visit(i->second);
  }
}

void Server::apply_performed(const StepKey& key, Local& local) {
  Record& record = record_of(key, local);
  const Local* last = nullptr;
  each_of_own(key, [&](const Local& own) {
    const bool later = last == nullptr || own.updates > last->updates;
    if (own.phase == Phase::kDone && later) last = &own;
  });
  if (last != nullptr && last->left != record.value) {
    ++anomalies_.fuzzy_reads;
    anomalies_.under_lock += last->locked;
  }
  local.phase = Phase::kDone;
  local.had_effect = true;
  local.before = record.value;
  record.value += local.order.amount;
  record.sum += local.order.amount;
  local.left = record.value;
  local.updates = ++record.updates;
  if (!parameters_.semantic_locks || !workflow_->is_compensatable(key.step)) return;
  local.locked = true;
  record.holder = key.saga;
  ++record.locks;
}

/// Every step reads the record that it changes: those of other sagas since then have read what now
/// never was.
void Server::apply_compensated(const StepKey& key, Local& local) {
  Record& record = record_of(key, local);
  std::uint64_t others = record.updates - local.updates;
  each_of_own(key, [&](const Local& own) { others -= own.updates > local.updates; });
  const Amount lost_before = record.value - record.sum;
  record.value = compensated(record, local);
  record.sum -= local.order.amount;
  const bool loses = record.value - record.sum != lost_before;
  anomalies_.dirty_reads += others;
  anomalies_.lost_updates += loses;
  if (local.locked) anomalies_.under_lock += others + loses;
  local.phase = Phase::kUndone;
  unlock(key, local);
}

void Server::unlock(const StepKey& key, Local& local) {
  if (std::exchange(local.locked, false)) --record_of(key, local).locks;
}

}  // namespace seedbed::saga
