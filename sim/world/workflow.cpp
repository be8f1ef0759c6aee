#include "sim/world/workflow.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/assert.h"
#include "sim/base/text.h"

namespace seedbed::workflow {

namespace {

std::string quoted(const std::string& name) { return fmt::format("'{}'", name); }

/// Of each step everything that comes after it: a step waits for earlier ones only.
std::vector<StepSet> descendants_of(const std::vector<Step>& steps) {
  std::vector<StepSet> below(steps.size());
  for (std::size_t i = steps.size(); i-- > 0;) {
    for (const StepNumber parent : steps[i].after) {
      below[parent].insert(static_cast<StepNumber>(i));
      below[parent] = below[parent] | below[i];
    }
  }
  return below;
}

std::optional<Complaint> complain_of_pivot(const std::vector<Step>& steps) {
  const auto is_pivot = [](const Step& step) { return step.pivot; };
  const auto pivot = std::find_if(steps.begin(), steps.end(), is_pivot);
  if (pivot == steps.end()) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!steps[i].compensation.empty()) continue;
      return Complaint{i, "compensate",
                       "only the pivot and what comes after it need none, and no step is "
                       "the pivot"};
    }
    return std::nullopt;
  }
  const auto at = static_cast<std::size_t>(pivot - steps.begin());
  const auto second = std::find_if(pivot + 1, steps.end(), is_pivot);
  if (second != steps.end()) {
    return Complaint{static_cast<std::size_t>(second - steps.begin()), "pivot",
                     quoted(pivot->name) + " is the pivot already; a saga has one at most"};
  }
  const std::vector<StepSet> below = descendants_of(steps);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool after = below[at].contains(static_cast<StepNumber>(i));
    const bool before = below[i].contains(static_cast<StepNumber>(at));
    const bool compensatable = !steps[i].compensation.empty();
    if (i == at && compensatable) {
      return Complaint{i, "compensate", "the pivot is never compensated"};
    }
    if (i != at && !after && !before) {
      return Complaint{i, "after",
                       "a step beside the pivot " + quoted(pivot->name) +
                           " would have to be compensated and completed; put it before or after"};
    }
    if (before && !compensatable) {
      return Complaint{i, "compensate",
                       "the step comes before the pivot, and may have "
                       "to be undone"};
    }
    if (after && compensatable) {
      return Complaint{i, "compensate",
                       "what comes after the pivot is retried until it succeeds, "
                       "never compensated"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Complaint> Workflow::complaint(const std::vector<Step>& steps) {
  if (steps.empty()) return Complaint{0, "", "a workflow without steps"};
  if (steps.size() > kMostSteps) {
    return Complaint{kMostSteps, "", fmt::format("more than {} steps", kMostSteps)};
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (steps[i].name != steps[j].name) continue;
      return Complaint{i, "step", quoted(steps[i].name) + " is the name of another step, too"};
    }
    if (!StepSet::first(i).contains(steps[i].after)) {
      return Complaint{i, "after", "a step waits for steps that stand above it"};
    }
  }
  return complain_of_pivot(steps);
}

Workflow::Workflow(std::vector<Step> steps)
    : steps_(std::move(steps)),
      successors_(steps_.size()),
      descendants_(descendants_of(steps_)),
      sinks_(all()) {
  SEEDBED_ASSERT(!complaint(steps_), "no sound workflow: {}", complaint(steps_)->text);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const auto number = static_cast<StepNumber>(i);
    const Step& step = steps_[i];
    if (step.after.empty()) sources_.insert(number);
    if (!step.compensation.empty()) compensatable_.insert(number);
    has_pivot_ |= step.pivot;
    for (const StepNumber parent : step.after) {
      successors_[parent].insert(number);
      sinks_.erase(parent);
    }
    const auto known = std::find(participants_.begin(), participants_.end(), step.participant);
    participant_.push_back(static_cast<std::uint32_t>(known - participants_.begin()));
    if (known == participants_.end()) participants_.push_back(step.participant);
  }
}

StepSet Workflow::ready(StepSet done) const {
  StepSet ready;
  for (const StepNumber s : all() - done) {
    if (done.contains(predecessors(s))) ready.insert(s);
  }
  return ready;
}

const std::shared_ptr<const Workflow>& order_workflow() {
  static const auto kOrder = std::make_shared<const Workflow>(std::vector<Step>{
      {.name = "create", .participant = "orders", .compensation = "reject"},
      {.name = "reserve", .participant = "stock", .compensation = "release", .after = {0b1}},
      {.name = "authorize", .participant = "payment", .compensation = "void", .after = {0b1}},
      {.name = "charge", .participant = "payment", .pivot = true, .after = {0b110}},
      {.name = "ship", .participant = "shipping", .after = {0b1000}},
      {.name = "approve", .participant = "orders", .after = {0b10000}},
  });
  return kOrder;
}

std::string brief_text(const SagaId& id) {
  return fmt::format("{}#{}", to_text(id.client), id.sequence);
}

std::string brief_text(const Order& order) {
  const std::string text = fmt::format("({} of item {}", order.amount, order.item);
  if (order.refused == kNoStep) return text + ")";
  return text + fmt::format(", refused at {})", order.refused + 1);
}

}  // namespace seedbed::workflow
