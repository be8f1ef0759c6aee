// What a saga's nodes say to each other, and what each writes to its journal: the saga log of
// Garcia-Molina and Salem (1987, section 4) at its home, and at a participant what its local
// transactions did. All durable state is the journal read from its beginning, so that a record is
// at once the change of state and, in the choreographed variant, the event that tells of it: the
// transactional outbox (Richardson 2018, 3.3.7).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/ids.h"
#include "sim/base/time.h"
#include "sim/world/workflow.h"

namespace seedbed::saga {

using workflow::kNoStep;
using workflow::Order;
using workflow::SagaId;
using workflow::StepNumber;
using workflow::StepSet;

/// A step's idempotency key: asked again under it, a step takes effect once.
struct StepKey {
  SagaId saga;
  StepNumber step = 0;
  std::uint32_t attempt = 0;  // only who forgets what it is for counts here
  constexpr auto operator<=>(const StepKey&) const = default;
  constexpr void describe(auto& d) const { d("saga", saga)("step", step)("attempt", attempt); }
};

/// "n4#0.1": the first step of that saga; "n4#0.home", where it is about no step.
std::string brief_text(const StepKey& key);

// --- orchestrated: the home commands, the participants answer

enum class Action : std::uint8_t {
  kPerform,
  kUndo,     // compensate it; or, if it was never performed, see to it that it never is
  kRelease,  // the saga is over: drop the semantic lock
};
constexpr std::string_view name_of(Action a) {
  constexpr std::string_view kNames[] = {"perform", "undo", "release"};
  return kNames[static_cast<std::uint8_t>(a)];
}

struct Command {
  static constexpr auto kName = "Command";
  StepKey key;
  Action action = Action::kPerform;
  Order order;
  constexpr void describe(auto& d) const { d("key", key)("action", action)("order", order); }
};

enum class Result : std::uint8_t {
  kDone,     // performed; in answer to an undo: it is the pivot or after it, and stays done
  kRefused,  // did not and will not take effect
  kBusy,     // another saga has the semantic lock: ask again
  kUndone,
  kReleased,
};
constexpr std::string_view name_of(Result r) {
  constexpr std::string_view kNames[] = {"done", "refused", "busy", "undone", "released"};
  return kNames[static_cast<std::uint8_t>(r)];
}

struct Answer {
  static constexpr auto kName = "Answer";
  StepKey key;
  Action action = Action::kPerform;
  Result result = Result::kDone;
  constexpr void describe(auto& d) const { d("key", key)("action", action)("result", result); }
};

// --- choreographed: each tells its neighbours what happened

enum class Happened : std::uint8_t {
  kDone,       // to those who wait for it: the step is done
  kUndone,     // to those whom it waited for: it has no effect, and never will again
  kCancelled,  // to those who wait for it: it wants to be undone, undo what came of it
  kEnded,      // from the home: the saga has completed
};
constexpr std::string_view name_of(Happened h) {
  constexpr std::string_view kNames[] = {"done", "undone", "cancelled", "ended"};
  return kNames[static_cast<std::uint8_t>(h)];
}

/// What happened to one step, for another of the same saga. kNoStep is the home, which comes before
/// the first steps and after the last ones.
struct Event {
  static constexpr auto kName = "Event";
  std::uint64_t number = 0;  // of its sender's outbox
  StepKey of;
  Happened happened = Happened::kDone;
  StepKey to;
  Order order;
  constexpr void describe(auto& d) const {
    d("number", number)("of", of)("happened", happened)("to", to)("order", order);
  }
};
/// What the event led to is durable.
struct EventAck {
  static constexpr auto kName = "EventAck";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};

// --- the journal

enum class Kind : std::uint8_t {
  // The home's saga log.
  kBeginSaga,
  kStepDone,
  kAbortSaga,  // turns back; `step` was refused, or is kNoStep
  kStepUndone,
  kPastPivot,  // turns forward again: the pivot had been performed
  kSagaCompleted,
  kSagaCompensated,
  kLockReleased,
  // A participant's local transactions.
  kPerformed,
  kRefused,
  kForgone,  // undone before it came: it never will be performed
  kCompensated,
  kUnlocked,
  // The choreographed variant's.
  kHeard,  // an event: `happened`, of step `of`
  kAcked,  // event `number`
};
constexpr std::string_view name_of(Kind k) {
  constexpr std::string_view kNames[] = {
      "begin-saga",     "step-done",        "abort-saga",    "step-undone", "past-pivot",
      "saga-completed", "saga-compensated", "lock-released", "performed",   "refused",
      "forgone",        "compensated",      "unlocked",      "heard",       "acked"};
  return kNames[static_cast<std::uint8_t>(k)];
}

struct Entry {
  static constexpr auto kName = "Entry";
  Kind kind = Kind::kBeginSaga;
  StepKey key;
  Order order;
  Happened happened = Happened::kDone;
  StepNumber of = kNoStep;
  std::uint64_t number = 0;
  constexpr bool operator==(const Entry&) const = default;
  constexpr void describe(auto& d) const {
    d("kind", kind)("key", key)("order", order)("happened", happened)("of", of)("number", number);
  }
};

// --- timers

/// No answer to a command in time; or the pause after that, or after kBusy, is over.
struct Overdue {
  static constexpr auto kName = "Overdue";
  SagaId saga;
  StepNumber step = 0;
  constexpr void describe(auto& d) const { d("saga", saga)("step", step); }
};
/// An event was not acknowledged.
struct PublishAgain {
  static constexpr auto kName = "PublishAgain";
  std::uint64_t number = 0;
  constexpr void describe(auto& d) const { d("number", number); }
};
/// A step found its record locked.
struct TryAgain {
  static constexpr auto kName = "TryAgain";
  StepKey key;
  constexpr void describe(auto& d) const { d("key", key); }
};
/// A saga without an orchestrator takes too long.
struct Deadline {
  static constexpr auto kName = "Deadline";
  SagaId saga;
  constexpr void describe(auto& d) const { d("saga", saga); }
};

}  // namespace seedbed::saga
