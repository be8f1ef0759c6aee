// Judges of orders that owe nothing to those of sim/check/orders: each tries all orders, all sets
// of writes, all that may have happened and all that may have been read, as orders.h words it.
//
//   EXPECT_EQ(BruteForceOrders(history).passes(*orders::level_named("causal")), ...);
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/check/orders/orders.h"

namespace seedbed::testing_check {

class BruteForceOrders {
 public:
  using Order = orders::Order;

  explicit BruteForceOrders(const orders::History& history)
      : h_(history), ops_(history.operations) {}

  bool passes(const orders::Level& level) {
    level_ = level;
    const auto n = static_cast<std::uint32_t>(ops_.size());
    for (std::uint32_t happened = 0; happened < 1U << n; ++happened) {
      bool all = true;
      for (std::uint32_t i = 0; i < n; ++i) all &= !ops_[i].ok || has(happened, i);
      if (!all) continue;
      happened_ = happened;
      if (passes_with()) return true;
    }
    return false;
  }

 private:
  static constexpr std::uint32_t kInitial = 31;
  using Set = std::uint32_t;

  static bool has(Set set, std::uint32_t i) { return (set >> i & 1) != 0; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(ops_.size()); }
  bool writes(std::uint32_t i) const { return ops_[i].writes != orders::kNone; }
  bool reads(std::uint32_t i) const { return ops_[i].ok && ops_[i].reads != orders::kNone; }
  /// Program order.
  bool precedes(std::uint32_t a, std::uint32_t b) const {
    return a < b && ops_[a].ok && ops_[a].process == ops_[b].process;
  }

  bool passes_with() {
    if (level_.order == Order::kSequential || level_.order >= Order::kAtomic) {
      state_.assign(h_.initial.size(), {});
      for (std::size_t k = 0; k < state_.size(); ++k) state_[k].push_back(h_.initial[k]);
      return one_order(0);
    }
    from_.assign(size(), orders::kNone);
    return try_readings(0);
  }

  // -- by value, all operations in one order ----------------------------------------------------

  bool may_come(Set placed, std::uint32_t i) const {
    for (std::uint32_t k = 0; k < size(); ++k) {
      if (k == i || has(placed, k) || !has(happened_, k)) continue;
      if (level_.order == Order::kSequential && precedes(k, i)) return false;
      if (level_.order == Order::kAtomic && ops_[k].returned < ops_[i].invoked) return false;
      if (level_.order == Order::kStale && ops_[k].ok) {
        const bool read = ops_[i].writes == orders::kNone;
        const auto earlier = read ? static_cast<std::int64_t>(level_.bound) : 0;
        if (ops_[k].returned_ns < ops_[i].invoked_ns - earlier) return false;
      }
    }
    return true;
  }
  bool one_order(Set placed) {
    if (placed == happened_) return true;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (has(placed, i) || !has(happened_, i) || !may_come(placed, i)) continue;
      auto& values = state_[ops_[i].key];
      if (ops_[i].reads != orders::kNone) {
        const std::size_t window = level_.order == Order::kAtomic ? level_.bound : 1;
        const std::size_t last = std::min(window, values.size());
        if (std::find(values.end() - static_cast<std::ptrdiff_t>(last), values.end(),
                      ops_[i].reads) == values.end()) {
          continue;
        }
      }
      if (writes(i)) values.push_back(ops_[i].writes);
      const bool found = one_order(placed | 1U << i);
      if (writes(i)) values.pop_back();
      if (found) return true;
    }
    return false;
  }

  // -- by who read what -------------------------------------------------------------------------

  bool try_readings(std::uint32_t i) {
    if (i == size()) return holds();
    if (!has(happened_, i) || !reads(i)) return try_readings(i + 1);
    for (std::uint32_t w = 0; w < size(); ++w) {
      if (w == i || !has(happened_, w) || ops_[w].writes != ops_[i].reads) continue;
      from_[i] = w;
      if (try_readings(i + 1)) return true;
    }
    from_[i] = kInitial;
    return h_.initial[ops_[i].key] == ops_[i].reads && try_readings(i + 1);
  }
  bool holds() {
    switch (level_.order) {
      case Order::kCausal: return close() && for_each_process();
      case Order::kPram: return program_order(), for_each_process();
      case Order::kWeakCausal: return close() && for_each_read();
      case Order::kCausalConvergence: return close() && arbitrate({});
      default: return sessions();
    }
  }

