#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/encode.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// A value and its server: ":broadcast [7 3]"; or ":key 3 :value 7"; or, where nobody says which,
/// the process stands for it.
struct Told {
  const Value* what = nullptr;
  std::int64_t server = 0;
};

Told told_of(const RecordedOp& op, bool read) {
  const auto items = op.value.is_list() ? op.value.items() : std::span<const Value>();
  const bool paired = items.size() == 2 && items[0].is_integer() && items[1].is_integer();
  const bool listed =
      items.size() == 2 && items[0].is_integer() && (items[1].has_items() || items[1].is_nil());
  if (read && listed) return {&items[1], items[0].integer()};
  if (!read && paired) return {items.data(), items[1].integer()};
  if (!read && op.value.has_items()) {
    detail::refuse_value(op, "a value, or [value server], is handed over");
  }
  if (read && !op.value.has_items() && !op.value.is_nil()) {
    detail::refuse_value(op, "a read wants a list of values, or [server [value ...]]");
  }
  return {&op.value, op.key.is_integer() ? op.key.integer() : op.process};
}

struct Message {
  std::uint64_t first_invoked = RecordedOp::kNever;  // of what may have been handed over
  std::uint32_t retracted = kNone;                   // it may have been
  std::vector<std::pair<std::uint32_t, std::int64_t>> accepted;  // operation, and by which server
  std::vector<std::pair<std::uint32_t, std::int64_t>> taken_back;
};

struct ServerRead {
  std::uint32_t operation = kNone;
  std::vector<std::uint32_t> values;  // by rising number
};

class Deliveries {
 public:
  Deliveries(const Recorded& recorded, Findings& findings)
      : recorded_(recorded), findings_(findings) {
    for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
      const RecordedOp& op = recorded.operations[i];
      if (op.is("broadcast") || op.is("retract")) {
        add(i, op);
      } else if (!op.is("read")) {
        detail::refuse_function(op, "broadcast", ":broadcast, :retract and :read");
      }
    }
    for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
      const RecordedOp& op = recorded.operations[i];
      if (op.is("read") && op.ok()) add_read(i, op);
    }
  }

  void judge_each_read(bool duplication) {
    for (const ServerRead& read : reads_) {
      for (std::size_t i = 0; i < read.values.size(); ++i) {
        const bool again = i > 0 && read.values[i] == read.values[i - 1];
        if (duplication && again) twice(read, read.values[i]);
        if (!duplication && !again) from_nowhere(read, read.values[i]);
      }
    }
    if (reads_.empty()) findings_.undecided("no server was ever read");
  }
  void judge_end(std::string_view level) {
    holders_.resize(messages_.size());
    for (const auto& [server, read] : final_) {
      std::uint32_t last = kNone;
      for (const std::uint32_t v : read.values) holders_[v] += std::exchange(last, v) != v;
    }
    for (std::uint32_t v = 0; v < messages_.size(); ++v) {
      if (level == "delivery") delivered(v);
      if (level == "agreement") agreed(v);
      if (level == "no-resurrection") stays_taken_back(v);
    }
    if (final_.empty()) findings_.undecided("no server was read after the last change");
    findings_.note("servers read at the end", std::to_string(final_.size()));
    findings_.note("values", std::to_string(messages_.size()));
  }

 private:
  Message& message(const Value& v) {
    const std::uint32_t number = numbers_.of(v);
    if (number == messages_.size()) messages_.emplace_back();
    return messages_[number];
  }
  void add(std::uint32_t i, const RecordedOp& op) {
    const auto [what, server] = told_of(op, false);
    Message& m = message(*what);
    last_change_ = std::max(last_change_, op.ok() ? op.returned : op.invoked);
    if (op.failed()) return;
    const bool retracts = op.is("retract");
    if (retracts) m.retracted = i;
    if (!retracts) m.first_invoked = std::min(m.first_invoked, op.invoked);
    if (op.ok()) (retracts ? m.taken_back : m.accepted).emplace_back(i, server);
  }
  void add_read(std::uint32_t i, const RecordedOp& op) {
    const auto [what, server] = told_of(op, true);
    ServerRead read{i, {}};
    for (const Value& v : what->items()) {
      message(v);
      read.values.push_back(numbers_.of(v));
    }
    std::sort(read.values.begin(), read.values.end());
    if (op.invoked > last_change_) final_[server] = read;
    reads_.push_back(std::move(read));
  }
  std::string name(std::uint32_t v) const { return to_text(numbers_[v], 30); }
  static bool has(const ServerRead& read, std::uint32_t v) {
    return std::binary_search(read.values.begin(), read.values.end(), v);
  }
  /// The operation at a server that still answers at the end, or kNone.
  std::uint32_t at_survivor(
      const std::vector<std::pair<std::uint32_t, std::int64_t>>& acknowledged) const {
    for (const auto& [operation, server] : acknowledged) {
      if (final_.contains(server)) return operation;
    }
    return kNone;
  }

  void twice(const ServerRead& read, std::uint32_t v) {
    findings_.add("duplicated", fmt::format("{} was delivered twice", name(v)), {read.operation});
  }
  void from_nowhere(const ServerRead& read, std::uint32_t v) {
    if (messages_[v].first_invoked < recorded_.operations[read.operation].returned) return;
    findings_.add("created", fmt::format("{} was delivered, and nobody had broadcast it", name(v)),
                  {read.operation});
  }
  void delivered(std::uint32_t v) {
    const Message& m = messages_[v];
    const std::uint32_t accepted = at_survivor(m.accepted);
    if (m.retracted != kNone || (accepted == kNone && holders_[v] == 0)) return;
    for (const auto& [server, read] : final_) {
      if (has(read, v)) continue;
      std::vector<std::uint32_t> shown{read.operation};
      if (accepted != kNone) shown.push_back(accepted);
      findings_.add("undelivered", fmt::format("server {} never delivered {}", server, name(v)),
                    std::move(shown));
    }
  }
  void agreed(std::uint32_t v) {
    if (holders_[v] == 0 || holders_[v] >= final_.size()) return;
    for (const auto& [server, read] : final_) {
      if (has(read, v)) continue;
      findings_.add("disagreement",
                    fmt::format("{} of {} servers have {} at the end, server {} has not",
                                holders_[v], final_.size(), name(v), server),
                    {read.operation});
    }
  }
  void stays_taken_back(std::uint32_t v) {
    const std::uint32_t taken_back = at_survivor(messages_[v].taken_back);
    if (taken_back == kNone) return;
    for (const auto& [server, read] : final_) {
      if (!has(read, v)) continue;
      findings_.add(
          "resurrected",
          fmt::format("{} was taken back, and server {} has it at the end", name(v), server),
          {taken_back, read.operation});
    }
  }

  const Recorded& recorded_;
  Findings& findings_;
  ValueNumbers numbers_;
  std::vector<Message> messages_;
  std::vector<ServerRead> reads_;
  std::map<std::int64_t, ServerRead> final_;  // the last of each server after the last change
  std::vector<std::uint64_t> holders_;        // of final_, how many have it
  std::uint64_t last_change_ = 0;
};

}  // namespace

CheckReport check_broadcast(const Recorded& recorded, const CheckOptions& options) {
  Findings findings(recorded);
  Deliveries deliveries(recorded, findings);
  if (options.level == "no-duplication" || options.level == "no-creation") {
    deliveries.judge_each_read(options.level == "no-duplication");
  } else {
    deliveries.judge_end(options.level);
  }
  return std::move(findings).report();
}

}  // namespace seedbed::domain
