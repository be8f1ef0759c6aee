#include "sim/scenario/fault_form.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace seedbed {

namespace {

// Known by the format, and no machinery for them yet.
constexpr std::string_view kPlanned[] = {
    "wipe",       "slow",       "flap",    "corrupt",   "clock_drift", "clock_freeze", "disk_full",
    "disk_error", "torn_write", "bit_rot", "sync_lies", "join",        "leave"};
// The keys of an entry that say when; a fault has none of these names.
constexpr std::string_view kTiming[] = {"at", "every", "from", "until", "id", "one_of"};

constexpr Choice<bool> kEverything[] = {{"all", true, "every fault that is under way"}};

struct LinkForm {
  const Who* who;
  template <class F>
  void ends(F& f, Selector& from, Selector& to) const {
    f("from", from, "whose messages", SelectorForm{who}, Need::kRequired);
    f("to", to, "to whom", SelectorForm{who}, Need::kRequired);
  }
  void read(const Cursor& at, Fault& out) const {
    if (!at.expect_map("a link, such as { from: leader, to: followers }")) return;
    Reader reader(at);
    ends(reader, out.who, out.to);
    reader.finish();
  }
  Shape shape() const {
    ShapeWriter writer;
    Selector scratch;
    ends(writer, scratch, scratch);
    Shape s;
    s.kind = Shape::Kind::kMap;
    s.fields = writer.take();
    return s;
  }
};

struct HeldBack {
  Probability chance;
  Range<Duration> by;
};
template <class F>
void fields(F& f, HeldBack& held) {
  f("chance", held.chance, "how likely a message is held back", Need::kRequired);
  f("by", held.by, "for how long", Need::kRequired);
}
struct ReorderForm {
  static constexpr MapForm<HeldBack> kMap = {"a map, such as { chance: 1%, by: 10ms }"};
  void read(const Cursor& at, Fault& out) const {
    HeldBack held;
    kMap.read(at, held);
    out.chance = held.chance;
    out.by = held.by;
  }
  Shape shape() const { return kMap.shape(); }
};

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

/// The keys of a fault, as its list in sim/chaos/plan.cpp has them; of an action, its one key.
template <class F>
void fault_fields(F& f, const Meaning& meaning, Fault& fault, const Who* who) {
  using Kind = FaultField::Kind;
  if (const ProtocolAction* action = meaning.action) {
    f(action->name, fault.who, action->who, SelectorForm{who}, Need::kRequired);
    return;
  }
  bool everything = true;
  for (const FaultField& field : meaning.fault->fields) {
    const Need need = field.required ? Need::kRequired : Need::kOptional;
    const auto& [name, kind, required, about] = field;
    switch (kind) {
      case Kind::kSelector: f(name, fault.who, about, SelectorForm{who}, need); break;
      case Kind::kPartition: f(name, fault.partition, about, PartitionForm{who}, need); break;
      case Kind::kEnds: f(name, fault.who, about, EndsForm{who}, need); break;
      case Kind::kCount: f(name, fault.entries, about, IntegerForm{1, 1'000'000'000}, need); break;
      case Kind::kLink: f(name, fault, about, LinkForm{who}, need); break;
      case Kind::kChance: f(name, fault.chance, about, need); break;
      case Kind::kDelay: f(name, fault.by, about, need); break;
      case Kind::kJump: f(name, fault.by, about, RangeForm{-kLongest, kLongest}, need); break;
      case Kind::kReorder: f(name, fault, about, ReorderForm{}, need); break;
      case Kind::kEverything:
        f(name, everything, about, ChoiceForm<bool>{kEverything}, need);
        break;
      case Kind::kMessage: f(name, fault.only, about, TextForm{true}, need); break;
      case Kind::kLasts: f(name, fault.lasts, about, need); break;
    }
  }
}

Meaning meaning_of(std::string_view key, const Protocol* protocol) {
  Meaning meaning;
  each_action(protocol, [&](const Protocol&, const ProtocolAction& action) {
    if (action.name == key) meaning.action = &action;
  });
  if (meaning) return meaning;
  for (const FaultInfo& info : all_faults()) {
    if (info.name == key) meaning.fault = &info;
  }
  return meaning;
}

bool is_planned(std::string_view name) {
  return std::find(std::begin(kPlanned), std::end(kPlanned), name) != std::end(kPlanned);
}

/// Says so where `key` is known, but not to this scenario.
bool complain_of_stranger(const Cursor& at, std::string_view key, const Who& who) {
  if (is_planned(key)) {
    at.key_error(not_supported(key, listed(fault_names(who.protocol))));
    return true;
  }
  const Protocol* owner = nullptr;
  each_action(nullptr, [&](const Protocol& p, const ProtocolAction& action) {
    if (action.name == key) owner = &p;
  });
  if (owner == nullptr) return false;
  at.key_error(
      fmt::format("an action of {}; the protocol here is {}", owner->name, who.protocol->name));
  return true;
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
  for (const FaultInfo& info : all_faults()) names.push_back(info.name);
  each_action(protocol,
              [&](const Protocol&, const ProtocolAction& action) { names.push_back(action.name); });
  return names;
}

std::vector<std::string_view> keys_of_entries() {
  std::vector<std::string_view> keys(std::begin(kTiming), std::end(kTiming));
  for (const FaultInfo& info : all_faults()) {
    for (const FaultField& field : info.fields) keys.push_back(field.name);
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
  out.kind = meant.fault != nullptr ? meant.fault->kind : FaultKind::kAction;
  out.action = meant.action;
  fault_fields(reader, meant, out, &who);
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
  for (const FaultInfo& info : all_faults()) add({&info, nullptr});
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
