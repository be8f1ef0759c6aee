#include "sim/scenario/fault_form.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace seedbed {

namespace {

// The keys of an entry that say when; a fault has none of these names.
constexpr std::string_view kTiming[] = {"at", "every", "from", "until", "id", "one_of"};

constexpr Choice<bool> kEverything[] = {{"all", true, "every fault that is under way"}};

struct LinkForm {
  const Who* who;
  template <class F>
  void ends(F& f, Link& link) const {
    f("from", link.from, "whose messages", SelectorForm{who}, Need::kRequired);
    f("to", link.to, "to whom", SelectorForm{who}, Need::kRequired);
  }
  void read(const Cursor& at, Link& out) const {
    if (!at.expect_map("a link, such as { from: leader, to: followers }")) return;
    Reader reader(at);
    ends(reader, out);
    reader.finish();
  }
  Shape shape() const {
    ShapeWriter writer;
    Link scratch;
    ends(writer, scratch);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    return s;
  }
};

/// `on:` of the weather.
struct ScopeForm {
  const Who* who;
  void read(const Cursor& at, Scope& out) const {
    if (!at.node().is_map()) return SelectorForm{who}.read(at, out.who);
    LinkForm{who}.read(at, out.link.emplace());
  }
  Shape shape() const { return Shape::either({SelectorForm{who}.shape(), LinkForm{who}.shape()}); }
};

struct RateOfUplinkForm {
  void read(const Cursor& at, Rate& out) const {
    read_unit(at, out.bits, kBandwidthForm, parse_bandwidth);
  }
  Shape shape() const { return shape_of(kBandwidthForm); }
};

}  // namespace

template <class F>
void fields(F& f, HeldBack& held) {
  f("chance", held.chance, "how likely a message is held back", Need::kRequired);
  f("by", held.by, "for how long", Need::kRequired);
}

namespace {

/// What a key says that goes wrong: a fault, or what a protocol adds to them.
struct Meaning {
  const FaultInfo* fault = nullptr;
  const ProtocolAction* action = nullptr;
  explicit operator bool() const { return fault != nullptr || action != nullptr; }
  std::string_view name() const { return fault != nullptr ? fault->name : action->name; }
  bool operator==(const Meaning&) const = default;
};

/// Calls `f(protocol, action)` for the actions of `protocol`; where it is not known, for all there
/// are.
void each_action(const Protocol* protocol, auto f) {
  for (const Protocol* p : all_protocols()) {
    if (protocol != nullptr && p != protocol) continue;
    for (const ProtocolAction& action : p->actions) f(*p, action);
  }
}

/// Reads, or describes, a field by its type.
template <class F>
struct FieldVisitor {
  F& f;
  const FaultField& field;
  Fault& fault;
  const Who* who;

  void take(auto& member, const auto& form) const {
    f(field.name, member, field.about, form, field.required ? Need::kRequired : Need::kOptional);
  }
  void operator()(Selector Fault::*m) const {
    if (field.least > 1) return take(fault.*m, EndsForm{who});
    take(fault.*m, SelectorForm{who});
  }
  void operator()(PartitionShape Fault::*m) const { take(fault.*m, PartitionForm{who}); }
  void operator()(Link Fault::*m) const { take(fault.*m, LinkForm{who}); }
  void operator()(Scope Fault::*m) const { take(fault.*m, ScopeForm{who}); }
  void operator()(Rate Fault::*m) const { take(fault.*m, RateOfUplinkForm{}); }
  void operator()(Probability Fault::*m) const { take(fault.*m, PercentForm{}); }
  void operator()(HeldBack Fault::*m) const {
    take(fault.*m, MapForm<HeldBack>{"a map, such as { chance: 1%, by: 10ms }"});
  }
  void operator()(Range<Duration> Fault::*m) const {
    take(fault.*m, RangeForm{Duration(field.least), std::min(Duration(field.most), kLongest)});
  }
  void operator()(std::optional<Range<Duration>> Fault::*m) const { take(fault.*m, RangeForm{}); }
  void operator()(std::uint64_t Fault::*m) const {
    take(fault.*m, IntegerForm{field.least, field.most});
  }
  void operator()(Factor Fault::*m) const {
    take((fault.*m).permille, FactorForm{static_cast<std::uint64_t>(field.least),
                                         static_cast<std::uint64_t>(field.most)});
  }
  void operator()(Range<std::int64_t> Fault::*m) const { take(fault.*m, DriftRangeForm{}); }
  void operator()(Duration Fault::*m) const { take(fault.*m, DurationForm{}); }
  void operator()(std::string Fault::*m) const { take(fault.*m, TextForm{true}); }
  void operator()(bool Fault::*m) const { take(fault.*m, ChoiceForm<bool>{kEverything}); }
};

/// The keys of a fault, as its row has them (sim/chaos); of an action, its one key.
template <class F>
void fault_fields(F& f, const Meaning& meaning, Fault& fault, const Who* who) {
  if (const ProtocolAction* action = meaning.action) {
    f(action->name, fault.who, action->who, SelectorForm{who}, Need::kRequired);
    return;
  }
  for (const FaultField& field : meaning.fault->fields) {
    std::visit(FieldVisitor<F>{f, field, fault, who}, field.member);
  }
}

Meaning meaning_of(std::string_view key, const Protocol* protocol) {
  Meaning meaning;
  each_action(protocol, [&](const Protocol&, const ProtocolAction& action) {
    if (action.name == key) meaning.action = &action;
  });
  if (meaning) return meaning;
  for (const FaultInfo* info : all_faults()) {
    if (info->name == key) meaning.fault = info;
  }
  return meaning;
}

/// Says so where `key` is known, but not to this scenario.
bool complain_of_stranger(const Cursor& at, std::string_view key, const Who& who) {
  const Protocol* owner = nullptr;
  each_action(nullptr, [&](const Protocol& p, const ProtocolAction& action) {
    if (action.name == key) owner = &p;
  });
  if (owner == nullptr) return false;
  at.key_error(
      fmt::format("an action of {}; the protocol here is {}", owner->name, who.protocol->name));
  return true;
}

/// Somebody can join, for all that is known; complains where nobody can.
bool can_join(const Cursor& at, const Who& who) {
  if (!who.certain || who.spares != 0) return who.certain;
  at.error("nobody can join: the scenario has no spares; say how many, such as spares: 2");
  return false;
}

/// Only spares can.
void check_joiners(const Cursor& at, const Selector& joiners, const Who& who) {
  if (!who.certain || !at.errors().clean(at.path())) return;
  if (!joiners.role.empty()) {
    return at.error("who has not joined has no role; name a spare, random or all");
  }
  for (const NodeId n : joiners.nodes) {
    if (n.value > who.nodes && n.value <= who.servers()) continue;
    return at.error(fmt::format("only spares can join: {}", who.spare_names()));
  }
}

/// No key of the map is a fault's name.
void complain_of_none(Reader& reader, const Who& who) {
  const Cursor& at = reader.at();
  const std::vector<std::string_view> keys = keys_of_entries();
  bool explained = false;
  for (const YamlNode& child : at.node().children) {
    if (std::find(keys.begin(), keys.end(), child.key) != keys.end()) continue;
    std::vector<std::string_view> meant = fault_names(who.protocol);
    meant.insert(meant.end(), reader.known().begin(), reader.known().end());
    at.child(child).key_error("no such fault" + suggestion(child.key, meant, "known are"));
    explained = true;
  }
  if (!explained) at.error("names no fault; one of " + listed(fault_names(who.protocol)));
}

}  // namespace