  void program_order() {
    before_.assign(size(), 0);
    for (std::uint32_t a = 0; a < size(); ++a) {
      for (std::uint32_t b = 0; b < size(); ++b) {
        if (has(happened_, a) && has(happened_, b) && precedes(a, b)) before_[b] |= 1U << a;
      }
    }
  }
  /// The causal order; false if it is none.
  bool close() {
    program_order();
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (from_[i] < size()) before_[i] |= 1U << from_[i];
    }
    for (std::uint32_t k = 0; k < size(); ++k) {
      for (std::uint32_t i = 0; i < size(); ++i) {
        if (has(before_[i], k)) before_[i] |= before_[k];
      }
    }
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (has(before_[i], i)) return false;
    }
    return true;
  }
  Set all_writes() const {
    Set set = 0;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (has(happened_, i) && writes(i)) set |= 1U << i;
    }
    return set;
  }
  bool for_each_process() {
    for (std::uint32_t p = 0; p < 3; ++p) {
      Set readers = 0;
      for (std::uint32_t i = 0; i < size(); ++i) {
        if (ops_[i].process == p && reads(i)) readers |= 1U << i;
      }
      if (!serialize(all_writes() | readers, readers, 0, {})) return false;
    }
    return true;
  }
  bool for_each_read() {
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (reads(i) && !serialize(before_[i] | 1U << i, 1U << i, 0, {})) return false;
    }
    return true;
  }
  /// An order of the set within before_ in which each of the readers sees what it read.
  bool serialize(Set set, Set readers, Set placed, std::vector<std::uint32_t> last) {
    if (placed == 0) last.assign(h_.initial.size(), kInitial);
    if (placed == set) return true;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (has(placed, i) || !has(set, i) || (before_[i] & set & ~placed) != 0) continue;
      const std::uint32_t key = ops_[i].key;
      if (has(readers, i) && last[key] != from_[i]) continue;
      std::vector<std::uint32_t> then = last;
      if (writes(i)) then[key] = i;
      if (serialize(set, readers, placed | 1U << i, std::move(then))) return true;
    }
    return false;
  }
  /// One order of all; each read returns the last write in it that is causally before the read.
  bool arbitrate(const std::vector<std::uint32_t>& order) {
    Set placed = 0;
    for (const std::uint32_t i : order) placed |= 1U << i;
    if (placed == happened_) return true;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (has(placed, i) || !has(happened_, i) || (before_[i] & ~placed) != 0) continue;
      if (reads(i)) {
        std::uint32_t last = kInitial;
        for (const std::uint32_t w : order) {
          if (writes(w) && has(before_[i], w) && ops_[w].key == ops_[i].key) last = w;
        }
        if (last != from_[i]) continue;
      }
      std::vector<std::uint32_t> more = order;
      more.push_back(i);
      if (arbitrate(more)) return true;
    }
    return false;
  }

  // -- sessions ---------------------------------------------------------------------------------

  /// With a write come these.
  std::vector<Set> brought_along() const {
    std::vector<Set> with(size(), 0);
    for (std::uint32_t w = 0; w < size(); ++w) {
      if (!has(happened_, w) || !writes(w)) continue;
      for (std::uint32_t i = 0; i < size(); ++i) {
        if (level_.order == Order::kMonotonicWrites && writes(i) && precedes(i, w)) {
          with[w] |= 1U << i;
        }
        const bool had_read = reads(i) && (i == w || precedes(i, w)) && from_[i] < size();
        if (level_.order == Order::kWritesFollowReads && had_read) with[w] |= 1U << from_[i];
      }
    }
    return with;
  }
  bool sessions() {
    const std::vector<Set> with = brought_along();
    std::vector<std::uint32_t> writes_there;
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (has(all_writes(), i)) writes_there.push_back(i);
    }
    for (std::uint32_t p = 0; p < 3; ++p) {
      std::vector<std::uint32_t> order = writes_there;
      bool found = false;
      do {
        found = keeps(order, with) && explains(order, with, p);
      } while (!found && std::next_permutation(order.begin(), order.end()));
      if (!found) return false;
    }
    return true;
  }
  bool keeps(const std::vector<std::uint32_t>& order, const std::vector<Set>& with) const {
    Set placed = 0;
    for (const std::uint32_t w : order) {
      if ((with[w] & ~placed) != 0) return false;
      placed |= 1U << w;
    }
    return true;
  }
  bool explains(const std::vector<std::uint32_t>& order, const std::vector<Set>& with,
                std::uint32_t process) const {
    for (std::uint32_t r = 0; r < size(); ++r) {
      if (ops_[r].process != process || !reads(r)) continue;
      Set needed = 0;
      for (std::uint32_t i = 0; i < size(); ++i) {
        if (!precedes(i, r)) continue;
        const bool own = level_.order == Order::kReadYourWrites;
        if (own && writes(i)) needed |= 1U << i;
        if (!own && reads(i) && from_[i] < size()) needed |= 1U << from_[i];
      }
      bool found = false;
      for (Set set = 0; set < 1U << size() && !found; ++set) {
        found =
            (set & ~all_writes()) == 0 && (needed & ~set) == 0 && explained(r, set, order, with);
      }
      if (!found) return false;
    }
    return true;
  }
  bool explained(std::uint32_t r, Set set, const std::vector<std::uint32_t>& order,
                 const std::vector<Set>& with) const {
    std::uint32_t last = kInitial;
    for (const std::uint32_t w : order) {
      if (!has(set, w)) continue;
      if ((with[w] & ~set) != 0) return false;
      if (ops_[w].key == ops_[r].key) last = w;
    }
    return last == from_[r];
  }

  const orders::History& h_;
  const std::vector<orders::Operation>& ops_;
  orders::Level level_;
  Set happened_ = 0;
  std::vector<std::uint32_t> from_;
  std::vector<Set> before_;
  std::vector<std::vector<std::uint32_t>> state_;
};

}  // namespace seedbed::testing_check
