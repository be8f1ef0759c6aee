#include "protocols/saga/server.h"

#include <algorithm>

#include "protocols/saga/fault_points.h"

namespace seedbed::saga {

std::string brief_text(const StepKey& key) {
  std::string text = brief_text(key.saga);
  text += key.step == kNoStep ? ".home" : fmt::format(".{}", key.step + 1);
  if (key.attempt > 0) text += fmt::format(" again {}", key.attempt);
  return text;
}

void Server::start(Context& ctx, const Recovered& durable) {
  nodes_ = ctx.initial_servers();
  if (durable.damaged()) return ctx.halt();
  journal_ = durable.log<Entry>();
  for (auto i = journal_.first_index(); i <= journal_.last_index(); ++i) apply(journal_[i]);
  recovered_ = journal_.last_index();
  if (!takes_up_again()) {
    std::erase_if(sagas_, [](const auto& saga) { return saga.second.is_open(); });
    open_ = 0;
  }
  // A crash may have cut the journal between a cause and what follows from it.
  for (const auto& item : locals_) {
    if (parameters_.choreographed) react(ctx, item.first);
  }
  for (auto& [id, saga] : sagas_) {
    if (!parameters_.choreographed) {
      advance(ctx, id);
    } else if (saga.is_open()) {
      saga.deadline = ctx.after(parameters_.deadline, Deadline{id});
      react_at_home(ctx, id);
    }
  }
  relay(ctx);
}

// --- the clients

void Server::on(Context& ctx, const Envelope&, const workflow::Start& m) {
  const auto known = sagas_.find(m.id);
  if (known != sagas_.end()) return tell_client(ctx, m.id, known->second);
  write(ctx, {.kind = Kind::kBeginSaga, .key = {m.id, kNoStep}, .order = m.order});
  if (parameters_.choreographed) {
    sagas_.at(m.id).deadline = ctx.after(parameters_.deadline, Deadline{m.id});
    relay(ctx);
  } else {
    advance(ctx, m.id);
  }
  if (ctx.maybe(fault_points::kImpatient)) abort(ctx, m.id, kNoStep);
}

void Server::end(Context& ctx, const SagaId& id, Kind how) {
  write(ctx, {.kind = how, .key = {id, kNoStep}});
  const Saga& saga = sagas_.at(id);
  ctx.cancel(saga.deadline);
  tell_client(ctx, id, saga);
}

void Server::tell_client(Context& ctx, const SagaId& id, const Saga& saga) {
  if (saga.is_open()) return;
  const bool completed = saga.stage == Stage::kCompleted;
  const Outcome outcome = completed ? Outcome::kCompleted : Outcome::kCompensated;
  ctx.send(Address{id.client, {}}, workflow::Ended{id, outcome});
}

// --- the journal

void Server::write(Context& ctx, const Entry& entry) {
  const Anomalies before = anomalies_;
  journal_.append(entry);
  ctx.append(journal_, journal_.last_index());
  ctx.count("log_writes");
  apply(entry);
  if (entry.kind == Kind::kSagaCompleted) ctx.count("sagas_completed");
  if (entry.kind == Kind::kSagaCompensated) ctx.count("sagas_compensated");
  if (entry.kind == Kind::kPerformed) ctx.count("steps");
  if (entry.kind == Kind::kCompensated) ctx.count("compensations");
  const auto count = [&](std::string_view metric, std::uint64_t was, std::uint64_t is) {
    if (is != was) ctx.count(metric, is - was);
  };
  count("lost_updates", before.lost_updates, anomalies_.lost_updates);
  count("dirty_reads", before.dirty_reads, anomalies_.dirty_reads);
  count("fuzzy_reads", before.fuzzy_reads, anomalies_.fuzzy_reads);
}

/// The same while it runs and after a crash.
void Server::apply(const Entry& entry) {
  switch (entry.kind) {
    case Kind::kBeginSaga:
      ++open_;
      sagas_[entry.key.saga].order = entry.order;
      break;
    case Kind::kPerformed:
    case Kind::kRefused:
    case Kind::kForgone:
    case Kind::kCompensated:
    case Kind::kUnlocked: return apply_to_step(entry);
    case Kind::kAcked: return outbox_.erase(outbox_.find(entry.number));
    case Kind::kHeard:
      if (entry.key.step != kNoStep) return apply_heard(entry);
      break;
    default: break;
  }
  const auto found = sagas_.find(entry.key.saga);
  if (found != sagas_.end()) apply_to_saga(entry, found->second);
}

void Server::apply_to_saga(const Entry& entry, Saga& saga) {
  const StepNumber step = entry.key.step;
  switch (entry.kind) {
    case Kind::kStepDone: saga.done.insert(step); break;
    case Kind::kAbortSaga:
      saga.stage = Stage::kBackward;
      // What was asked for may have taken effect, answered or not; what was refused has not.
      if (!parameters_.choreographed) saga.to_undo = saga.done | workflow_->ready(saga.done);
      if (step != kNoStep) saga.to_undo.erase(step);
      break;
    case Kind::kStepUndone: saga.undone.insert(step); break;
    case Kind::kPastPivot:
      saga.stage = Stage::kForward;
      saga.done.insert(step);
      saga.to_undo = saga.undone = {};
      break;
    case Kind::kSagaCompleted:
      saga.stage = Stage::kCompleted;
      --open_;
      break;
    case Kind::kSagaCompensated:
      saga.stage = Stage::kCompensated;
      --open_;
      break;
    case Kind::kLockReleased: saga.released.insert(step); break;
    case Kind::kHeard:
      if (entry.happened == Happened::kDone) saga.done.insert(entry.of);
      if (entry.happened == Happened::kUndone) saga.undone.insert(entry.of);
      break;
    default: break;
  }
  if (parameters_.choreographed) publish_from_home(entry, saga);
}

// --- the workflow on these nodes

/// Participants are spread over the servers; the home is a neighbour like any other.
NodeId Server::node_of(const SagaId& saga, StepNumber step) const {
  if (step == kNoStep) return workflow::home_of(saga, nodes_);
  return {workflow_->participant(step) % nodes_ + 1};
}

Duration Server::timeout_of(StepNumber step) const {
  if (step == kNoStep) return parameters_.step_timeout;
  return (*workflow_)[step].timeout.value_or(parameters_.step_timeout);
}

std::uint32_t Server::retries_of(StepNumber step) const {
  return (*workflow_)[step].retries.value_or(parameters_.retries);
}

/// Exponential, with jitter: sagas that met at a lock do not meet again.
Duration Server::pause(Context& ctx, StepNumber step, std::uint32_t tries) const {
  Range<Duration> backoff = parameters_.backoff;
  if (step != kNoStep) backoff = (*workflow_)[step].backoff.value_or(backoff);
  Duration pause = backoff.min;
  for (std::uint32_t i = 0; i < tries && pause < backoff.max; ++i) pause = pause * 2;
  pause = std::min(pause, backoff.max);
  const Int128 drawn = Int128{pause.count()} * parameters_.jitter.ppb / Probability::kOne;
  return pause - ctx.rng().between({{}, Duration(static_cast<std::int64_t>(drawn))});
}

}  // namespace seedbed::saga
