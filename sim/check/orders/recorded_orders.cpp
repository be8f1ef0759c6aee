#include "sim/check/orders/recorded_orders.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/check/encode.h"
#include "sim/check/judge_parts.h"
#include "sim/check/orders/orders.h"

namespace seedbed::orders {

namespace {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

constexpr std::size_t kShown = 16;  // operations in a picture; more are no help

/// Recorded operations as those of orders: what says nothing is left out.
class Encoder {
 public:
  Encoder(const Recorded& recorded, const RecordedModel& model, const CheckOptions& options)
      : recorded_(recorded),
        model_(model),
        initial_(detail::initial_value(recorded, options)),
        timed_(level_named(options.level)->order == Order::kStale) {}

  History encode() {
    for (std::uint32_t i = 0; i < recorded_.operations.size(); ++i) {
      const RecordedOp& op = recorded_.operations[i];
      const bool read = op.is("read") || op.is("get");
      const bool write = op.is("write") || op.is("put");
      const bool cas = op.is("cas") && model_.cas;
      if (!read && !write && !cas) {
        detail::refuse_function(op, fmt::format("{} at this level", model_.name),
                                model_.cas ? ":read, :write and :cas" : ":read and :write");
      }
      if (op.failed() || (read && !op.ok()) || !is_meant(op)) continue;
      if (read && op.value.is_nil() && !model_.nil_tells) continue;
      add(i, read, cas);
    }
    return std::move(history_);
  }

 private:
  bool is_meant(const RecordedOp& op) const {
    return model_.only.empty() || op.key.is(model_.only) || to_text(op.key) == model_.only;
  }
  void add(std::uint32_t i, bool read, bool cas) {
    const RecordedOp& op = recorded_.operations[i];
    Operation out;
    out.source = i;
    out.key = key_of(op);
    out.process = processes_.emplace(op.process, processes_.size()).first->second;
    out.ok = op.ok();
    out.invoked = op.invoked;
    out.returned = op.returned;
    out.invoked_ns = op.invoked_time;
    out.returned_ns = op.returned_time;
    if (timed_ && (op.invoked_time < 0 || (op.ok() && op.returned_time < 0))) {
      throw history::BadHistory(op.offset(),
                                "staleness in time wants a :time, in nanoseconds, of both ends of "
                                "each operation");
    }
    if (cas) {
      const auto values = op.value.items();
      if (values.size() != 2) detail::refuse_value(op, "a cas wants [old new]");
      out.reads = value_of(out.key, values[0]);
      out.writes = value_of(out.key, values[1]);
      if (out.writes == out.reads) out.writes = kNone;  // it saw a value, and no more
      if (!out.ok && out.writes == kNone) return;
    } else {
      (read ? out.reads : out.writes) = value_of(out.key, op.value);
    }
    history_.operations.push_back(out);
  }
  std::uint32_t key_of(const RecordedOp& op) {
    const std::uint32_t key = keys_.of(op.key);
    if (key == values_.size()) {
      values_.emplace_back();
      history_.initial.push_back(value_of(key, initial_));
    }
    return key;
  }
  std::uint32_t value_of(std::uint32_t key, const Value& value) {
    auto& [numbers, global] = values_[key];
    const std::uint32_t number = numbers.of(value);
    if (number == global.size()) global.push_back(history_.values++);
    return global[number];
  }

  const Recorded& recorded_;
  const RecordedModel& model_;
  Value initial_;
  bool timed_;
  History history_;
  ValueNumbers keys_;
  std::vector<std::pair<ValueNumbers, std::vector<std::uint32_t>>> values_;  // by key
  std::map<std::int64_t, std::uint32_t> processes_;
};

/// Those about the one that is blamed, or the first ones.
std::vector<std::uint32_t> shown(const Outcome& found) {
  std::vector<std::uint32_t> ops = found.core;
  if (ops.size() <= kShown) return ops;
  const auto blamed = std::find(ops.begin(), ops.end(), found.blamed);
  const auto end = blamed == ops.end() ? ops.begin() + kShown : blamed + 1;
  const auto begin = end - std::min<std::ptrdiff_t>(kShown, end - ops.begin());
  return {begin, end};
}

void add_witness(const Outcome& found, const History& history, const Recorded& recorded,
                 CheckReport& report) {
  std::vector<PictureOp> picture;
  for (const std::uint32_t i : shown(found)) {
    const RecordedOp& op = recorded.operations[history.operations[i].source];
    const bool blamed = i == found.blamed;
    report.witness.push_back(
        {to_text(op), blamed ? "cannot be explained" : "contradicts it", op.offset()});
    if (found.blamed == kNone) report.witness.back().role = "part of the contradiction";
    picture.push_back(picture_of(op));
    if (blamed) picture.back().label += " !";
  }
  report.picture = draw_picture(picture);
}

std::string shape_of(const Outcome& found, const History& history, const Recorded& recorded) {
  std::vector<std::string> kinds;
  for (const std::uint32_t i : found.core) {
    const RecordedOp& op = recorded.operations[history.operations[i].source];
    kinds.push_back(fmt::format("{} {}", op.function.text(), name_of(op.completion)));
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return fmt::format("{}: {}", found.anomaly, fmt::join(kinds, ", "));
}

}  // namespace

CheckReport judge_recorded(const Recorded& recorded, const RecordedModel& model,
                           const CheckOptions& options) {
  const History history = Encoder(recorded, model, options).encode();
  Outcome found = judge(history, *level_named(options.level), options.budget);
  CheckReport report;
  report.verdict = found.verdict;
  report.level = options.level;
  report.operations = recorded.operations.size();
  report.steps = found.steps;
  report.notes = std::move(found.notes);
  if (found.verdict == Verdict::kUnknown) report.message = "undecided: " + found.message;
  if (found.verdict != Verdict::kFail) return report;
  report.message = fmt::format("{}: {}", found.anomaly, found.message);
  if (found.blamed != kNone) {
    const std::uint32_t source = history.operations[found.blamed].source;
    report.message += ": " + to_text(recorded.operations[source]);
  }
  report.shape = shape_of(found, history, recorded);
  add_witness(found, history, recorded, report);
  report.notes.emplace_back("smallest part found that still fails",
                            fmt::format("{} operations", found.core.size()));
  report.anomalies.push_back({found.anomaly, 1, report.message});
  return report;
}

}  // namespace seedbed::orders
