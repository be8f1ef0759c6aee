#include "sim/scenario/workflow_form.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/reader.h"

namespace seedbed {

namespace {

using workflow::Step;
using workflow::StepNumber;

struct StepDraft {
  Step step;
  std::optional<std::vector<std::string>> after;
};

constexpr Duration kLongestWait = 3'600_s;
constexpr NameForm kStepName{"-_", false, false, "a step's name"};
constexpr NameForm kParticipantName{"-_", false, false, "a participant's name"};
constexpr NameForm kCompensationName{"-_", false, false, "a compensation's name"};
constexpr ListForm<NameForm> kAfterForm = {"a list of steps",
                                           {"-_", false, false, "a step's name"}};

template <class F>
void fields(F& f, StepDraft& d) {
  Step& s = d.step;
  f("step", s.name, "its name", kStepName, Need::kRequired);
  f("participant", s.participant, "whose local transaction it is", kParticipantName,
    Need::kRequired);
  f("compensate", s.compensation,
    "the transaction that undoes it; the pivot, and what comes after it, have none",
    kCompensationName);
  f("pivot", s.pivot, "once it has taken effect the saga will complete; one step at most");
  f("after", d.after,
    "the steps above that it waits for; left out: the one before it. Two that wait for the same "
    "are parallel",
    kAfterForm);
  f("timeout", s.timeout, "after so long without an answer it is asked again",
    DurationForm{1_ms, kLongestWait});
  f("retries", s.retries, "how often it is asked again, if it may fail, before the saga turns back",
    IntegerForm{0, 1'000});
  f("backoff", s.backoff, "the pause before that: doubled each time, from the first to the second",
    RangeForm{1_ms, kLongestWait});
}

constexpr MapForm<StepDraft> kStepForm = {
    "a step, such as { step: reserve, participant: stock, compensate: release }"};
constexpr ListForm<MapForm<StepDraft>> kStepsForm = {"a list of steps", kStepForm, 1};

/// The steps that step `i` waits for, by their names.
workflow::StepSet read_after(const Cursor& at, const std::vector<StepDraft>& drafts,
                             std::size_t i) {
  workflow::StepSet after;
  if (!drafts[i].after) {
    if (i > 0) after.insert(static_cast<StepNumber>(i - 1));
    return after;
  }
  std::vector<Word> above;
  for (std::size_t j = 0; j < i; ++j) above.push_back({drafts[j].step.name, ""});
  for (std::size_t k = 0; k < drafts[i].after->size(); ++k) {
    const Cursor name = at.nearest("after").item(k);
    if (above.empty()) {
      name.error("the first step waits for no other");
    } else if (const auto j = read_word(name, above, "step above this one")) {
      after.insert(static_cast<StepNumber>(*j));
    }
  }
  return after;
}

}  // namespace

void WorkflowForm::read(const Cursor& at, std::shared_ptr<const workflow::Workflow>& out) const {
  std::vector<StepDraft> drafts;
  kStepsForm.read(at, drafts);
  if (drafts.size() > workflow::kMostSteps) {
    return at.item(workflow::kMostSteps)
        .error(fmt::format("the step is one too many: {} are the most", workflow::kMostSteps));
  }
  if (!at.errors().clean(at.path())) return;
  std::vector<Step> steps;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    steps.push_back(drafts[i].step);
    steps.back().after = read_after(at.item(i), drafts, i);
  }
  if (!at.errors().clean(at.path())) return;
  if (const auto wrong = workflow::Workflow::complaint(steps)) {
    const Cursor step = at.item(wrong->step);
    const bool missing = wrong->key == "compensate" && step.node().find(wrong->key) == nullptr;
    if (missing) return step.missing(wrong->key, wrong->text);
    return step.nearest(wrong->key).error(wrong->text);
  }
  out = std::make_shared<const workflow::Workflow>(std::move(steps));
}

Shape WorkflowForm::shape() const { return kStepsForm.shape(); }

}  // namespace seedbed
