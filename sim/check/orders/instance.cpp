#include "sim/check/orders/instance.h"

#include <algorithm>
#include <utility>

namespace seedbed::orders {

namespace {

constexpr std::uint32_t kNobody = ~std::uint32_t{0} - 2;  // reads what nobody wrote

/// The work of trying every reading: operations looked at.
constexpr std::uint64_t kMostWork = 40'000'000;

class Readings {
 public:
  Readings(const History& history, bool whole)
      : history_(history), from_(history.operations.size(), kNone) {
    std::vector<std::vector<std::uint32_t>> writers(history.values);
    const auto& ops = history.operations;
    for (std::uint32_t i = 0; i < ops.size(); ++i) {
      if (ops[i].writes != kNone) writers[ops[i].writes].push_back(i);
    }
    for (std::uint32_t i = 0; i < ops.size(); ++i) {
      if (ops[i].reads == kNone || (!ops[i].ok && !whole)) continue;
      std::vector<std::uint32_t> candidates = writers[ops[i].reads];
      std::erase(candidates, i);
      if (history.initial[ops[i].key] == ops[i].reads) candidates.push_back(kInitially);
      if (candidates.size() > 1) {
        open_.push_back({i, std::move(candidates)});
      } else {
        from_[i] = candidates.empty() ? kNobody : candidates.front();
      }
    }
  }

  bool open() const { return !open_.empty(); }
  /// How many there are, or `most`.
  std::uint64_t count(std::uint64_t most) const {
    std::uint64_t count = 1;
    for (const Open& o : open_) {
      count *= o.candidates.size();
      if (count > most) return most;
    }
    return count;
  }
  /// Without those reads of which nobody knows what they read.
  void relax() {
    for (const Open& o : open_) from_[o.operation] = kNone;
  }
  /// Each saw the latest write that had begun, of those that returned if there are any.
  void guess() {
    for (const Open& o : open_) {
      const Operation& read = history_.operations[o.operation];
      const auto likely = [&](std::uint32_t w) {
        if (w == kInitially) return std::pair(1, std::uint64_t{0});
        const Operation& write = history_.operations[w];
        if (write.invoked > read.returned) return std::pair(-1, write.invoked);
        return std::pair(write.ok ? 1 : 0, write.invoked);
      };
      from_[o.operation] = *std::max_element(
          o.candidates.begin(), o.candidates.end(),
          [&](std::uint32_t a, std::uint32_t b) { return likely(a) < likely(b); });
    }
  }
  void first() {
    for (Open& o : open_) set(o, 0);
  }
  /// False after the last one.
  bool next() {
    for (Open& o : open_) {
      if (o.at + 1 < o.candidates.size()) return set(o, o.at + 1), true;
      set(o, 0);
    }
    return false;
  }
  std::size_t size() const { return from_.size(); }

  /// The operation that read what nobody wrote, if there is one; else `instance` is made.
  std::uint32_t make(Instance& instance) const;

 private:
  struct Open {
    std::uint32_t operation = 0;
    std::vector<std::uint32_t> candidates;
    std::size_t at = 0;
  };
  void set(Open& o, std::size_t at) {
    o.at = at;
    from_[o.operation] = o.candidates[at];
  }
  /// Those that returned, and what was seen of the others.
  std::vector<bool> that_happened() const {
    std::vector<bool> happened(from_.size());
    std::vector<std::uint32_t> seen;
    const auto add = [&](std::uint32_t i) {
      if (i < happened.size() && !happened[i]) happened[i] = true, seen.push_back(i);
    };
    for (std::uint32_t i = 0; i < from_.size(); ++i) {
      if (history_.operations[i].ok) add(i);
    }
    while (!seen.empty()) {
      const std::uint32_t i = seen.back();
      seen.pop_back();
      add(from_[i]);
    }
    return happened;
  }

