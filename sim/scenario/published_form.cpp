#include "sim/scenario/published_form.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/text.h"
#include "sim/scenario/protocol_forms.h"
#include "sim/scenario/reader.h"

namespace seedbed {

namespace {

constexpr std::int64_t kMostTrials = 10'000'000;
constexpr std::int64_t kMostAmount = 1'000'000'000'000'000'000;
constexpr std::string_view kOr = " or ";

/// "146ms" or "0.18".
Parsed<Quantity> parse_quantity(std::string_view text) {
  if (!text.empty() && (text.back() < '0' || text.back() > '9')) {
    const Parsed<Duration> d = parse_duration(text);
    if (!d.value) return {std::nullopt, d.error};
    return {Quantity{d.value->count(), MeasureKind::kTime}, ""};
  }
  const Parsed<std::int64_t> n = parse_decimal(text, 9, 0, kMostAmount);
  if (!n.value) return {std::nullopt, n.error};
  return {Quantity{*n.value, MeasureKind::kNumber}, ""};
}

struct QuantityForm {
  void read(const Cursor& at, Quantity& out) const {
    const auto text = at.unquoted("a duration or a number, such as 146ms or 0.18");
    if (!text) return;
    const Parsed<Quantity> parsed = parse_quantity(*text);
    if (!parsed.value) return at.error(parsed.error);
    out = *parsed.value;
  }
  Shape shape() const { return Shape::either({DurationForm{}.shape(), DecimalForm{}.shape()}); }
};

/// "6%", "0.2", "5ms", "6% or 0.2".
struct ToleranceForm {
  void read(const Cursor& at, Tolerance& out) const {
    const auto text = at.unquoted("a tolerance, such as 6%, 0.2 or 6% or 0.2");
    if (!text) return;
    std::string_view rest = *text;
    const std::size_t cut = rest.find(kOr);
    if (rest.substr(0, cut).ends_with('%')) {
      const Parsed<Probability> share = parse_percent(rest.substr(0, cut));
      if (!share.value) return at.error(share.error);
      out.relative = *share.value;
      if (cut == rest.npos) return;
      rest.remove_prefix(cut + kOr.size());
    }
    const Parsed<Quantity> amount = parse_quantity(rest);
    if (!amount.value) return at.error(amount.error);
    out.absolute = *amount.value;
  }
  Shape shape() const {
    Shape both;
    both.kind = Shape::Kind::kText;
    both.noun = "a tolerance";
    both.pattern = "^[0-9]+(\\.[0-9]+)?% or [0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|min|h)?$";
    both.example = "6% or 0.2";
    return Shape::either({PercentForm{}.shape(), QuantityForm{}.shape(), std::move(both)});
  }
};

/// A map from the names of figures to values.
template <class T, class Form>
struct FiguresForm {
  std::string_view wanted;
  Form form{};

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
void measure_fields(F& f, PublishedMeasure& m, const Protocol* protocol, Need need) {
  f("measure", m.measure, "what is measured in each trial", MeasureForm{protocol}, need);
  f("figures", m.figures, "of a time or a number: what was published",
    FiguresForm<Quantity, QuantityForm>{"figures, such as { p50: 146ms }"});
  f("within", m.within, "the figures that are judged, and how far off they may be",
    FiguresForm<Tolerance, ToleranceForm>{"tolerances, such as { p50: 6% }"});
  f("share", m.share, "of a yes or no: the probability of yes");
  f("interval", m.interval, "with share: how much of the count's distribution is near enough");
  f("at_least", m.at_least, "of a yes or no: the least share of yes");
}

/// The rules between the keys of one measure.
class Rules {
 public:
  Rules(const Cursor& at, const PublishedMeasure& p) : at_(at), p_(p) {}

  void check() const {
    if (p_.measure == nullptr) return;
    if (!has("figures") && !has("share") && !has("at_least")) {
      return at_.error("does not say what was published; one of figures, share, at_least");
    }
    const bool yes_or_no = p_.measure->kind == MeasureKind::kYesOrNo;
    for (const std::string_view key : {"figures", "share", "at_least"}) {
      if (!has(key) || (key == "figures") != yes_or_no) continue;
      return complain(key, fmt::format("goes with {}; {} is {}",
                                       yes_or_no ? "a time or a number" : "a yes or no",
                                       p_.measure->name, noun_of(p_.measure->kind)));
    }
    if (has("share") && has("at_least")) complain("at_least", "stands instead of share");
    if (has("interval") && !has("share")) complain("interval", "goes with share");
    if (has("within") && !has("figures")) complain("within", "goes with figures");
    if (p_.interval.ppb == Probability::kOne) {
      at_.nearest("interval").error("every count is in it; less than 100% is allowed");
    }
    if (has("figures") && !yes_or_no) check_figures();
  }

