#include "sim/scenario/chaos_form.h"

#include <fmt/format.h>

#include <map>

#include "sim/base/hash.h"
#include "sim/scenario/fault_form.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/yaml_line.h"

namespace seedbed {

namespace {

enum class Kept : std::uint8_t { kMajority };
constexpr Choice<Kept> kKept[] = {
    {"majority", Kept::kMajority,
     "more than half of the servers stay up, and are not `recovering` what they knew"},
};

struct Timing {
  std::optional<Range<Duration>> at;
  std::optional<Range<Duration>> every;
  std::optional<Duration> from;
  std::optional<Duration> until;
  std::string id;
  std::optional<Kept> keep;
};
template <class F>
void fields(F& f, Timing& timing) {
  f("at", timing.at, "when, once; of a range, a time is drawn");
  f("every", timing.every, "how long until it happens, again and again", RangeForm{1_ns});
  f("from", timing.from, "with every: not before this");
  f("until", timing.until, "with every: not from this on");
  f("id", timing.id, "a name; the entry's random draws depend on it alone", NameForm{});
  f("keep", timing.keep, "whom it does not stop", ChoiceForm<Kept>{kKept});
}

/// When and what: the rules between an entry's keys.
void check_timing(const Cursor& at, const Timing& timing) {
  const YamlNode& node = at.node();
  const auto refuse_with_at = [&](std::string_view key) {
    if (const YamlNode* found = node.find(key)) {
      at.child(*found).key_error(fmt::format("stands with every; with at there is no {}", key));
    }
  };
  if (node.find("at") != nullptr) {
    // `every` is a key of flap, too.
    if (node.find("flap") == nullptr) refuse_with_at("every");
    refuse_with_at("from");
    refuse_with_at("until");
  } else if (const YamlNode* flap = node.find("flap")) {
    at.child(*flap).key_error(
        "stands with at; its every is its own, so what recurs is one_of: [{ flap: ... }]");
  } else if (node.find("every") == nullptr) {
    at.error("says nothing about when; at: 5s, or every: 2s..6s");
  } else if (timing.until && timing.from.value_or(Duration{}) >= *timing.until &&
             at.errors().clean(at.path())) {
    at.nearest("until").error("is not after from");
  }
}

struct EntryForm {
  const Who* who;

  template <class F>
  void one_of(F& f, ChaosEntry& entry) const {
    f("one_of", entry.one_of, "faults, one of which is drawn",
      ListForm<FaultForm>{"a list of faults", FaultForm{who}, 1});
  }

  void read(const Cursor& at, ChaosEntry& out) const {
    if (!at.expect_map("a fault, such as { at: 5s, crash: leader, for: 3s }")) return;
    Reader reader(at);
    Timing timing;
    fields(reader, timing);
    if (at.node().find("one_of") != nullptr) {
      one_of(reader, out);
      reader.finish("one_of", keys_of_entries());
    } else {
      read_fault(reader, *who, out.one_of.emplace_back());
    }
    check_timing(at, timing);
    out.id = timing.id;
    out.keeps_majority = timing.keep.has_value();
    if (timing.at) {
      out.at = Time{} + timing.at->min;
      out.spread = timing.at->max - timing.at->min;
    }
    if (timing.every && !timing.at) out.every = *timing.every;
    if (timing.from) out.from = Time{} + *timing.from;
    if (timing.until) out.until = Time{} + *timing.until;
    out.text = to_line(at.node());
  }

  Shape shape() const {
    ShapeWriter writer;
    Timing timing;
    ChaosEntry scratch;
    fields(writer, timing);
    one_of(writer, scratch);
    Shape s = fault_shape(writer.take());
    s.exactly_one.back().emplace_back("one_of");
    s.at_least_one.push_back({"at", "every"});  // both, of a flap: its every is its own
    s.cases.push_back({"at", "", {}, {"from", "until"}});
    return s;
  }
};

ListForm<EntryForm> list_form(const Who& who) { return {"a list of faults", EntryForm{&who}}; }

void check_ids(const Cursor& at, const ChaosPlan& plan) {
  std::map<std::string, std::size_t, std::less<>> first;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (plan[i].id.empty()) continue;
    const auto [known, fresh] = first.emplace(plan[i].id, i);
    if (fresh) continue;
    at.item(i).nearest("id").error(fmt::format("{} is the id of {} already", in_quotes(plan[i].id),
                                               path_of_item(at.path(), known->second)));
  }
}

}  // namespace

void name_streams(ChaosPlan& plan) {
  std::map<std::string, std::uint64_t, std::less<>> seen;
  for (ChaosEntry& entry : plan) {
    entry.stream =
        entry.id.empty() ? hash_of(hash_text(entry.text), seen[entry.text]++) : hash_text(entry.id);
  }
}

void ChaosForm::read(const Cursor& at, ChaosPlan& out) const {
  list_form(who).read(at, out);
  if (at.node().is_list()) check_ids(at, out);
  name_streams(out);
}

Shape ChaosForm::shape() const { return list_form(who).shape(); }

}  // namespace seedbed
