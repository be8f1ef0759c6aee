// Sequential consistency: NP-hard even of who read what (Gibbons and Korach 1997). So first what
// any such history is: causal, and convergent. Then a guess, that writes took effect in the order
// in which they were due; it is right where a system was all but linearizable. What is left is a
// question about transactions of one operation each, and goes to their search for an order.
#include <fmt/format.h>

#include <algorithm>

#include "sim/check/orders/judges.h"
#include "sim/check/transactions/judge.h"

namespace seedbed::orders {

namespace {

/// Lets all operations happen one after another, reads as soon as they can. A write has to wait
/// until all that read the present value of its key have happened, and those that conflict with it
/// and must be first. True: it worked, a proof.
class Replay {
 public:
  Replay(const Instance& instance, const More& conflicts)
      : instance_(instance),
        followers_(instance.nodes.size()),
        waits_(instance.nodes.size(), 0),
        lanes_(instance.lanes),
        left_(instance.nodes.size(), 0),
        happened_(instance.nodes.size(), false),
        keys_(instance.slots.size()) {
    for (std::uint32_t v = 0; v < instance.nodes.size(); ++v) {
      const Node& n = instance.nodes[v];
      lanes_[n.lane].nodes.push_back(v);
      if (n.from == kInitially) {
        ++keys_[n.key].left;
      } else if (n.from != kNone) {
        ++left_[n.from];
      }
    }
    for (std::uint32_t l = 0; l < lanes_.size(); ++l) open_.push_back(l);
    for (std::uint32_t v = 0; v < conflicts.size(); ++v) {
      for (const std::uint32_t w : conflicts[v]) followers_[w].push_back(v);
      waits_[v] = static_cast<std::uint32_t>(conflicts[v].size());
    }
  }

  bool works(Meter& meter) {
    for (;;) {
      for (std::size_t i = 0; i < open_.size();) {
        if (!meter.take()) return false;
        if (read_on(lanes_[open_[i]])) {
          ++i;
        } else {
          open_[i] = open_.back();
          open_.pop_back();
        }
      }
      if (open_.empty()) return true;
      std::uint32_t best = kNone;
      for (const std::uint32_t l : open_) {
        const std::uint32_t v = lanes_[l].nodes[lanes_[l].at];
        const bool sooner = best == kNone || due(v) < due(best);
        if (sooner && may_happen(v)) best = v;
      }
      if (best == kNone) return false;
      happen(best);
      ++lanes_[instance_.nodes[best].lane].at;
    }
  }

 private:
  struct Lane {
    std::vector<std::uint32_t> nodes;
    std::size_t at = 0;
  };
  struct Key {
    std::uint32_t value = kInitially;  // who wrote it
    std::uint32_t left = 0;            // that read it and have not happened
  };

  /// All reads that can be next; false if there is nothing after them.
  bool read_on(Lane& lane) {
    while (lane.at < lane.nodes.size() && is_read(lane.nodes[lane.at]) &&
           may_happen(lane.nodes[lane.at])) {
      happen(lane.nodes[lane.at++]);
    }
    return lane.at < lane.nodes.size();
  }
  bool is_read(std::uint32_t v) const { return !instance_.nodes[v].writes; }
  std::pair<std::uint64_t, std::uint32_t> due(std::uint32_t v) const {
    return {instance_.nodes[v].due, v};
  }
  bool may_happen(std::uint32_t v) const {
    const Node& n = instance_.nodes[v];
    const Key& key = keys_[n.key];
    if (waits_[v] != 0 || (n.before != kNone && !happened_[n.before])) return false;
    if (n.from != kNone && n.from != key.value) return false;
    return !n.writes || key.left == (n.from == kNone ? 0U : 1U);
  }
  void happen(std::uint32_t v) {
    const Node& n = instance_.nodes[v];
    Key& key = keys_[n.key];
    happened_[v] = true;
    for (const std::uint32_t f : followers_[v]) --waits_[f];
    if (n.from != kNone) --key.left;
    if (n.writes) key = {v, left_[v]};
  }

  const Instance& instance_;
  More followers_;                    // by write: those it must be before
  std::vector<std::uint32_t> waits_;  // by write: how many it is still behind
  std::vector<Lane> lanes_;
  std::vector<std::uint32_t> left_;  // by write: how many read it
  std::vector<bool> happened_;
  std::vector<Key> keys_;
  std::vector<std::uint32_t> open_;  // lanes
};

/// Sessions are lanes; what comes before an operation that nobody heard of is a write that it read.
txn::History transactions_of(const Instance& instance) {
  txn::History history({.model = txn::Model::kRegister, .initial = "i"});
  std::vector<bool> told(instance.nodes.size(), false);
  for (const Node& n : instance.nodes) {
    const bool alone = n.before != kNone && instance.nodes[n.before].lane != n.lane;
    if (alone) told[n.before] = true;
  }
  const auto text = [](std::uint32_t v) { return v == kInitially ? "i" : std::to_string(v); };
  for (std::uint32_t v = 0; v < instance.nodes.size(); ++v) {
    const Node& n = instance.nodes[v];
    const std::string key = fmt::format("k{}", n.key);
    history.begin({.session = n.lane});
    if (n.from != kNone) history.read(key, text(n.from));
    if (n.writes) history.write(key, text(v));
    if (told[v]) history.write(fmt::format("after {}", v), "1");
    const bool alone = n.before != kNone && instance.nodes[n.before].lane != n.lane;
    if (alone) history.read(fmt::format("after {}", n.before), "1");
  }
  return history;
}

Found search(const Instance& instance, Meter& meter) {
  const txn::TransactionBudget defaults;
  const txn::TransactionBudget budget{.steps = std::min(meter.left(), defaults.steps),
                                      .bytes = std::min(meter.bytes(), defaults.bytes),
                                      .expired = [&meter] { return !meter.take(); }};
  const txn::Judgement judged = check_transactions(
      transactions_of(instance), *txn::level_named("strong-session-serializable"), budget);
  if (judged.verdict == Verdict::kPass) return {};
  if (judged.verdict == Verdict::kUnknown) return unknown(judged.message);
  const auto& nodes = judged.anomalies.front().transactions;
  return {Verdict::kFail,
          "NoTotalOrder",
          "no one order of all operations explains these",
          kNone,
          {nodes.begin(), nodes.end()}};
}

}  // namespace

Found judge_sequential(const Instance& instance, Meter& meter) {
  Found found = judge_causal(instance, meter);
  if (found.verdict == Verdict::kFail) return found;
  More conflicts;
  found = find_conflicts(instance, meter, conflicts);
  if (found.verdict == Verdict::kFail) return found;
  if (Replay(instance, conflicts).works(meter)) return {};
  return search(instance, meter);
}

}  // namespace seedbed::orders
