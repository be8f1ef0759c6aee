#include <fmt/format.h>

#include <algorithm>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/encode.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// A step of a saga, and what undoes it. What may have happened is told by `info`.
struct Step {
  Value name;
  std::vector<std::uint32_t> done;    // acknowledged
  std::vector<std::uint32_t> undone;  // acknowledged
  std::uint32_t tried = kNone;        // the first that did not fail
  std::uint32_t undoing = kNone;      // likewise
};

struct Saga {
  std::uint32_t begin = kNone;
  std::uint32_t end = kNone;
  ValueNumbers names;
  std::vector<Step> steps;  // planned ones first, in their order

  Step& step(const Value& name) {
    const std::uint32_t n = names.of(name);
    if (n == steps.size()) steps.emplace_back().name = name;
    return steps[n];
  }
};

class Sagas {
 public:
  Sagas(const Recorded& recorded, Findings& findings) : recorded_(recorded), findings_(findings) {}

  void judge(const std::string& saga, Saga& s) {
    for (const Step& step : s.steps) once(saga, step);
    if (s.begin != kNone) in_order(saga, s);
    nothing_after(saga, s);
    in_reverse(saga, s);
    if (s.end == kNone) {
      unfinished(saga, s);
    } else if (at(s.end).value.is("completed")) {
      completed(saga, s);
    } else {
      compensated(saga, s);
    }
  }

 private:
  const RecordedOp& at(std::uint32_t i) const { return recorded_.operations[i]; }
  static std::string name_of(const Step& step) { return to_text(step.name, 30); }

  void once(const std::string& saga, const Step& s) {
    if (s.done.size() > 1) {
      findings_.add(
          "duplicated-effect",
          fmt::format("step {} of {} took effect {} times", name_of(s), saga, s.done.size()),
          s.done);
    }
    if (s.undone.size() > 1) {
      findings_.add(
          "duplicated-compensation",
          fmt::format("step {} of {} was compensated {} times", name_of(s), saga, s.undone.size()),
          s.undone);
    }
    if (s.undone.empty() || (s.tried != kNone && at(s.tried).invoked < at(s.undone[0]).returned)) {
      return;
    }
    findings_.add(
        "compensation-without-effect",
        fmt::format("step {} of {} was compensated, and had not been done", name_of(s), saga),
        {s.undone.front()});
  }

  /// As planned: each begins when the one before it is done.
  void in_order(const std::string& saga, const Saga& s) {
    const Step* last = nullptr;
    for (const Step& step : s.steps) {
      if (step.done.empty()) continue;
      if (last != nullptr && at(step.done.front()).returned < at(last->done.front()).invoked) {
        findings_.add("steps-out-of-order",
                      fmt::format("step {} of {} was done before step {}", name_of(step), saga,
                                  name_of(*last)),
                      {step.done.front(), last->done.front()});
      }
      if (last == nullptr || at(step.done.front()).invoked > at(last->done.front()).invoked) {
        last = &step;
      }
    }
  }

  /// Once something was undone, nothing is done any more.
  void nothing_after(const std::string& saga, const Saga& s) {
    const Step* first = nullptr;  // to be undone
    for (const Step& step : s.steps) {
      const bool sooner = !step.undone.empty() &&
                          (first == nullptr ||
                           at(step.undone.front()).returned < at(first->undone.front()).returned);
      if (sooner) first = &step;
    }
    if (first == nullptr) return;
    for (const Step& step : s.steps) {
      if (step.done.empty()) continue;
      if (at(step.done.front()).invoked < at(first->undone.front()).returned) continue;
      findings_.add("step-after-compensation",
                    fmt::format("step {} of {} began after step {} had been compensated",
                                name_of(step), saga, name_of(*first)),
                    {first->undone.front(), step.done.front()});
    }
  }

