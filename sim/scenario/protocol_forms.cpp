#include "sim/scenario/protocol_forms.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"
#include "sim/scenario/property_form.h"
#include "sim/scenario/reader.h"

namespace seedbed {

namespace {

template <class Infos>
std::vector<Word> words_of(const Infos& infos) {
  std::vector<Word> words;
  for (const auto& info : infos) words.push_back({info.name, info.about});
  return words;
}

std::vector<Word> protocol_words() {
  std::vector<Word> words;
  for (const Protocol* p : all_protocols()) words.push_back({p->name, p->title});
  return words;
}

Shape any_name() {
  Shape s;
  s.kind = Shape::Kind::kText;
  s.noun = "a name";
  return s;
}

/// One of the protocol's own words. It may have none.
void read_own_word(const Cursor& at, const Protocol& protocol, std::string_view noun,
                   const std::vector<Word>& words, std::string& out) {
  if (words.empty()) return at.error(fmt::format("{} has no {}s", protocol.name, noun));
  const auto i = read_word(at, words, fmt::format("{} of {}", noun, protocol.name));
  if (i) out = words[*i].name;
}

struct ParameterForm {
  const Parameter* parameter;

  void read(const Cursor& at, Value& out) const {
    const auto [lo, hi] = parameter->bounds;
    switch (parameter->kind) {
      case ValueKind::kInteger: return IntegerForm{lo, hi}.read(at, out.lo);
      case ValueKind::kBoolean: {
        bool value = false;
        BooleanForm{}.read(at, value);
        out.lo = value ? 1 : 0;
        return;
      }
      case ValueKind::kDuration: {
        Duration d;
        DurationForm{Duration(lo), Duration(hi)}.read(at, d);
        out.lo = d.count();
        return;
      }
      case ValueKind::kDurationRange: {
        Range<Duration> range;
        RangeForm{Duration(lo), Duration(hi)}.read(at, range);
        out = {range.min.count(), range.max.count()};
        return;
      }
      case ValueKind::kProbability: return read_probability(at, out);
    }
  }

  Shape shape() const {
    const auto [lo, hi] = parameter->bounds;
    switch (parameter->kind) {
      case ValueKind::kInteger: return IntegerForm{lo, hi}.shape();
      case ValueKind::kBoolean: return BooleanForm{}.shape();
      case ValueKind::kDuration: return DurationForm{Duration(lo), Duration(hi)}.shape();
      case ValueKind::kDurationRange: return RangeForm{Duration(lo), Duration(hi)}.shape();
      case ValueKind::kProbability: return PercentForm{}.shape();
    }
    return {};
  }

 private:
  void read_probability(const Cursor& at, Value& out) const {
    const auto [lo, hi] = parameter->bounds;
    Probability p{static_cast<std::uint32_t>(lo)};
    PercentForm{}.read(at, p);
    if (p.ppb < lo || p.ppb > hi) {
      at.error(fmt::format("{} is out of bounds: allowed is {} to {}", to_text(p),
                           to_text(parameter->kind, {lo, 0}), to_text(parameter->kind, {hi, 0})));
    }
    out.lo = p.ppb;
  }
};

template <class F>
void parameter_fields(F& f, const Protocol& protocol, ParameterValues& values) {
  values.resize(protocol.parameters.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Parameter& p = protocol.parameters[i];
    const std::string about = fmt::format("{} (default {})", p.about, to_text(p.kind, p.initial));
    f(p.name, values[i], about, ParameterForm{&p});
  }
}

/// The names that `check:` may list; with `built_in` also those that every run has.
std::vector<Word> check_words(const Judged& judged, bool built_in) {
  std::vector<Word> words;
  const std::vector<const Workload*> workloads = judged.workloads();
  for (const Workload* workload : workloads) {
    for (const WorkloadCheck& check : workload->checks) words.push_back({check.name, check.about});
  }
  if (!workloads.empty() && judged.protocol->recovery != nullptr) {
    words.push_back({kRecoveryCheck, "the service is back some time after the last fault"});
  }
  for (const InvariantInfo& info : judged.protocol->invariants) {
    words.push_back({info.name, info.about});
  }
  if (built_in) {
    words.push_back({kAssertCheck, "an assertion in the protocol"});
    words.push_back({kProgressCheck, "operations are acknowledged, and faults take effect"});
  }
  return words;
}

/// Some workload has this check.
bool is_of_workloads(std::string_view name) {
  const auto is_it = [&](const WorkloadCheck& check) { return check.name == name; };
  return name == kRecoveryCheck ||
         std::any_of(all_workloads().begin(), all_workloads().end(), [&](const Workload* w) {
           return std::any_of(w->checks.begin(), w->checks.end(), is_it);
         });
}

/// One name of a check.
struct CheckNameForm {
  Judged judged;
  bool built_in;
  std::span<const temporal::Property> properties = {};

