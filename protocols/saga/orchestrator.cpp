// Variant `orchestrated`: the home of a saga is its process manager. It commands, waits, asks again
// and turns back; what it has learnt is in its saga log before it goes on.
#include <algorithm>

#include "protocols/saga/fault_points.h"
#include "protocols/saga/server.h"

namespace seedbed::saga {

namespace {

Action action_of(const Saga& saga) {
  switch (saga.stage) {
    case Stage::kForward: return Action::kPerform;
    case Stage::kBackward: return Action::kUndo;
    default: return Action::kRelease;
  }
}

}  // namespace

/// Asks for whatever can be done next.
void Server::advance(Context& ctx, const SagaId& id) {
  Saga& saga = sagas_.at(id);
  if (saga.stage == Stage::kForward && saga.done == workflow_->all()) {
    end(ctx, id, Kind::kSagaCompleted);
  }
  if (saga.stage == Stage::kForward) {
    for (const StepNumber s : workflow_->ready(saga.done)) ask(ctx, id, saga, s);
  }
  if (saga.stage == Stage::kBackward) advance_back(ctx, id, saga);
  if (saga.stage == Stage::kCompleted && parameters_.semantic_locks) {
    for (const StepNumber s : workflow_->compensatable() - saga.released) ask(ctx, id, saga, s);
  }
}

/// Backward recovery (Garcia-Molina and Salem 1987, section 4): in reverse order.
void Server::advance_back(Context& ctx, const SagaId& id, Saga& saga) {
  if (saga.undone.contains(saga.to_undo)) return end(ctx, id, Kind::kSagaCompensated);
  for (const StepNumber s : saga.to_undo - saga.undone) {
    if (may_undo(workflow_->descendants(s) & saga.to_undo, saga.undone)) ask(ctx, id, saga, s);
  }
}

Saga::Asked* Server::find_asked(Saga& saga, StepNumber step) {
  const auto found = std::find_if(saga.asked.begin(), saga.asked.end(),
                                  [&](const Saga::Asked& asked) { return asked.step == step; });
  return found == saga.asked.end() ? nullptr : &*found;
}

void Server::ask(Context& ctx, const SagaId& id, Saga& saga, StepNumber step) {
  if (find_asked(saga, step) != nullptr) return;
  send_command(ctx, id, saga, saga.asked.emplace_back(Saga::Asked{step}));
}

void Server::send_command(Context& ctx, const SagaId& id, const Saga& saga, Saga::Asked& asked) {
  const Command command{{id, asked.step, attempt(asked.tries)}, action_of(saga), saga.order};
  const NodeId to = node_of(id, asked.step);
  asked.rests = false;
  asked.timer = ctx.after(timeout_of(asked.step), Overdue{id, asked.step});
  if (asked.tries == 0 && ctx.maybe(fault_points::kNoFirstTry)) return;
  if (ctx.maybe(fault_points::kTwice)) ctx.send(to, command);
  ctx.send(to, command);
}

void Server::on(Context& ctx, const Overdue& m) {
  Saga& saga = sagas_.at(m.saga);
  Saga::Asked& asked = *find_asked(saga, m.step);
  if (!asked.rests) return rest(ctx, m.saga, saga, asked);
  ++asked.tries;
  ctx.count("retries");
  send_command(ctx, m.saga, saga, asked);
}

/// It will be asked again; but what may fail not for ever.
void Server::rest(Context& ctx, const SagaId& id, const Saga& saga, Saga::Asked& asked) {
  const bool patient = saga.stage != Stage::kForward || !workflow_->may_fail(asked.step) ||
                       asked.tries < retries_of(asked.step);
  if (!patient) return abort(ctx, id, kNoStep);
  asked.rests = true;
  asked.timer = ctx.after(pause(ctx, asked.step, asked.tries), Overdue{id, asked.step});
}

void Server::on(Context& ctx, const Answer& m) {
  const auto found = sagas_.find(m.key.saga);
  if (found == sagas_.end()) return;
  const SagaId& id = found->first;
  Saga& saga = found->second;
  Saga::Asked* const asked = find_asked(saga, m.key.step);
  if (asked == nullptr || m.action != action_of(saga)) return;
  if (m.result == Result::kBusy && asked->rests) return;
  ctx.cancel(asked->timer);
  if (m.result == Result::kBusy) return rest(ctx, id, saga, *asked);
  if (m.result == Result::kRefused) return abort(ctx, id, m.key.step);
  saga.asked.erase(saga.asked.begin() + (asked - saga.asked.data()));
  Kind learnt = Kind::kStepDone;
  if (m.result == Result::kUndone) learnt = Kind::kStepUndone;
  if (m.result == Result::kReleased) learnt = Kind::kLockReleased;
  if (m.result == Result::kDone && m.action == Action::kUndo) {
    learnt = Kind::kPastPivot;
    forget_asked(ctx, saga);
  }
  write(ctx, {.kind = learnt, .key = m.key});
  advance(ctx, id);
}

/// Turns back; in the choreographed variant it asks its neighbours to.
void Server::abort(Context& ctx, const SagaId& id, StepNumber refused) {
  forget_asked(ctx, sagas_.at(id));
  write(ctx, {.kind = Kind::kAbortSaga, .key = {id, refused}});
  if (parameters_.choreographed) return relay(ctx);
  advance(ctx, id);
}

void Server::forget_asked(Context& ctx, Saga& saga) {
  for (const Saga::Asked& asked : saga.asked) ctx.cancel(asked.timer);
  saga.asked.clear();
}

}  // namespace seedbed::saga
