#include "sim/scenario/published_form.h"

#include <fmt/format.h>

#include <utility>

#include "sim/scenario/protocol_forms.h"
#include "sim/scenario/reader.h"

namespace seedbed {

namespace {

constexpr std::int64_t kMostTrials = 10'000'000;

/// A map from the names of figures to values.
template <class T, class Form>
struct FiguresForm {
  std::string_view wanted;
  Form form;

  void read(const Cursor& at, PerFigure<T>& out) const {
    if (!at.expect_map(wanted)) return;
    Reader reader(at);
    values(reader, out);
    reader.finish();
    if (at.node().children.empty()) at.error("an empty map");
  }
  Shape shape() const {
    ShapeWriter writer;
    PerFigure<T> scratch;
    values(writer, scratch);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    return s;
  }

 private:
  template <class F>
  void values(F& f, PerFigure<T>& out) const {
    for (std::size_t i = 0; i < kFigures.size(); ++i) {
      f(kFigures[i].name, out[i], kFigures[i].about, form);
    }
  }
};

template <class F>
void published_fields(F& f, Published& p, const Protocol* protocol) {
  f("source", p.source, "the paper, and where in it", TextForm{true}, Need::kRequired);
  f("measure", p.measure, "what is measured in each trial", MeasureForm{protocol}, Need::kRequired);
  f("trials", p.trials, "how many: seeds 1, 2, ...", IntegerForm{1, kMostTrials});
  f("figures", p.figures, "of a measure of time: what was published",
    FiguresForm<Duration, DurationForm>{"figures, such as { p50: 146ms }", {1_ns}});
  f("within", p.within, "the figures that are judged, and how far off they may be",
    FiguresForm<Probability, PercentForm>{"tolerances, such as { p50: 6% }", {}});
  f("share", p.share, "of a yes or no: the probability of yes");
  f("interval", p.interval, "with share: how much of the count's distribution is near enough");
  f("at_least", p.at_least, "of a yes or no: the least share of yes");
}

/// The rules between the keys.
class Rules {
 public:
  Rules(const Cursor& at, const Published& p) : at_(at), p_(p) {}

  void check() const {
    if (p_.measure == nullptr) return;
    if (!has("figures") && !has("share") && !has("at_least")) {
      return at_.error("does not say what was published; one of figures, share, at_least");
    }
    for (const std::string_view key : {"figures", "share", "at_least"}) {
      if (!has(key) || (key == "figures") != p_.measure->yes_or_no) continue;
      const auto [wanted, is] =
          p_.measure->yes_or_no ? std::pair("time", "yes or no") : std::pair("yes or no", "time");
      return complain(key, fmt::format("goes with a {}; {} is a {}", wanted, p_.measure->name, is));
    }
    if (has("share") && has("at_least")) complain("at_least", "stands instead of share");
    if (has("interval") && !has("share")) complain("interval", "goes with share");
    if (has("within") && !has("figures")) complain("within", "goes with figures");
    if (p_.interval.ppb == Probability::kOne) {
      at_.nearest("interval").error("every count is in it; less than 100% is allowed");
    }
    if (has("figures")) check_tolerances();
  }

 private:
  bool has(std::string_view key) const { return at_.node().find(key) != nullptr; }
  void complain(std::string_view key, std::string message) const {
    at_.nearest(key).key_error(std::move(message));
  }
  void check_tolerances() const {
    if (!has("within")) {
      return at_.nearest("figures").error("none is judged; say which: within: { p50: 6% }");
    }
    for (std::size_t i = 0; i < kFigures.size(); ++i) {
      if (p_.within[i] && !p_.figures[i]) {
        at_.nearest("within").nearest(kFigures[i].name).key_error("stands not among the figures");
      }
    }
  }

  const Cursor& at_;
  const Published& p_;
};

}  // namespace

void PublishedForm::read(const Cursor& at, Published& out) const {
  if (!at.expect_map("a map of what was published: source, measure, ...")) return;
  Reader reader(at);
  published_fields(reader, out, protocol);
  reader.finish();
  if (at.errors().clean(at.path())) Rules(at, out).check();
}

Shape PublishedForm::shape() const {
  Published scratch;
  ShapeWriter writer;
  published_fields(writer, scratch, protocol);
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields = writer.take();
  s.exactly_one.push_back({"figures", "share", "at_least"});
  return s;
}

}  // namespace seedbed
