#include "sim/scenario/property_form.h"

#include "sim/scenario/formula_text.h"
#include "sim/scenario/reader.h"

namespace seedbed {

namespace {

using temporal::Formula;
using temporal::Operator;
using temporal::Property;

struct FormulaForm {
  const Protocol* protocol;

  void read(const Cursor& at, Formula& out) const {
    const auto text = at.scalar("a condition, such as count(role == leader) <= 1");
    if (!text || protocol == nullptr) return;
    auto parsed = parse_formula(*text, words_of_properties(*protocol));
    if (!parsed.value) return at.error(std::move(parsed.error));
    out = std::move(*parsed.value);
  }
  Shape shape() const {
    Shape s;
    s.kind = Shape::Kind::kText;
    s.noun = "a condition";
    s.example = "count(role == leader) <= 1";
    return s;
  }
};

/// `eventually:` and `leads_to:`.
struct WindowForm {
  const Protocol* protocol;
  bool leads;

  template <class F>
  void keys(F& f, Property& out) const {
    if (leads) {
      f("from", out.from, "whenever this holds", FormulaForm{protocol}, Need::kRequired);
    }
    f("to", out.what, "this does, then or later", FormulaForm{protocol}, Need::kRequired);
    f("within", out.within, leads ? "so soon after it" : "so soon after the beginning",
      DurationForm{}, Need::kRequired);
  }
  void read(const Cursor& at, Property& out) const {
    if (!at.expect_map(leads ? "a map, such as { from: fault crash, to: any(role == leader), "
                               "within: 3s }"
                             : "a map, such as { to: any(role == leader), within: 3s }")) {
      return;
    }
    Reader reader(at);
    keys(reader, out);
    reader.finish();
  }
  Shape shape() const {
    Property scratch;
    ShapeWriter writer;
    keys(writer, scratch);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    return s;
  }
};

constexpr std::string_view kOperators[] = {"always", "sometimes", "eventually", "leads_to"};

template <class F>
void property_keys(F& f, Property& p, const Protocol* protocol) {
  f("name", p.name, "of the property, which expect may name",
    NameForm{"-_", true, false, "a property's name"}, Need::kRequired);
  f("always", p.what, "holds after every event", FormulaForm{protocol});
  f("sometimes", p.what, "holds after some event of the run", FormulaForm{protocol});
  f("eventually", p, "holds soon after the beginning", WindowForm{protocol, false});
  f("leads_to", p, "whenever one thing holds, another does soon", WindowForm{protocol, true});
}

}  // namespace

void PropertyForm::read(const Cursor& at, Property& out) const {
  if (!at.expect_map("a property")) return;
  Reader reader(at);
  property_keys(reader, out, protocol);
  reader.finish();
  if (!at.errors().clean(at.path())) return;
  if (!expect_one_key(at, "operator", {std::begin(kOperators), std::end(kOperators)})) return;
  for (std::size_t i = 0; i < std::size(kOperators); ++i) {
    if (at.node().find(kOperators[i]) != nullptr) out.is = static_cast<Operator>(i);
  }
}

Shape PropertyForm::shape() const {
  Property scratch;
  ShapeWriter writer;
  property_keys(writer, scratch, protocol);
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields = writer.take();
  s.exactly_one.push_back({std::begin(kOperators), std::end(kOperators)});
  return s;
}

}  // namespace seedbed