  void read(const Cursor& at, std::string& out) const {
    if (judged.protocol == nullptr) return;
    const std::string& name = at.node().text;
    const auto& invariants = judged.protocol->invariants;
    const bool own = std::any_of(invariants.begin(), invariants.end(),
                                 [&](const InvariantInfo& i) { return i.name == name; });
    if (!own && is_of_workloads(name) && judged.workloads().empty()) {
      return at.error(fmt::format("{} judges a workload, and there is none", name));
    }
    if (name == kRecoveryCheck && judged.protocol->recovery == nullptr) {
      return at.error(
          fmt::format("{} does not say how long its recovery takes", judged.protocol->name));
    }
    std::vector<Word> words = check_words(judged, built_in);
    for (const temporal::Property& p : properties) words.push_back({p.name, "of this scenario"});
    if (const auto i = read_word(at, words, "check of this scenario")) out = words[*i].name;
  }
  Shape shape() const {
    return judged.protocol == nullptr ? any_name() : shape_of(check_words(judged, built_in));
  }
};

struct Expectation {
  std::string violates;
  CheckNameForm form;
};
template <class F>
void fields(F& f, Expectation& expectation) {
  f("violates", expectation.violates, "the check that must fail first", expectation.form,
    Need::kRequired);
}

struct FaultPointNameForm {
  const Protocol* protocol;
  void read(const Cursor& at, std::string& out) const {
    if (protocol == nullptr) return;
    read_own_word(at, *protocol, "fault point", words_of(protocol->fault_points), out);
  }
  Shape shape() const {
    return protocol == nullptr ? any_name() : shape_of(words_of(protocol->fault_points));
  }
};

template <class F>
void fault_point_fields(F& f, FaultPointConfig& points, const Protocol* protocol) {
  f("chance", points.chance, "how likely a fault point is taken when it is reached",
    Need::kRequired);
  f("active", points.active, "how likely a fault point is active in a run at all");
  f("only", points.only, "only those with these names; left out: all",
    ListForm<FaultPointNameForm>{"a list of fault points", {protocol}, 1});
}

constexpr Word kPass[] = {{"pass", "no check fails"}};

}  // namespace

void ProtocolForm::read(const Cursor& at, const Protocol*& out) const {
  const std::vector<Word> words = protocol_words();
  if (const auto i = read_word(at, words, "protocol")) out = all_protocols()[*i];
}
Shape ProtocolForm::shape() const { return shape_of(protocol_words()); }

void VariantForm::read(const Cursor& at, std::string& out) const {
  if (protocol == nullptr) return;
  read_own_word(at, *protocol, "variant", words_of(protocol->variants), out);
}
Shape VariantForm::shape() const {
  return protocol == nullptr ? any_name() : shape_of(words_of(protocol->variants));
}

void MeasureForm::read(const Cursor& at, const MeasureInfo*& out) const {
  if (protocol == nullptr) return;
  std::string name;
  read_own_word(at, *protocol, "measure", words_of(protocol->measures), name);
  for (const MeasureInfo& m : protocol->measures) {
    if (m.name == name) out = &m;
  }
}
Shape MeasureForm::shape() const {
  return protocol == nullptr ? any_name() : shape_of(words_of(protocol->measures));
}

void MutantForm::read(const Cursor& at, std::string& out) const {
  if (protocol == nullptr || at.node().kind == YamlNode::Kind::kNull) return;
  read_own_word(at, *protocol, "mutant", words_of(protocol->mutants), out);
}
Shape MutantForm::shape() const {
  Shape none;
  none.kind = Shape::Kind::kNull;
  return Shape::either(
      {protocol == nullptr ? any_name() : shape_of(words_of(protocol->mutants)), std::move(none)});
}

void WithForm::read(const Cursor& at, ParameterValues& out) const {
  if (!at.expect_map("a map of the protocol's parameters") || protocol == nullptr) return;
  Reader reader(at);
  parameter_fields(reader, *protocol, out);
  reader.finish();
}
Shape WithForm::shape() const {
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.open = protocol == nullptr;
  if (protocol != nullptr) {
    ShapeWriter writer;
    ParameterValues scratch;
    parameter_fields(writer, *protocol, scratch);
    s.fields = writer.take();
  }
  return s;
}

std::vector<const Workload*> Judged::workloads() const {
  if (workload != nullptr) return {workload};
  std::vector<const Workload*> served;
  for (const Workload* w : all_workloads()) {
    if (any_workload && protocol != nullptr && w->service == protocol->workload) {
      served.push_back(w);
    }
  }
  return served;
}

void CheckForm::read(const Cursor& at, Scenario& out) const {
  if (!at.expect_list("a list of checks")) return;
  const std::size_t count = at.node().children.size();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    if (at.item(i).node().is_map()) {
      PropertyForm{judged.protocol}.read(at.item(i), out.properties.emplace_back());
    } else {
      CheckNameForm{judged, false}.read(at.item(i), names.emplace_back());
    }
  }
  if (!names.empty() || count == 0) out.checks = names;
  if (!at.errors().clean(at.path())) return;
  std::vector<std::string_view> known;
  if (judged.protocol != nullptr) {
    const std::vector<Word> words = check_words({judged.protocol, nullptr, true}, true);
    for (const Word& word : words) known.push_back(word.name);
  }
  std::vector<std::string_view> listed;
  std::size_t next_name = 0, next_property = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool own = at.item(i).node().is_map();
    const std::string& name = own ? out.properties[next_property++].name : names[next_name++];
    if (own && std::find(known.begin(), known.end(), name) != known.end()) {
      at.item(i).nearest("name").error(in_quotes(name) + " is a check already");
    } else if (std::find(listed.begin(), listed.end(), name) != listed.end()) {
      at.item(i).error("is listed twice");
    }
    listed.push_back(name);
  }
}
Shape CheckForm::shape() const {
  return Shape::list_of(
      Shape::either({CheckNameForm{judged, false}.shape(), PropertyForm{judged.protocol}.shape()}));
}

void FaultPointsForm::read(const Cursor& at, FaultPointConfig& out) const {
  if (!at.expect_map("a map, such as { chance: 5% }")) return;
  Reader reader(at);
  fault_point_fields(reader, out, protocol);
  reader.finish();
}
Shape FaultPointsForm::shape() const {
  ShapeWriter writer;
  FaultPointConfig scratch;
  fault_point_fields(writer, scratch, protocol);
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields = writer.take();
  return s;
}

void ExpectForm::read(const Cursor& at, std::string& out) const {
  if (at.node().is_scalar()) {
    if (read_word(at, kPass, "expectation; write pass, or { violates: CHECK }")) out.clear();
    return;
  }
  Expectation expectation{{}, {judged, true, properties}};
  if (!at.expect_map("pass or { violates: CHECK }")) return;
  Reader reader(at);
  fields(reader, expectation);
  reader.finish();
  out = expectation.violates;
}
Shape ExpectForm::shape() const {
  Expectation scratch{{}, {judged, true}};
  ShapeWriter writer;
  fields(writer, scratch);
  Shape map;
  map.kind = Shape::Kind::kMap;
  map.fields = writer.take();
  return Shape::either({shape_of(kPass), std::move(map)});
}

}  // namespace seedbed
