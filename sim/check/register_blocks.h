// Registers where it is plain who left every state that somebody needs: no search is necessary
// (Gibbons and Korach 1997, "Testing shared memories": with the read mapping given, in n log n).
//
//   if (auto found = linearize_blocks(model, calls, meter)) return *found;   // else search
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/assert.h"
#include "sim/check/linearizability.h"
#include "sim/check/search_memo.h"
#include "sim/check/verdict.h"

namespace seedbed {

/// A needed state that one operation leaves is there once. What needs it, and the conditional
/// operation that leaves it, and what needs the state after that, follow at once: a *block*, that
/// begins with a blind operation or with the initial state. Its order is given; so all that has to
/// be found is an order of blocks. A block comes before another where some operation of it returned
/// before some of the other was invoked. Let its key be the lower one of its earliest return and
/// its latest invocation. If X must come before Y, and Y need not come before X, then X has the
/// lower key (four cases, by which of the two is lower in each). So in the order of the keys the
/// blocks respect real time, or no order does. An operation that never returned is part of a block
/// where somebody needs what it left, and else is left out.
template <RegisterModel Model>
class RegisterBlocks {
 public:
  using Op = typename Model::Op;
  using State = typename Model::State;

  RegisterBlocks(const Model& model, std::span<const Call<Op>> calls)
      : model_(model), calls_(calls) {}

  /// Nothing where it is not plain who left what. Takes a step for each operation placed.
  std::optional<Linearization<State>> run(Meter& meter) {
    if (!load()) return std::nullopt;
    Linearization<State> found;
    found.verdict = Verdict::kFail;
    found.bytes = (items_.capacity() * sizeof(Item)) + states_.bytes() +
                  makers_.capacity() * (sizeof(std::uint32_t) + sizeof(Range));
    if (impossible_ || !chain() || !arrange(found.order)) return found;
    return replay(meter, std::move(found));
  }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::uint32_t kMany = kNone - 1;
  static constexpr std::uint64_t kNever = Call<Op>::kNever;

  struct Item {
    std::uint32_t call = 0;
    std::uint32_t needs = kNone;
    std::uint32_t leaves = kNone;  // of a read: none
  };
  struct Range {  // of the items that need a state: reads first, then what leaves it
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Block {
    std::uint64_t key = 0;
    std::uint32_t begin = 0;  // in sequence_
    std::uint32_t end = 0;
  };

  bool load() {
    start_ = states_.id_of(model_, model_.init());
    for (std::uint32_t i = 0; i < calls_.size(); ++i) {
      const Op& op = *calls_[i].op;
      if constexpr (AvoidingModel<Model>) {
        if (model_.avoids(op)) return false;
      }
      const bool read = detail::is_read(model_, op);
      if (read && calls_[i].returned == kNever) continue;
      Item item{i, kNone, kNone};
      if (const auto needs = model_.needs(op)) item.needs = states_.id_of(model_, *needs);
      if (const auto leaves = model_.leaves(op); leaves && !read) {
        item.leaves = states_.id_of(model_, *leaves);
      }
      // What neither needs nor leaves anything may stand in the middle of a block.
      if (item.needs == kNone && item.leaves == kNone) return false;
      items_.push_back(item);
    }
    find_makers();
    return drop_unneeded();
  }

  /// Who leaves each state: one, nobody (kNone), or several (kMany).
  void find_makers() {
    makers_.assign(states_.size(), kNone);
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (items_[i].leaves == kNone) continue;
      std::uint32_t& maker = makers_[items_[i].leaves];
      maker = maker == kNone && items_[i].leaves != start_ ? i : kMany;
    }
  }

