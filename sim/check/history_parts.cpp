// Files that hold more than one history. Cases: maps with a :history each, as Elle's own tests
// come. Independent objects: Jepsen's jepsen.independent lets one test work on many objects of a
// kind, and makes every value a pair [key value]; each object is judged by itself (Herlihy and Wing
// 1990, locality), and one that is wrong is enough.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/check/check_report.h"
#include "sim/check/history/map_reader.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed {

namespace {

using history::Arena;
using history::BadHistory;
using history::Value;
using history::ValueNumbers;

history::Syntax syntax_of(std::string_view format) {
  if (format == "jepsen-edn" || format == "kv-log") return history::Syntax::kEdn;
  if (format == "jepsen-json") return history::Syntax::kJson;
  throw BadHistory(0, fmt::format("a history in the format {} has no parts", format));
}

bool is_named(const Value& value, std::string_view name) {
  return value.is(name) || history::to_text(value) == name;
}

// --- cases

CheckReport judge_case(const HistoryCheck& check, const CheckInput& input,
                       const CheckOptions& options) {
  Arena arena;
  std::optional<Value> found;
  std::size_t count = 0;
  history::for_each_map(input.text, syntax_of(input.format), [&](const Value& map) {
    const Value* history = map.get("history");
    if (history == nullptr) {
      throw BadHistory(map, fmt::format("there is no part '{}': {} has no keys, and this map no "
                                        ":history; where every value is [key value], say "
                                        "--independent",
                                        input.part, check.name));
    }
    const Value* id = map.get("id");
    ++count;
    const bool meant =
        id != nullptr ? is_named(*id, input.part) : std::to_string(count) == input.part;
    if (!meant) return;
    if (!history->is_list()) throw BadHistory(*history, ":history is no list of op maps");
    if (found) throw BadHistory(map, fmt::format("another case '{}'", input.part));
    found = arena.copy(*history);
  });
  if (!found) {
    throw BadHistory(input.text.size(),
                     fmt::format("there is no case '{}' among the {}: cases are named by their "
                                 ":id, or else by their number",
                                 input.part, count));
  }
  return check.judge({input.text, input.format, "", found->items()}, options);
}

// --- independent objects

struct Object {
  Value key;
  std::vector<Value> maps;
};

/// Deals op maps out to the objects that they are about, each with its value alone.
class Dealer {
 public:
  void deal(const Value& map) {
    const Value* process = map.get("process");
    if (process != nullptr && !process->is_nil() && !process->is_integer()) return;  // :nemesis
    const Value* type = map.get("type");
    const Value* value = map.get("value");
    const bool says = value != nullptr && !value->is_nil();
    std::uint32_t* open = process != nullptr && process->is_integer()
                              ? &open_.try_emplace(process->integer(), kNone).first->second
                              : nullptr;
    std::uint32_t object = open != nullptr ? *open : kNone;
    if (says || object == kNone) object = object_of(map, value);
    if (open != nullptr) *open = type != nullptr && type->is("invoke") ? object : kNone;
    objects_[object].maps.push_back(without_key(map));
  }
  std::vector<Object>& objects() { return objects_; }

 private:
  static constexpr std::uint32_t kNone = ~0U;

  std::uint32_t object_of(const Value& map, const Value* value) {
    if (value == nullptr || !value->is_list() || value->items().size() != 2) {
      throw BadHistory(map, fmt::format("with --independent every value is [key value]; found {}",
                                        value == nullptr ? "none" : history::to_text(*value, 40)));
    }
    const Value& key = value->items().front();
    std::optional<std::uint32_t> known = numbers_.find(key);
    if (!known) {
      const Value kept = arena_.copy(key);
      known = numbers_.of(kept);
      objects_.push_back({kept, {}});
    }
    return *known;
  }
  /// The map with the second of its value's pair for its value.
  Value without_key(const Value& map) {
    std::vector<Value> items(map.items().begin(), map.items().end());
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (!items[i].is("value")) continue;
      if (!items[i + 1].is_nil()) items[i + 1] = items[i + 1].items()[1];
      break;  // what another :value says is not asked for
    }
    Value bare = Value::of(Value::Kind::kMap, std::span<const Value>(items));
    bare.set_offset(map.offset());
    return arena_.copy(bare);
  }

