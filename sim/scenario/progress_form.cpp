#include "sim/scenario/progress_form.h"

#include "sim/scenario/reader.h"

namespace seedbed {

namespace {

constexpr Choice<bool> kOnOff[] = {
    {"on", true, "a run in which nothing was acknowledged fails"},
    {"off", false, "and does not; say why in about"},
};
constexpr MapForm<Steadiness> kSteady = {"on, off, or a demand: { within: 3s, from: 10s }"};

}  // namespace

template <class F>
void fields(F& f, Steadiness& steady) {
  f("within", steady.within, "the longest time without an acknowledged operation",
    DurationForm{1_ns}, Need::kRequired);
  f("from", steady.from, "from then on (left out: from the start) until the duration is over");
}

void ProgressForm::read(const Cursor& at, Scenario& out) const {
  if (at.node().is_scalar()) return ChoiceForm<bool>{kOnOff}.read(at, out.progress);
  Steadiness steady;
  kSteady.read(at, steady);
  out.steady = steady;
}

Shape ProgressForm::shape() const {
  return Shape::either({ChoiceForm<bool>{kOnOff}.shape(), kSteady.shape()});
}

}  // namespace seedbed
