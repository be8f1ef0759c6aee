// Variant `choreographed`: nobody is in charge. A participant tells the neighbours of its step in
// the workflow what happened there: those after it that it is done, those before it that it never
// will be; the home stands before the first steps and after the last. Who is told has it in its
// journal before it acknowledges, and who tells does so until then.
#include "protocols/saga/fault_points.h"
#include "protocols/saga/server.h"

namespace seedbed::saga {

using Phase = Local::Phase;

// --- the outbox: what a record of the journal tells, and whom

void Server::publish(const SagaId& saga, Happened happened, StepNumber of, StepNumber to,
                     const Order& order) {
  const std::uint64_t number = ++published_;
  outbox_[number] = {.event = {number, {saga, of}, happened, {saga, to}, order}};
}

void Server::publish_to_neighbours(const Entry& entry) {
  const StepNumber step = entry.key.step;
  const bool done = entry.kind == Kind::kPerformed;
  const Happened happened = done ? Happened::kDone : Happened::kUndone;
  const StepSet to = done ? workflow_->successors(step) : workflow_->predecessors(step);
  for (const StepNumber s : to) publish(entry.key.saga, happened, step, s, entry.order);
  if (to.empty()) publish(entry.key.saga, happened, step, kNoStep, entry.order);
}

void Server::publish_from_home(const Entry& entry, const Saga& saga) {
  const auto tell_all = [&](Happened happened, StepSet steps) {
    for (const StepNumber s : steps) publish(entry.key.saga, happened, kNoStep, s, saga.order);
  };
  if (entry.kind == Kind::kBeginSaga) tell_all(Happened::kDone, workflow_->sources());
  if (entry.kind == Kind::kAbortSaga) {
    tell_all(Happened::kCancelled, workflow_->sources() - saga.undone);
  }
  if (entry.kind == Kind::kSagaCompleted && parameters_.semantic_locks) {
    tell_all(Happened::kEnded, workflow_->compensatable());
  }
}

void Server::relay(Context& ctx) {
  while (sent_ < published_) {
    ++sent_;
    if (outbox_.contains(sent_)) send_event(ctx, sent_, 0);
  }
}

void Server::send_event(Context& ctx, std::uint64_t number, std::uint32_t tries) {
  Outgoing& outgoing = outbox_.at(number);
  const Event& event = outgoing.event;
  outgoing.tries = tries;
  const Duration wait = timeout_of(event.to.step) + pause(ctx, event.to.step, tries);
  outgoing.timer = ctx.after(wait, PublishAgain{number});
  if (tries == 0 && ctx.maybe(fault_points::kNoFirstTry)) return;
  const NodeId to = node_of(event.to.saga, event.to.step);
  if (!publishes_what_is_saved()) return ctx.send_unsynced(to, event);
  if (ctx.maybe(fault_points::kTwice)) ctx.send(to, event);
  ctx.send(to, event);
}

void Server::on(Context& ctx, const PublishAgain& m) {
  ctx.count("retries");
  send_event(ctx, m.number, outbox_.at(m.number).tries + 1);
}

void Server::on(Context& ctx, const EventAck& m) {
  const auto found = outbox_.find(m.number);
  if (found == outbox_.end()) return;
  ctx.cancel(found->second.timer);
  write(ctx, {.kind = Kind::kAcked, .number = m.number});
}

// --- who is told

void Server::on(Context& ctx, const Envelope& from, const Event& m) {
  const bool news = is_news(m);
  if (news) {
    Entry heard{.kind = Kind::kHeard, .key = m.to, .order = m.order};
    heard.happened = m.happened;
    heard.of = m.of.step;
    write(ctx, heard);
    m.to.step == kNoStep ? react_at_home(ctx, m.to.saga) : react(ctx, m.to);
    relay(ctx);
  }
  if (news && ctx.maybe(fault_points::kForgetsToAnswer)) return;
  const EventAck ack{m.number};
  if (publishes_what_is_saved()) return ctx.reply(from, ack);
  ctx.send_unsynced(from.from, ack);
}

/// An event may come twice, and after the saga has ended.
bool Server::is_news(const Event& m) const {
  const StepNumber of = m.of.step;
  if (m.to.step == kNoStep) {
    const auto found = sagas_.find(m.to.saga);
    if (found == sagas_.end() || !found->second.is_open()) return false;
    const Saga& saga = found->second;
    return !(m.happened == Happened::kDone ? saga.done : saga.undone).contains(of);
  }
  const auto found = locals_.find(m.to);
  if (found == locals_.end()) return m.happened != Happened::kEnded;
  const Local& local = found->second;
  switch (m.happened) {
    case Happened::kDone: return of == kNoStep ? !local.started : !local.done.contains(of);
    case Happened::kUndone: return !local.undone.contains(of);
    case Happened::kCancelled: return !local.cancelled;
    case Happened::kEnded: return local.locked;
  }
  return false;
}

/// A step that hears that it shall be undone passes that on to what may have come of it. The pivot,
/// and what comes after it, do not listen: they are performed.
void Server::apply_heard(const Entry& entry) {
  Local& local = locals_[entry.key];
  local.order = entry.order;
  if (entry.happened == Happened::kEnded) return unlock(entry.key, local);
  if (entry.happened == Happened::kDone) {
    local.started = true;
    if (entry.of != kNoStep) local.done.insert(entry.of);
    return;
  }
  if (entry.happened == Happened::kUndone) local.undone.insert(entry.of);
  const bool known = std::exchange(local.cancelled, true);
  const StepNumber step = entry.key.step;
  if (known || local.phase != Phase::kDone || !workflow_->is_compensatable(step)) return;
  for (const StepNumber s : workflow_->successors(step) - local.undone) {
    publish(entry.key.saga, Happened::kCancelled, step, s, entry.order);
  }
}

void Server::react(Context& ctx, const StepKey& key) {
  Local& local = locals_.at(key);
  const StepSet before = workflow_->predecessors(key.step);
  const bool waits = local.phase == Phase::kWaiting;
  if (waits && local.cancelled) {
    undo(ctx, key, local.order);
  } else if (waits && local.started && local.done.contains(before)) {
    if (perform(ctx, key, local.order) != Result::kBusy) return;
    if (workflow_->may_fail(key.step) && local.tries >= retries_of(key.step)) {
      return write(ctx, {.kind = Kind::kRefused, .key = key, .order = local.order});
    }
    ctx.after(pause(ctx, key.step, local.tries++), TryAgain{key});
  } else if (local.phase == Phase::kDone && local.cancelled &&
             may_undo(workflow_->successors(key.step), local.undone)) {
    undo(ctx, key, local.order);
  }
}

void Server::on(Context& ctx, const TryAgain& m) {
  if (locals_.at(m.key).phase != Phase::kWaiting) return;
  react(ctx, m.key);
  relay(ctx);
}

void Server::react_at_home(Context& ctx, const SagaId& id) {
  const Saga& saga = sagas_.at(id);
  // Called off, a saga may still be past its pivot; one without a pivot is then undone.
  const bool may_complete = saga.stage == Stage::kForward || workflow_->has_pivot();
  if (may_complete && saga.done.contains(workflow_->sinks())) {
    end(ctx, id, Kind::kSagaCompleted);
  } else if (saga.undone.contains(workflow_->sources())) {
    end(ctx, id, Kind::kSagaCompensated);
  } else if (saga.stage == Stage::kForward && !saga.undone.empty()) {
    write(ctx, {.kind = Kind::kAbortSaga, .key = {id, kNoStep}});
  }
}

void Server::on(Context& ctx, const Deadline& m) {
  const Saga& saga = sagas_.at(m.saga);
  if (saga.stage == Stage::kForward) abort(ctx, m.saga, kNoStep);
}

}  // namespace seedbed::saga
