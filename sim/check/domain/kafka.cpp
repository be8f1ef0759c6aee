#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

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

struct Entry {
  std::uint32_t value = kNone;
  std::uint32_t sent = kNone;    // the operation that was told so
  std::uint32_t polled = kNone;  // the first that saw it
};
struct Partition {
  std::map<std::int64_t, Entry> log;            // by offset
  std::map<std::uint32_t, std::int64_t> where;  // the offset of each value
  std::int64_t highest_polled = -1;
};
/// How far a process has come in one partition.
struct Position {
  std::int64_t polled = -1;
  std::int64_t sent = -1;
};

/// What the sends and polls of a history say of the log's partitions.
class Kafka {
 public:
  Kafka(const Recorded& recorded, Findings& findings) : recorded_(recorded), findings_(findings) {}

  void add(std::uint32_t i) {
    const RecordedOp& op = recorded_.operations[i];
    if (op.is("assign") || op.is("subscribe")) {
      if (!op.failed()) positions_.erase(op.process);  // it begins anew
      return;
    }
    if (!op.is("send") && !op.is("poll") && !op.is("txn")) {
      detail::refuse_function(op, "kafka", ":send, :poll, :txn, :assign and :subscribe");
    }
    if (!op.ok()) return;
    for (const Value& item : op.value.items()) {
      const auto words = item.items();
      if (words.size() == 3 && words[0].is("send")) {
        send(i, words[1], words[2]);
      } else if (words.size() >= 1 && words[0].is("poll")) {
        if (words.size() == 2) poll(i, words[1]);
      } else {
        detail::refuse_value(op, "expected [:send k [offset v]] and [:poll {k [[offset v] ...]}]");
      }
    }
  }

  void find_lost() {
    for (std::uint32_t p = 0; p < partitions_.size(); ++p) {
      for (const auto& [offset, entry] : partitions_[p].log) {
        if (offset > partitions_[p].highest_polled) break;
        if (entry.sent == kNone || entry.polled != kNone) continue;
        findings_.add("lost-write",
                      fmt::format("{} was acknowledged at offset {} of {}, and passed over by all "
                                  "polls",
                                  name(entry.value), offset, key_name(p)),
                      {entry.sent});
      }
    }
  }

 private:
  std::string name(std::uint32_t value) const { return to_text(values_[value], 30); }
  std::string key_name(std::uint32_t key) const { return to_text(keys_[key], 30); }

  std::uint32_t partition_of(const Value& key) {
    const std::uint32_t p = keys_.of(key);
    if (p == partitions_.size()) partitions_.emplace_back();
    return p;
  }
  /// [offset value]; none where the offset is not known.
  std::optional<std::pair<std::int64_t, std::uint32_t>> place(const Value& pair) {
    const auto words = pair.items();
    if (!pair.is_list() || words.size() != 2 || !words[0].is_integer()) return std::nullopt;
    return std::pair(words[0].integer(), values_.of(words[1]));
  }

  Entry& know(std::uint32_t i, std::uint32_t p, std::int64_t offset, std::uint32_t value) {
    Entry& entry = partitions_[p].log[offset];
    if (entry.value == kNone) entry.value = value;
    if (entry.value != value) {
      std::vector<std::uint32_t> both{entry.sent != kNone ? entry.sent : entry.polled, i};
      findings_.add("inconsistent-offsets",
                    fmt::format("offset {} of {} holds {} and {}", offset, key_name(p),
                                name(entry.value), name(value)),
                    std::move(both));
    }
    const auto [at, is_new] = partitions_[p].where.emplace(value, offset);
    if (!is_new && at->second != offset) {
      findings_.add("duplicate",
                    fmt::format("{} is at the offsets {} and {} of {}", name(value), at->second,
                                offset, key_name(p)),
                    {i});
    }
    return entry;
  }

  void send(std::uint32_t i, const Value& key, const Value& pair) {
    const auto placed = place(pair);
    if (!placed) return;
    const auto [offset, value] = *placed;
    const std::uint32_t p = partition_of(key);
    Entry& entry = know(i, p, offset, value);
    if (entry.sent == kNone) entry.sent = i;
    Position& at = positions_[recorded_.operations[i].process][p];
    if (offset <= at.sent) {
      findings_.add("nonmonotonic-send",
                    fmt::format("a process sent to offset {} of {} after offset {}", offset,
                                key_name(p), at.sent),
                    {i});
    }
    at.sent = std::max(at.sent, offset);
  }

  void poll(std::uint32_t i, const Value& polled) {
    const auto items = polled.items();
    if (!polled.is_map()) {
      detail::refuse_value(recorded_.operations[i], "a poll wants {k [[offset v] ...]}");
    }
    for (std::size_t k = 0; k + 1 < items.size(); k += 2) {
      const std::uint32_t p = partition_of(items[k]);
      Position& at = positions_[recorded_.operations[i].process][p];
      for (const Value& pair : items[k + 1].items()) {
        const auto placed = place(pair);
        if (!placed) continue;
        const auto [offset, value] = *placed;
        Entry& entry = know(i, p, offset, value);
        if (entry.polled == kNone) entry.polled = i;
        partitions_[p].highest_polled = std::max(partitions_[p].highest_polled, offset);
        if (offset <= at.polled) {
          findings_.add("nonmonotonic-poll",
                        fmt::format("a process polled offset {} of {} after offset {}", offset,
                                    key_name(p), at.polled),
                        {i});
        }
        at.polled = offset;
      }
    }
  }

  const Recorded& recorded_;
  Findings& findings_;
  ValueNumbers keys_;
  ValueNumbers values_;
  std::vector<Partition> partitions_;
  std::map<std::int64_t, std::map<std::uint32_t, Position>> positions_;  // by process
};

}  // namespace

CheckReport check_kafka(const Recorded& recorded, const CheckOptions&) {
  Findings findings(recorded);
  Kafka kafka(recorded, findings);
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) kafka.add(i);
  kafka.find_lost();
  return std::move(findings).report();
}

}  // namespace seedbed::domain
