// For each process one order of its operations and all writes, for causal memory and PRAM. The
// order must have each write w of a key before the one that a read r returned, if w is before r
// (Bouajjani et al. 2017, section 5.3: HB). The reads of one process stand in its program order, so
// it is enough to go through them once, from the last to the first: what a read adds lies among
// what is before that read, so that only earlier reads ever see more than they did.
//
// What is before the read at hand is kept as a graph from which everything is peeled off that does
// not lead to it. In each lane it is a beginning, of which only the last write of a key matters.
#include <algorithm>
#include <utility>

#include "sim/check/orders/before.h"
#include "sim/check/orders/judges.h"

namespace seedbed::orders {

namespace {

class Serialization {
 public:
  Serialization(const Instance& instance, bool causal)
      : instance_(instance),
        causal_(causal),
        in_(instance.nodes.size(), 0),
        leads_(instance.nodes.size(), 0),
        told_(instance.nodes.size(), kNone),
        edges_(instance.nodes.size()) {
    for (const auto& slots : instance.slots) left_.emplace_back(slots.size());
  }

  Found judge(std::uint32_t process, Meter& meter) {
    process_ = process;
    const auto& order = instance_.order[process];
    start();
    for (std::size_t i = order.size(); i-- > 0;) {
      const std::uint32_t r = order[i];
      if (in_[r] == 0) continue;  // only where no read follows
      if (!meter.take()) return unknown("out of budget");
      if (Found found = learn(r, meter); found.verdict != Verdict::kPass) return found;
      if (leads_[r] != 0) return cycle();
      peel(r, i == 0 ? kNone : order[i - 1]);
    }
    return alive_ == 0 ? Found{} : cycle();
  }

 private:
  /// The i-th node that is directly before v, and kNoMore after the last.
  std::uint32_t source(std::uint32_t v, std::size_t i) const {
    const Node& n = instance_.nodes[v];
    if (i == 0) return n.before;
    if (i == 1) return causal_ || n.process == process_ ? n.from : kNone;
    return i - 2 < edges_[v].size() ? edges_[v][i - 2] : kNoMore;
  }

  /// Everything that is before the last read.
  void start() {
    for (const std::uint32_t v : touched_)
      in_[v] = 0, leads_[v] = 0, told_[v] = kNone, edges_[v].clear();
    touched_.clear();
    alive_ = 0;
    const auto& order = instance_.order[process_];
    auto last = order.rbegin();
    while (last != order.rend() && instance_.nodes[*last].from == kNone) ++last;
    if (last == order.rend()) return;
    in_[*last] = 1;
    touched_.push_back(*last);
    for (std::size_t at = 0; at < touched_.size(); ++at) {
      for (std::size_t i = 0; i < 2; ++i) {
        const std::uint32_t u = source(touched_[at], i);
        if (u >= in_.size()) continue;
        ++leads_[u];
        if (in_[u] == 0) touched_.push_back(u);
        in_[u] = 1;
      }
    }
    alive_ = touched_.size();
  }

  /// What follows from the value that `r` read.
  Found learn(std::uint32_t r, Meter& meter) {
    const Node& read = instance_.nodes[r];
    if (read.from == kNone) return {};
    const auto& slots = instance_.slots[read.key];
    for (std::size_t s = 0; s < slots.size(); ++s) {
      if (!meter.take()) return unknown("out of budget");
      auto& [left, of] = left_[read.key][s];
      if (std::exchange(of, process_) != process_) {
        left = static_cast<std::uint32_t>(slots[s].nodes.size());
      }
      while (left > 0 && (in_[slots[s].nodes[left - 1]] == 0 || slots[s].nodes[left - 1] == r)) {
        --left;
      }
      if (left == 0) continue;
      const std::uint32_t w = slots[s].nodes[left - 1];
      if (w == read.from || told_[w] == read.from) continue;
      if (read.from == kInitially) {
        return {Verdict::kFail,
                "WriteHBInitRead",
                "for its process, a write of the key comes before this read of the initial value",
                r,
                {w, r}};
      }
      told_[w] = read.from;
      edges_[read.from].push_back(w);
      ++leads_[w];
    }
    return {};
  }

  /// Off with `r`, and with all that now leads to nothing, but for the one that is next.
  void peel(std::uint32_t r, std::uint32_t next) {
    ends_.assign(1, r);
    while (!ends_.empty()) {
      const std::uint32_t v = ends_.back();
      ends_.pop_back();
      in_[v] = 0;
      --alive_;
      for (std::size_t i = 0;; ++i) {
        const std::uint32_t u = source(v, i);
        if (u == kNoMore) break;
        if (u >= in_.size() || in_[u] == 0) continue;
        if (--leads_[u] == 0 && u != next) ends_.push_back(u);
      }
    }
  }

  Found cycle() const {
    std::vector<std::uint32_t> roots;
    for (const std::uint32_t v : touched_) {
      if (in_[v] != 0) roots.push_back(v);
    }
    Sorted sorted =
        sort_nodes(roots, in_.size(), [&](std::uint32_t v, std::size_t i) { return source(v, i); });
    std::vector<std::uint32_t> nodes = std::move(sorted.cycle);
    std::vector<bool> on_it(in_.size(), false);
    for (const std::uint32_t v : nodes) on_it[v] = true;
    for (const std::uint32_t r : instance_.order[process_]) {
      const std::uint32_t from = instance_.nodes[r].from;
      if (from < on_it.size() && on_it[from]) nodes.push_back(r);
    }
    return {Verdict::kFail, "CyclicHB",
            "the operations of a process and the writes are in no order that explains its reads",
            kNone, std::move(nodes)};
  }

  const Instance& instance_;
  bool causal_;
  std::uint32_t process_ = 0;
  std::vector<std::uint8_t> in_;      // by node: it leads to the read at hand
  std::vector<std::uint32_t> leads_;  // by node: edges to others that are in
  std::vector<std::uint32_t> told_;   // by write: where its latest edge goes
  More edges_;                        // what was learned, into each node
  struct Left {
    std::uint32_t left = 0;
    std::uint32_t process = kNone;  // of which that is true
  };
  std::vector<std::vector<Left>> left_;  // by slot: so many may be in
  std::vector<std::uint32_t> touched_;
  std::vector<std::uint32_t> ends_;
  std::size_t alive_ = 0;
};

Found judge_each(const Instance& instance, bool causal, Meter& meter) {
  Serialization serialization(instance, causal);
  for (std::uint32_t p = 0; p < instance.processes; ++p) {
    Found found = serialization.judge(p, meter);
    if (found.verdict != Verdict::kPass) return found;
  }
  return {};
}

}  // namespace

Found judge_pram(const Instance& instance, Meter& meter) {
  return judge_each(instance, false, meter);
}

Found judge_causal(const Instance& instance, Meter& meter) {
  // Its patterns have names of their own; where there is no memory to look for them, the orders of
  // the processes show what they show.
  Found found = judge_weak_causal(instance, meter);
  if (found.verdict == Verdict::kFail) return found;
  return judge_each(instance, true, meter);
}

}  // namespace seedbed::orders
