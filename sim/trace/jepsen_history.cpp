#include "sim/trace/jepsen_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "sim/base/text.h"
#include "sim/world/history_processes.h"

namespace seedbed {

namespace {

std::string value_text(kv::Value value) {
  return value == kv::kNil ? "nil" : std::to_string(value);
}

/// What stands as :value, after the :key where there is one: what is written, what a cas compares
/// and sets, what a read saw; of another service its own texts.
std::string value_of(const Operation& op, bool completion) {
  if (op.about_key) return completion && !op.answered.empty() ? std::string(op.answered) : "nil";
  if (!op.asked.empty()) {
    return std::string(completion && !op.answered.empty() ? op.answered : op.asked);
  }
  const kv::Command& command = op.command;
  switch (command.function) {
    case kv::Function::kWrite: return value_text(command.value);
    case kv::Function::kCas:
      return fmt::format("[{} {}]", value_text(command.expected), value_text(command.value));
    case kv::Function::kRead: break;
  }
  return completion && op.completion == Completion::kOk ? value_text(op.result) : "nil";
}

struct End {
  std::uint64_t position = 0;
  const Operation* operation = nullptr;
  bool completion = false;
};

/// Every invocation and completion, in the order of the history.
std::vector<End> ends_of(const std::vector<Operation>& operations) {
  std::vector<End> ends;
  for (const Operation& op : operations) {
    ends.push_back({op.invoked, &op, false});
    if (op.returned_at != Time::never()) {
      ends.push_back({std::max(op.invoked, op.returned), &op, true});
    }
  }
  // An :info has no return position: its completion is placed by its time.
  std::stable_sort(ends.begin(), ends.end(), [](const End& a, const End& b) {
    const auto time = [](const End& e) {
      return e.completion ? e.operation->returned_at : e.operation->invoked_at;
    };
    return time(a) != time(b) ? time(a) < time(b) : a.position < b.position;
  });
  return ends;
}

std::string key_of(const Operation& op) {
  if (op.about_key) return fmt::format(" :key {},", op.asked);
  return op.asked.empty() ? fmt::format(" :key {},", op.command.key) : std::string();
}

}  // namespace

std::string jepsen_history(const History& history) {
  const std::vector<Operation> operations = history.operations();
  const std::vector<std::uint32_t> process_of = processes_of(operations);
  std::uint64_t index = 0;
  std::uint64_t noted = 0;
  std::string text;
  // Of one instant, what was noted comes first.
  const auto tell_changes = [&](Time until) {
    const auto& changes = history.changes();
    while (noted < changes.last_index() && changes[noted + 1].time <= until) {
      const History::Change& change = changes[++noted];
      fmt::format_to(std::back_inserter(text),
                     "{{:index {}, :time {}, :type :ok, :f :{}, :value {}}}\n", index++,
                     change.time.count(), change.function, to_text(change.node));
    }
  };
  for (const End& end : ends_of(operations)) {
    const Operation& op = *end.operation;
    const Time time = end.completion ? op.returned_at : op.invoked_at;
    tell_changes(time);
    fmt::format_to(std::back_inserter(text),
                   "{{:index {}, :time {}, :process {}, :type :{}, :f :{},{} :value {}}}\n",
                   index++, time.count(), process_of[op.id],
                   end.completion ? name_of(op.completion) : "invoke", op.function, key_of(op),
                   value_of(op, end.completion));
  }
  tell_changes(Time::never());
  return text;
}

}  // namespace seedbed