  const History& history_;
  std::vector<std::uint32_t> from_;
  std::vector<Open> open_;
};

void fill_slots(Instance& instance, std::size_t keys) {
  instance.slots.assign(keys, {});
  std::vector<std::pair<std::uint64_t, std::uint32_t>> writes;
  for (std::uint32_t v = 0; v < instance.nodes.size(); ++v) {
    const Node& n = instance.nodes[v];
    if (n.writes) writes.emplace_back(std::uint64_t{n.key} << 32 | n.lane, v);
  }
  std::sort(writes.begin(), writes.end());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const Node& n = instance.nodes[writes[i].second];
    auto& slots = instance.slots[n.key];
    if (i == 0 || writes[i].first != writes[i - 1].first) slots.push_back({n.lane, {}});
    slots.back().nodes.push_back(writes[i].second);
  }
}

std::uint32_t Readings::make(Instance& instance) const {
  const std::vector<bool> happened = that_happened();
  instance = {};
  for (const Operation& op : history_.operations) {
    instance.processes = std::max(instance.processes, op.process + 1);
  }
  instance.lanes = instance.processes;
  instance.order.resize(instance.processes);
  std::vector<std::uint32_t> node_of(from_.size(), kNone);
  for (std::uint32_t i = 0; i < from_.size(); ++i) {
    if (!happened[i]) continue;
    if (from_[i] == kNobody) return i;
    const Operation& op = history_.operations[i];
    auto& order = instance.order[op.process];
    Node n{.process = op.process, .key = op.key, .writes = op.writes != kNone, .operation = i};
    if (!order.empty()) n.before = order.back();
    n.lane = op.ok ? op.process : instance.lanes++;
    n.index = op.ok ? static_cast<std::uint32_t>(order.size()) : 0;
    node_of[i] = static_cast<std::uint32_t>(instance.nodes.size());
    if (op.ok) order.push_back(node_of[i]);
    instance.nodes.push_back(n);
  }
  for (Node& n : instance.nodes) {
    const std::uint32_t writer = from_[n.operation];
    n.from = writer < node_of.size() ? node_of[writer] : writer;
    const std::uint64_t returned = history_.operations[n.operation].returned;
    n.due = std::min(n.due, returned);
    if (writer >= node_of.size()) continue;
    instance.nodes[n.from].due = std::min(instance.nodes[n.from].due, returned);
  }
  fill_slots(instance, history_.initial.size());
  return kNone;
}

Outcome try_one(const Readings& readings, const Judge& judge, Meter& meter) {
  Instance instance;
  const std::uint32_t alone = readings.make(instance);
  if (alone != kNone) {
    return {Verdict::kFail, "ThinAirRead", "a value that nobody wrote", alone, {alone}};
  }
  Found found = judge(instance, meter);
  Outcome out{found.verdict, std::move(found.anomaly), std::move(found.message)};
  if (found.blamed != kNone) out.blamed = instance.nodes[found.blamed].operation;
  for (const std::uint32_t v : found.nodes) out.core.push_back(instance.nodes[v].operation);
  std::sort(out.core.begin(), out.core.end());
  out.core.erase(std::unique(out.core.begin(), out.core.end()), out.core.end());
  return out;
}

}  // namespace

Outcome judge_readings(const History& history, const Judge& judge, bool whole, Meter& meter) {
  Readings readings(history, whole);
  if (!readings.open()) return try_one(readings, judge, meter);
  readings.relax();
  if (Outcome out = try_one(readings, judge, meter); out.verdict == Verdict::kFail) {
    return out;
  }
  readings.guess();
  if (Outcome out = try_one(readings, judge, meter); out.verdict == Verdict::kPass) {
    return out;
  }
  const std::uint64_t most = kMostWork / (readings.size() + 1) + 1;
  if (readings.count(most) == most) {
    return {Verdict::kUnknown, "",
            "values were written more than once: too many ways to read them"};
  }
  Outcome worst;
  readings.first();
  do {
    if (!meter.take()) return {Verdict::kUnknown, "", "out of budget"};
    Outcome out = try_one(readings, judge, meter);
    if (out.verdict == Verdict::kPass) return out;
    if (worst.verdict != Verdict::kUnknown) worst = std::move(out);
  } while (readings.next());
  if (worst.verdict == Verdict::kFail) {
    // Each way of reading fails, for reasons of its own.
    worst.anomaly = "NoReading";
    worst.message = "whoever of those that wrote the same value was read, it fails";
    worst.blamed = kNone;
    worst.core.clear();
  }
  return worst;
}

}  // namespace seedbed::orders
