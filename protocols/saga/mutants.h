// Sagas with one rule broken: a name, the rule, and the check that must notice (protocol.cpp).
#pragma once

#include "protocols/saga/server.h"

namespace seedbed::saga {

/// Compensates again what it is asked again to undo.
struct CompensationNotIdempotent : Mutant<CompensationNotIdempotent, Server> {
  bool is_undone(const Local& local) const override {
    return Server::is_undone(local) && !local.had_effect;
  }
};

/// A compensation that comes before its step is waved through, and then the step arrives.
struct CompensatesBeforeStep : Mutant<CompensatesBeforeStep, Server> {
  bool remembers_undoing() const override { return false; }
};

/// A process manager that does not look into its saga log after a crash.
struct ForgetsPlace : Mutant<ForgetsPlace, Server> {
  bool takes_up_again() const override { return false; }
};

/// Asks again as if it were the first time.
struct RetriesWithoutKey : Mutant<RetriesWithoutKey, Server> {
  std::uint32_t attempt(std::uint32_t tries) const override { return tries; }
};

/// Publishes an event, and saves what it tells of, by itself: a crash comes between the two.
struct DualWrite : Mutant<DualWrite, Server> {
  bool publishes_what_is_saved() const override { return false; }
};

/// Compensates everything at once, in no order.
struct CompensatesAtOnce : Mutant<CompensatesAtOnce, Server> {
  bool may_undo(StepSet, StepSet) const override { return true; }
};

/// Performs a step whatever lock its record has.
struct IgnoresLocks : Mutant<IgnoresLocks, Server> {
  bool may_touch(const Record&, SagaId) const override { return true; }
};

/// Compensates by writing back what the record held before its step.
struct RestoresOldValue : Mutant<RestoresOldValue, Server> {
  Amount compensated(const Record&, const Local& step) const override { return step.before; }
};

}  // namespace seedbed::saga