std::vector<std::string_view> fault_names(const Protocol* protocol) {
  std::vector<std::string_view> names;
  for (const FaultInfo* info : all_faults()) names.push_back(info->name);
  each_action(protocol,
              [&](const Protocol&, const ProtocolAction& action) { names.push_back(action.name); });
  return names;
}

std::vector<std::string_view> keys_of_entries() {
  std::vector<std::string_view> keys(std::begin(kTiming), std::end(kTiming));
  for (const FaultInfo* info : all_faults()) {
    for (const FaultField& field : info->fields) keys.push_back(field.name);
  }
  each_action(nullptr,
              [&](const Protocol&, const ProtocolAction& action) { keys.push_back(action.name); });
  return keys;
}

void read_fault(Reader& reader, const Who& who, Fault& out) {
  const Cursor& at = reader.at();
  Meaning meant;
  bool good = true;
  for (const YamlNode& child : at.node().children) {
    const Meaning found = meaning_of(child.key, who.protocol);
    if (!found) {
      if (complain_of_stranger(at.child(child), child.key, who)) good = false;
    } else if (!meant) {
      meant = found;
    } else if (meant != found) {
      at.child(child).key_error(
          fmt::format("a second fault beside '{}'; an entry holds one, or one_of", meant.name()));
      good = false;
    }
  }
  if (!meant) {
    if (good) complain_of_none(reader, who);
    return;
  }
  out.info = meant.fault != nullptr ? meant.fault : &faults::kAction;
  out.action = meant.action;
  const bool joins = meant.fault == &faults::kJoin;
  Who known = who;
  if (joins) known.certain = can_join(at.nearest(faults::kJoin.name), who);  // one error is enough
  fault_fields(reader, meant, out, joins ? &known : &who);
  if (joins) who.named = known.named;
  if (joins) check_joiners(at.nearest(faults::kJoin.name), out.who, who);
  if (good) reader.finish(meant.name(), keys_of_entries());
}

void FaultForm::read(const Cursor& at, Fault& out) const {
  if (!at.expect_map("a fault, such as { crash: random, for: 1s }")) return;
  Reader reader(at);
  read_fault(reader, *who, out);
}

Shape FaultForm::shape() const { return fault_shape({}); }

Shape fault_shape(std::vector<FieldShape> others) {
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields = std::move(others);
  const std::size_t first = s.fields.size();
  const auto has = [](const std::vector<FieldShape>& fields, const std::string& name) {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const FieldShape& f) { return f.name == name; });
  };
  Fault scratch;
  const Who nobody;
  std::vector<std::string>& names = s.exactly_one.emplace_back();
  const auto add = [&](const Meaning& meaning) {
    ShapeWriter writer;
    fault_fields(writer, meaning, scratch, &nobody);
    s.cases.push_back({std::string(meaning.name()), "", writer.take(), {}});
    names.emplace_back(meaning.name());
    for (const FieldShape& field : s.cases.back().fields) {
      if (!has(s.fields, field.name)) s.fields.push_back({field.name, "", false, {}});
    }
  };
  for (const FaultInfo* info : all_faults()) add({info, nullptr});
  each_action(nullptr, [&](const Protocol&, const ProtocolAction& action) {
    if (std::find(names.begin(), names.end(), action.name) == names.end()) add({nullptr, &action});
  });
  for (ShapeCase& c : s.cases) {
    for (std::size_t i = first; i < s.fields.size(); ++i) {
      if (!has(c.fields, s.fields[i].name)) c.without.push_back(s.fields[i].name);
    }
  }
  return s;
}

}  // namespace seedbed