  Arena arena_;
  ValueNumbers numbers_;
  std::vector<Object> objects_;
  std::map<std::int64_t, std::uint32_t> open_;  // by process: the object of its open operation
};

struct JudgedObject {
  const Object* object;
  CheckReport report;
};

/// Each with a few steps first, so that one hard object does not hide what is wrong with another.
std::vector<JudgedObject> judge_each(const HistoryCheck& check, const CheckInput& input,
                                     const CheckOptions& options,
                                     const std::vector<Object>& objects) {
  constexpr std::uint64_t kFewSteps = 500'000;
  std::vector<JudgedObject> judged;
  const auto judge = [&](const Object& object, const CheckOptions& with) {
    return check.judge({input.text, input.format, "", object.maps}, with);
  };
  for (const Object& object : objects) {
    if (!input.part.empty() && !is_named(object.key, input.part)) continue;
    CheckOptions few = options;
    few.budget.steps = std::min(options.budget.steps, kFewSteps + 16 * object.maps.size());
    judged.push_back({&object, judge(object, few)});
  }
  for (JudgedObject& j : judged) {
    if (j.report.verdict == Verdict::kUnknown) j.report = judge(*j.object, options);
  }
  return judged;
}

std::string keys_in_words(const std::vector<JudgedObject>& judged, Verdict verdict) {
  constexpr std::size_t kShown = 12;
  std::vector<std::string> keys;
  for (const JudgedObject& j : judged) {
    if (j.report.verdict == verdict) keys.push_back(history::to_text(j.object->key, 30));
  }
  const std::size_t shown = std::min(keys.size(), kShown);
  return fmt::format(
      "{}{}", fmt::join(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
      shown < keys.size() ? fmt::format(" and {} more", keys.size() - shown) : "");
}

void add_anomalies(const JudgedObject& j, const std::string& where, CheckReport& all) {
  for (const Anomaly& a : j.report.anomalies) {
    const auto known = std::find_if(all.anomalies.begin(), all.anomalies.end(),
                                    [&](const Anomaly& k) { return k.name == a.name; });
    if (known != all.anomalies.end()) {
      known->count += a.count;
    } else {
      all.anomalies.push_back({a.name, a.count, where + a.message});
    }
  }
}

/// What is told of the whole is told of the first that is as bad as the worst.
CheckReport report_of(const std::vector<JudgedObject>& judged) {
  CheckReport all;
  for (const JudgedObject& j : judged) all.verdict = worse(all.verdict, j.report.verdict);
  const auto first = std::find_if(judged.begin(), judged.end(), [&](const JudgedObject& j) {
    return j.report.verdict == all.verdict;
  });
  const auto where = [](const JudgedObject& j) {
    return fmt::format("key {}: ", history::to_text(j.object->key, 30));
  };
  for (const JudgedObject& j : judged) {
    all.operations += j.report.operations;
    all.steps += j.report.steps;
    add_anomalies(j, where(j), all);
  }
  all.notes.emplace_back("keys", fmt::format("{}", judged.size()));
  if (all.verdict == Verdict::kPass) return all;
  all.message = where(*first) + first->report.message;
  all.shape = first->report.shape;
  all.witness = first->report.witness;
  all.picture = first->report.picture;
  for (const auto& note : first->report.notes) all.notes.push_back(note);
  for (const Verdict v : {Verdict::kFail, Verdict::kUnknown}) {
    const std::string keys = keys_in_words(judged, v);
    if (!keys.empty()) all.notes.emplace_back(v == Verdict::kFail ? "wrong" : "undecided", keys);
  }
  return all;
}

CheckReport judge_independent(const HistoryCheck& check, const CheckInput& input,
                              const CheckOptions& options) {
  Dealer dealer;
  history::for_each_map(input.text, syntax_of(input.format),
                        [&](const Value& map) { dealer.deal(map); });
  const std::vector<JudgedObject> judged = judge_each(check, input, options, dealer.objects());
  if (judged.empty() && !input.part.empty()) {
    throw BadHistory(input.text.size(), fmt::format("nothing is of the key '{}'", input.part));
  }
  return report_of(judged);
}

}  // namespace

CheckReport judge_history(const HistoryCheck& check, const CheckInput& input,
                          const CheckOptions& options) {
  if (options.independent) return judge_independent(check, input, options);
  if (!input.part.empty() && !check.has_keys) return judge_case(check, input, options);
  return check.judge(input, options);
}

}  // namespace seedbed
