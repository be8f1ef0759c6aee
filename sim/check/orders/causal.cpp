// Weak causal consistency and causal convergence, by bad patterns (Bouajjani, Enea, Guerraoui and
// Hamza 2017, "On verifying causal consistency", section 5). Vector clocks say what is causally
// before what; of each lane only its last write of a key can matter to a read.
#include <algorithm>
#include <utility>

#include "sim/check/orders/before.h"
#include "sim/check/orders/judges.h"

namespace seedbed::orders {

namespace {

class CausalOrder {
 public:
  /// Nothing where there is none, or too little memory: see `found`.
  CausalOrder(const Instance& instance, Meter& meter) : instance_(instance) {
    const Sorted sorted = sort_instance(instance, {});
    if (!sorted.cycle.empty()) {
      found = {Verdict::kFail, "CyclicCO", "these operations come causally before themselves",
               sorted.cycle.front(), sorted.cycle};
    } else if (instance.nodes.size() * std::size_t{instance.lanes} * 4 > meter.bytes()) {
      found = unknown("too many processes for the memory allowed");
    } else {
      make_clocks(sorted.order);
    }
  }

  Found found;

  bool before(std::uint32_t a, std::uint32_t b) const {
    return a != b && clock(b)[instance_.nodes[a].lane] > instance_.nodes[a].index;
  }
  /// For each lane, its last write of the key of `read` that comes causally before it.
  template <class F>
  void each_last_write(std::uint32_t read, const F& f) const {
    const Node& r = instance_.nodes[read];
    for (const Slot& slot : instance_.slots[r.key]) {
      std::uint32_t end = clock(read)[slot.lane];
      if (slot.lane == r.lane) end = r.index;  // what it wrote itself came after it read
      const auto at =
          std::partition_point(slot.nodes.begin(), slot.nodes.end(),
                               [&](std::uint32_t w) { return instance_.nodes[w].index < end; });
      if (at != slot.nodes.begin()) f(at[-1]);
    }
  }

 private:
  /// By lane: how many of its operations are at or before v.
  const std::uint32_t* clock(std::uint32_t v) const {
    return &clocks_[std::size_t{v} * instance_.lanes];
  }
  void make_clocks(const std::vector<std::uint32_t>& order) {
    clocks_.assign(instance_.nodes.size() * std::size_t{instance_.lanes}, 0);
    for (const std::uint32_t v : order) {
      const Node& n = instance_.nodes[v];
      std::uint32_t* mine = &clocks_[std::size_t{v} * instance_.lanes];
      for (const std::uint32_t u : {n.before, n.from}) {
        if (u >= instance_.nodes.size()) continue;
        const std::uint32_t* its = clock(u);
        for (std::uint32_t l = 0; l < instance_.lanes; ++l) mine[l] = std::max(mine[l], its[l]);
      }
      mine[n.lane] = n.index + 1;
    }
  }

  const Instance& instance_;
  std::vector<std::uint32_t> clocks_;
};

Found find_overwritten(const Instance& instance, const CausalOrder& causal, Meter& meter) {
  Found found;
  for (std::uint32_t r = 0; r < instance.nodes.size(); ++r) {
    const std::uint32_t from = instance.nodes[r].from;
    if (from == kNone) continue;
    causal.each_last_write(r, [&](std::uint32_t w) {
      if (!meter.take()) found = unknown("out of budget");
      if (w == from || found.verdict != Verdict::kPass) return;
      if (from == kInitially) {
        found = {Verdict::kFail,
                 "WriteCOInitRead",
                 "the initial value, though a write of the key came causally before",
                 r,
                 {w, r}};
      } else if (causal.before(from, w)) {
        found = {Verdict::kFail,
                 "WriteCORead",
                 "a value that was overwritten causally before",
                 r,
                 {from, w, r}};
      }
    });
    if (found.verdict != Verdict::kPass) return found;
  }
  return found;
}

}  // namespace

Found judge_weak_causal(const Instance& instance, Meter& meter) {
  const CausalOrder causal(instance, meter);
  if (causal.found.verdict != Verdict::kPass) return causal.found;
  return find_overwritten(instance, causal, meter);
}

Found judge_causal_convergence(const Instance& instance, Meter& meter) {
  More conflicts;
  return find_conflicts(instance, meter, conflicts);
}

Found find_conflicts(const Instance& instance, Meter& meter, More& conflicts) {
  const CausalOrder causal(instance, meter);
  if (causal.found.verdict != Verdict::kPass) return causal.found;
  Found found = find_overwritten(instance, causal, meter);
  if (found.verdict != Verdict::kPass) return found;
  conflicts.assign(instance.nodes.size(), {});
  std::vector<std::uint32_t> told(instance.nodes.size(),
                                  kNone);  // a write's latest edge goes there
  for (std::uint32_t r = 0; r < instance.nodes.size(); ++r) {
    const std::uint32_t from = instance.nodes[r].from;
    if (from >= instance.nodes.size()) continue;
    causal.each_last_write(r, [&](std::uint32_t w) {
      if (w == from || std::exchange(told[w], from) == from) return;
      conflicts[from].push_back(w);
    });
  }
  const Sorted sorted = sort_instance(instance, conflicts);
  if (sorted.cycle.empty()) return found;
  return {Verdict::kFail, "CyclicCF", "writes that no one order has as all readers saw them", kNone,
          sorted.cycle};
}

}  // namespace seedbed::orders