  /// Leaves out what never returned and is not needed. False where a needed state has several
  /// makers.
  bool drop_unneeded() {
    std::vector<bool> in(items_.size(), false);
    std::vector<bool> needed(states_.size(), false);
    std::vector<std::uint32_t> look;
    const auto include = [&](std::uint32_t i) {
      in[i] = true;
      const std::uint32_t state = items_[i].needs;
      if (state == kNone || needed[state]) return;
      needed[state] = true;
      look.push_back(state);
    };
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (calls_[items_[i].call].returned != kNever) include(i);
    }
    while (!look.empty()) {
      const std::uint32_t state = look.back();
      look.pop_back();
      if (makers_[state] == kMany) return false;
      if (makers_[state] != kNone) {
        include(makers_[state]);
      } else if (state != start_) {
        impossible_ = true;
      }
    }
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (in[i]) items_[kept++] = items_[i];
    }
    items_.resize(kept);
    return true;
  }

  /// Puts the operations in the order of their blocks: sequence_ and blocks_. False where two leave
  /// a state that is there once, or where a block has no beginning.
  bool chain() {
    const auto rank = [&](const Item& item) { return std::pair(item.needs, item.leaves != kNone); };
    std::stable_sort(items_.begin(), items_.end(),
                     [&](const Item& a, const Item& b) { return rank(a) < rank(b); });
    std::vector<Range> needing(states_.size());
    for (std::uint32_t i = 0; i < items_.size() && items_[i].needs != kNone; ++i) {
      Range& range = needing[items_[i].needs];
      if (range.end == 0) range.begin = i;
      range.end = i + 1;
      if (i > range.begin && items_[i - 1].leaves != kNone) return false;
    }
    sequence_.reserve(items_.size());
    const auto follow = [&](std::uint32_t state) {
      while (state != kNone) {
        const Range range = std::exchange(needing[state], Range{});
        for (std::uint32_t i = range.begin; i < range.end; ++i) sequence_.push_back(i);
        state = range.begin == range.end ? kNone : items_[range.end - 1].leaves;
      }
    };
    follow(start_);
    end_block();
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (items_[i].needs != kNone) continue;
      sequence_.push_back(i);
      follow(items_[i].leaves);
      end_block();
    }
    return sequence_.size() == items_.size();
  }

  void end_block() {
    const auto begin = blocks_.empty() ? 0 : blocks_.back().end;
    const auto end = static_cast<std::uint32_t>(sequence_.size());
    std::uint64_t returned = kNever;
    std::uint64_t invoked = 0;
    for (std::uint32_t at = begin; at < end; ++at) {
      const Call<Op>& call = calls_[items_[sequence_[at]].call];
      returned = std::min(returned, call.returned);
      invoked = std::max(invoked, call.invoked);
    }
    blocks_.push_back({std::min(returned, invoked), begin, end});
  }

  /// The blocks by their keys, the one of the initial state first. False where that is against real
  /// time.
  bool arrange(std::vector<std::uint32_t>& order) {
    std::stable_sort(blocks_.begin() + 1, blocks_.end(),
                     [](const Block& a, const Block& b) { return a.key < b.key; });
    order.reserve(items_.size());
    std::uint64_t invoked = 0;
    for (const Block& block : blocks_) {
      for (std::uint32_t at = block.begin; at < block.end; ++at) {
        const Call<Op>& call = calls_[items_[sequence_[at]].call];
        if (call.returned < invoked) return order.clear(), false;
        invoked = std::max(invoked, call.invoked);
        order.push_back(items_[sequence_[at]].call);
      }
    }
    return true;
  }

  /// The proof, by the model itself.
  Linearization<State> replay(Meter& meter, Linearization<State> found) {
    State state = model_.init();
    for (const std::uint32_t i : found.order) {
      if (!meter.take()) {
        found.verdict = Verdict::kUnknown;
        return found;
      }
      const auto next = model_.step(state, *calls_[i].op);
      SEEDBED_ASSERT(next.has_value(), "operation {} is not where it is needed", i);
      state = *next;
    }
    found.verdict = Verdict::kPass;
    found.state = state;
    return found;
  }

  const Model& model_;
  std::span<const Call<Op>> calls_;
  std::uint32_t start_ = 0;
  bool impossible_ = false;  // a needed state that nobody leaves
  std::vector<Item> items_;
  std::vector<std::uint32_t> makers_;  // by state
  std::vector<std::uint32_t> sequence_;
  std::vector<Block> blocks_;
  detail::StateTable<Model> states_;
};

}  // namespace seedbed