  /// What was done first is undone last: by a sweep over what was done, with the one that was
  /// undone first among those that were done before.
  void in_reverse(const std::string& saga, const Saga& s) {
    std::vector<const Step*> by_begin;
    for (const Step& step : s.steps) {
      if (!step.done.empty() && !step.undone.empty()) by_begin.push_back(&step);
    }
    std::vector<const Step*> by_end = by_begin;
    const auto done = [&](const Step* step) -> const RecordedOp& { return at(step->done.front()); };
    const auto undone = [&](const Step* step) -> const RecordedOp& {
      return at(step->undone.front());
    };
    std::sort(by_begin.begin(), by_begin.end(),
              [&](const Step* a, const Step* b) { return done(a).invoked < done(b).invoked; });
    std::sort(by_end.begin(), by_end.end(),
              [&](const Step* a, const Step* b) { return done(a).returned < done(b).returned; });
    const Step* first = nullptr;
    std::size_t ended = 0;
    for (const Step* b : by_begin) {
      for (; ended < by_end.size() && done(by_end[ended]).returned < done(b).invoked; ++ended) {
        const Step* a = by_end[ended];
        if (first == nullptr || undone(a).returned < undone(first).returned) first = a;
      }
      if (first == nullptr || undone(first).returned > undone(b).invoked) continue;
      if (done(b).invoked > undone(first).returned) continue;  // it should not have been done
      findings_.add(
          "compensated-out-of-order",
          fmt::format("step {} of {} was done before step {}, and compensated before it",
                      name_of(*first), saga, name_of(*b)),
          {first->done.front(), b->done.front(), first->undone.front(), b->undone.front()});
    }
  }

  void completed(const std::string& saga, const Saga& s) {
    for (const Step& step : s.steps) {
      if (!step.undone.empty()) {
        findings_.add(
            "completed-and-compensated",
            fmt::format("{} was completed, and its step {} compensated", saga, name_of(step)),
            {step.undone.front(), s.end});
      } else if (step.tried == kNone) {
        findings_.add("incomplete",
                      fmt::format("{} was completed without its step {}", saga, name_of(step)),
                      {s.begin, s.end});
      }
    }
  }
  void compensated(const std::string& saga, const Saga& s) {
    for (const Step& step : s.steps) {
      if (step.done.empty() || step.undoing != kNone) continue;
      findings_.add("not-compensated",
                    fmt::format("{} was compensated, but not its step {}", saga, name_of(step)),
                    {step.done.front(), s.end});
    }
  }
  void unfinished(const std::string& saga, const Saga& s) {
    const bool all_done = std::all_of(s.steps.begin(), s.steps.end(), [](const Step& step) {
      return !step.done.empty() && step.undoing == kNone;
    });
    const bool none_left = std::all_of(s.steps.begin(), s.steps.end(), [](const Step& step) {
      return step.tried == kNone || !step.undone.empty();
    });
    if ((all_done && s.begin != kNone) || none_left) return;
    findings_.undecided(saga + " was under way when the history ended");
  }

  const Recorded& recorded_;
  Findings& findings_;
};

/// Takes an operation in.
void add(const Recorded& recorded, std::uint32_t i, Saga& saga) {
  const RecordedOp& op = recorded.operations[i];
  if (op.is("begin")) {
    if (!op.value.is_list()) detail::refuse_value(op, "a begin wants its [step ...]");
    if (op.failed()) return;
    saga.begin = i;
    for (const Value& name : op.value.items()) saga.step(name);
  } else if (op.is("end")) {
    if (!op.value.is("completed") && !op.value.is("compensated")) {
      detail::refuse_value(op, "an end wants :completed or :compensated");
    }
    if (op.ok()) saga.end = i;
  } else if (op.is("step") || op.is("compensate")) {
    if (op.failed()) return;
    Step& step = saga.step(op.value);
    std::uint32_t& first = op.is("step") ? step.tried : step.undoing;
    if (first == kNone) first = i;
    if (op.ok()) (op.is("step") ? step.done : step.undone).push_back(i);
  } else {
    detail::refuse_function(op, "saga", ":begin, :step, :compensate and :end");
  }
}

}  // namespace

CheckReport check_saga(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  ValueNumbers names;
  std::vector<Saga> sagas;
  for (const bool plans : {true, false}) {
    for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
      const RecordedOp& op = recorded.operations[i];
      const std::uint32_t number = names.of(op.key);
      if (number == sagas.size()) sagas.emplace_back();
      if (op.is("begin") == plans) add(recorded, i, sagas[number]);
    }
  }
  Sagas judge(recorded, findings);
  for (std::uint32_t n = 0; n < sagas.size(); ++n) {
    judge.judge(names[n].is_nil() ? "the saga" : "saga " + to_text(names[n], 30), sagas[n]);
  }
  findings.note("sagas", std::to_string(sagas.size()));
  return std::move(findings).report();
}

}  // namespace seedbed::domain
