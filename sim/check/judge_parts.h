// Judges a recorded history part by part with one model, and says why where it is wrong. Parts are
// those of a partition: none influences another (Herlihy and Wing 1990, locality).
//
//   std::vector<Part<Counter>> parts = ...;
//   PartsVerdict found = judge_parts(parts, recorded, options.budget);
//   CheckReport report = report_of(found, recorded, "counter");
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/check/check_report.h"
#include "sim/check/failing_core.h"
#include "sim/check/history/recorded.h"
#include "sim/check/linearizability.h"
#include "sim/check/linearize.h"
#include "sim/check/models.h"
#include "sim/check/picture.h"
#include "sim/check/plain_core.h"

namespace seedbed {

template <class Model>
struct Part {
  std::string label;  // "key 7"; "" where there is but one
  Model model{};
  std::vector<typename Model::Op> ops;
  std::vector<std::uint32_t> source;  // of each, its index in the recorded history
};

/// Operations are indices into the recorded history.
struct PartsVerdict {
  Verdict verdict = Verdict::kPass;
  std::string label;  // of the part that failed, or else of the first that is undecided
  std::uint64_t steps = 0;
  std::size_t bytes = 0;
  // On fail only.
  std::uint32_t blocked = 0;            // with its return, and no sooner, the part fails
  std::vector<std::uint32_t> order;     // of all that returned before that, and who they need
  std::vector<std::uint32_t> unplaced;  // ok ones invoked before it that are not: `blocked` first
  std::vector<std::uint32_t> core;      // a small part that fails by itself
  bool cut_short = false;               // with a larger budget these might be nearer to the point
};

namespace detail {

template <class Model>
std::vector<Call<typename Model::Op>> calls_of(const Part<Model>& part,
                                               const history::Recorded& recorded) {
  std::vector<Call<typename Model::Op>> calls;
  calls.reserve(part.ops.size());
  for (std::size_t i = 0; i < part.ops.size(); ++i) {
    const history::RecordedOp& op = recorded.operations[part.source[i]];
    calls.push_back({&part.ops[i], op.invoked, op.returned});
  }
  return calls;
}

/// Those of the calls that make a small failing part of what had happened when calls[blocked]
/// returned.
template <class Model>
std::vector<std::uint32_t> core_of(const Model& model,
                                   std::span<const Call<typename Model::Op>> calls,
                                   std::uint32_t blocked, Meter& meter) {
  std::vector<std::uint32_t> core;
  std::vector<Call<typename Model::Op>> small;
  if constexpr (RegisterModel<Model>) {
    small = Shrinker<Model>(model, meter).shrink(calls, blocked);
  } else {
    small = PlainShrinker<Model>(model, meter).shrink(calls, blocked);
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> index;  // by invocation: all are distinct
  index.reserve(calls.size());
  for (std::uint32_t i = 0; i < calls.size(); ++i) index.emplace_back(calls[i].invoked, i);
  std::sort(index.begin(), index.end());
  for (const auto& call : small) {
    core.push_back(
        std::lower_bound(index.begin(), index.end(), std::pair(call.invoked, 0U))->second);
  }
  return core;
}

template <class Model>
void explain(const Part<Model>& part, const std::vector<Call<typename Model::Op>>& calls,
             const Linearization<typename Model::State>& failed, const SearchBudget& budget,
             PartsVerdict& r) {
  // Steps, so that what is said does not depend on a clock; but whoever waits may have enough of
  // it.
  const SearchBudget to_locate{std::max<std::size_t>(4'000'000, 24 * calls.size()), budget.bytes,
                               budget.expired};
  Meter locating(to_locate);
  const auto why = first_failure(part.model, std::span(calls), failed, locating);
  std::vector<bool> placed(calls.size(), false);
  for (const std::uint32_t i : why.order) placed[i] = true;
  for (const std::uint32_t i : why.order) r.order.push_back(part.source[i]);
  r.blocked = part.source[why.blocked];
  r.unplaced.push_back(r.blocked);
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    const bool before = calls[i].invoked < calls[why.blocked].returned;
    const bool returned = calls[i].returned != Call<typename Model::Op>::kNever;
    if (i != why.blocked && before && returned && !placed[i]) r.unplaced.push_back(part.source[i]);
  }
  const SearchBudget to_shrink{std::max<std::size_t>(2'000'000, 24 * calls.size()), budget.bytes,
                               budget.expired};
  Meter shrinking(to_shrink);
  for (const std::uint32_t i : core_of(part.model, std::span<const Call<typename Model::Op>>(calls),
                                       why.blocked, shrinking)) {
    r.core.push_back(part.source[i]);
  }
  std::sort(r.core.begin(), r.core.end());
  r.cut_short = locating.spent() || shrinking.spent();
}

}  // namespace detail

/// Every part is tried with a few steps first, so that one hard part does not hide what is wrong
/// with another; then those that are left share the rest.
template <class Model>
PartsVerdict judge_parts(const std::vector<Part<Model>>& parts, const history::Recorded& recorded,
                         const SearchBudget& budget) {
  constexpr std::uint64_t kFewSteps = 500'000;
  PartsVerdict r;
  Meter meter(budget);
  std::vector<const Part<Model>*> open;
  for (const Part<Model>& part : parts) open.push_back(&part);
  for (const bool few : {true, false}) {
    std::vector<const Part<Model>*> undecided;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const auto calls = detail::calls_of(*open[i], recorded);
      const std::uint64_t share = meter.left() / (open.size() - i);
      meter.allow(few ? std::min(share, kFewSteps + 16 * calls.size()) : share);
      const auto found = linearize(open[i]->model, std::span(calls), meter);
      r.steps = meter.steps();
      r.bytes = std::max(r.bytes, found.bytes);
      if (found.verdict == Verdict::kUnknown) undecided.push_back(open[i]);
      if (found.verdict != Verdict::kFail) continue;
      r.verdict = Verdict::kFail;
      r.label = open[i]->label;
      detail::explain(*open[i], calls, found, budget, r);
      return r;
    }
    open = std::move(undecided);
  }
  if (!open.empty()) {
    r.verdict = Verdict::kUnknown;
    r.label = open.front()->label;
  }
  return r;
}

PictureOp picture_of(const history::RecordedOp& op);

/// In words and as a picture.
CheckReport report_of(const PartsVerdict& found, const history::Recorded& recorded,
                      std::string_view model);

}  // namespace seedbed