 private:
  bool has(std::string_view key) const { return at_.node().find(key) != nullptr; }
  void complain(std::string_view key, std::string message) const {
    at_.nearest(key).key_error(std::move(message));
  }
  void check_figures() const {
    if (!has("within")) {
      return at_.nearest("figures").error("none is judged; say which: within: { p50: 6% }");
    }
    for (std::size_t i = 0; i < kFigures.size(); ++i) {
      const std::string_view name = kFigures[i].name;
      if (p_.figures[i]) check_kind("figures", name, *p_.figures[i]);
      if (!p_.within[i]) continue;
      if (!p_.figures[i]) {
        at_.nearest("within").nearest(name).key_error("stands not among the figures");
      }
      if (p_.within[i]->absolute) check_kind("within", name, *p_.within[i]->absolute);
    }
  }
  void check_kind(std::string_view key, std::string_view figure, Quantity q) const {
    if (q.kind == p_.measure->kind) return;
    at_.nearest(key).nearest(figure).error(fmt::format("{} is {}; {} is {}", to_text(q),
                                                       noun_of(q.kind), p_.measure->name,
                                                       noun_of(p_.measure->kind)));
  }

  const Cursor& at_;
  const PublishedMeasure& p_;
};

struct PublishedMeasureForm {
  const Protocol* protocol = nullptr;

  void read(const Cursor& at, PublishedMeasure& out) const {
    if (!at.expect_map("a measure and what was published of it")) return;
    Reader reader(at);
    measure_fields(reader, out, protocol, Need::kRequired);
    reader.finish();
    if (at.errors().clean(at.path())) Rules(at, out).check();
  }
  Shape shape() const {
    PublishedMeasure scratch;
    ShapeWriter writer;
    measure_fields(writer, scratch, protocol, Need::kRequired);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    s.exactly_one.push_back({"figures", "share", "at_least"});
    return s;
  }
};

/// `one` is the measure that stands there without a list.
template <class F>
void published_fields(F& f, Published& p, PublishedMeasure& one, const Protocol* protocol) {
  f("source", p.source, "the paper, and where in it", TextForm{true}, Need::kRequired);
  f("trials", p.trials, "how many: seeds 1, 2, ...", IntegerForm{1, kMostTrials});
  measure_fields(f, one, protocol, Need::kOptional);
  f("measures", p.measures, "several measures of the same trials",
    ListForm<PublishedMeasureForm>{"a list of measures", {protocol}, 1});
}

/// The keys of one measure and the list of several exclude each other.
void check_which(const Cursor& at) {
  const bool list = at.node().find("measures") != nullptr;
  if (!list && at.node().find("measure") == nullptr) {
    return at.error("does not say what was measured; one of measure, measures");
  }
  for (const std::string_view key :
       {"measure", "figures", "within", "share", "interval", "at_least"}) {
    if (list && at.node().find(key) != nullptr) {
      at.nearest(key).key_error("stands in the list of measures");
    }
  }
}

}  // namespace

void PublishedForm::read(const Cursor& at, Published& out) const {
  if (!at.expect_map("a map of what was published: source, measure, ...")) return;
  Reader reader(at);
  PublishedMeasure one;
  published_fields(reader, out, one, protocol);
  reader.finish();
  check_which(at);
  if (!at.errors().clean(at.path())) return;
  if (at.node().find("measures") != nullptr || one.measure == nullptr) return;
  Rules(at, one).check();
  out.measures.push_back(std::move(one));
}

Shape PublishedForm::shape() const {
  Published scratch;
  PublishedMeasure one;
  ShapeWriter writer;
  published_fields(writer, scratch, one, protocol);
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields = writer.take();
  s.exactly_one.push_back({"figures", "share", "at_least", "measures"});
  return s;
}

}  // namespace seedbed
