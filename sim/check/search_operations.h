// The operations of one search for a linearization: required ones in the order of invocation,
// identical optional ones together, what needs and what leaves each state, and which are placed.
// The words are those of the search, and what they are good for is argued there: linearizer.h.
//
//   SearchOperations<Model> operations(model, calls);
//   const std::size_t before = operations.placed();
//   operations.place(operations.first());  // one that may come next
//   if (operations.done()) return operations.order();
//   operations.undo(before);
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/assert.h"
#include "sim/check/linearizability.h"
#include "sim/check/search_memo.h"

namespace seedbed::detail {

template <LinearizableModel Model>
class SearchOperations {
 public:
  using State = typename Model::State;
  using Op = typename Model::Op;
  static constexpr std::uint64_t kNever = Call<Op>::kNever;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct States {  // ids of them
    std::uint32_t needs = kNone;
    std::uint32_t leaves = kNone;
    std::uint32_t avoids = kNone;
  };
  struct NoStates {
    static constexpr std::uint32_t needs = kNone;
    static constexpr std::uint32_t leaves = kNone;
    static constexpr std::uint32_t avoids = kNone;
  };
  /// There is one for each operation of a long history: what only registers have, only theirs hold.
  struct Item : std::conditional_t<RegisterModel<Model>, States, NoStates> {
    std::uint32_t call = 0;
    bool read = false;
  };
  struct Choice {  // identical optional operations
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Need {                 // a state that operations need
    std::uint32_t open = 0;     // unplaced required operations that need it
    std::uint32_t makers = 0;   // unplaced required operations that leave it
    std::uint32_t avoided = 0;  // unplaced required operations that avoid it
    std::uint32_t until = 0;    // chains of optional ones lead from it to required ones below this
    std::uint32_t choices_begin = 0;  // that leave it
    std::uint32_t choices_end = 0;
    std::uint64_t wanted = 0;   // the round in which it last was
    std::uint64_t counted = 0;  // the round that `readers` is of
    std::uint32_t readers = 0;  // in the window
  };

  SearchOperations(const Model& model, std::span<const Call<Op>> calls)
      : model_(model), calls_(calls) {
    SEEDBED_ASSERT(calls.size() < kOptional, "{} operations are too many", calls.size());
    split(load());
    link();
    if constexpr (RegisterModel<Model>) reach_through_choices();
  }

  // ---- What there is

  const Item& required(std::uint32_t i) const { return required_[i]; }
  const Item& optional(std::uint32_t member) const { return optional_[member]; }
  const std::vector<Choice>& choices() const { return choices_; }
  /// One of a choice: all of them need and leave the same.
  const Item& sample(std::uint32_t choice) const { return optional_[choices_[choice].begin]; }
  /// Some operation, placed or not, needs this state. Only such states have a Need.
  bool is_needed(std::uint32_t state) const { return state < needs_.size(); }
  const Need& need(std::uint32_t state) const { return needs_[state]; }
  const StateTable<Model>& states() const { return states_; }

  std::uint32_t start() { return states_.id_of(model_, model_.init()); }
  std::optional<std::uint32_t> step(std::uint32_t state, const Item& item) {
    const auto next = model_.step(states_[state], *calls_[item.call].op);
    if (!next) return std::nullopt;
    return states_.id_of(model_, *next);
  }

  const Op& op(const Item& item) const { return *calls_[item.call].op; }
  std::uint64_t invoked(const Item& item) const { return calls_[item.call].invoked; }
  std::uint64_t returned(const Item& item) const { return calls_[item.call].returned; }
  bool out_of_reach(std::uint32_t state, const Op& op, std::span<const Op* const> others) const {
    return model_.out_of_reach(states_[state], op, others);
  }

  // ---- What is placed

  /// The unplaced required ones are first(), next(first()), and so on, up to end().
  std::uint32_t end() const { return size32(required_); }
  std::uint32_t first() const { return next_[end()]; }
  std::uint32_t next(std::uint32_t i) const { return next_[i]; }
  bool done() const { return first() == end(); }

  void place(std::uint32_t i) {
    next_[previous_[i]] = next_[i];
    previous_[next_[i]] = previous_[i];
    count(required_[i], ~std::uint32_t{0});  // -1
    log_.push_back(i);
  }
  void place_optional(std::uint32_t member) { log_.push_back(member | kOptional); }
  std::size_t placed() const { return log_.size(); }

  /// Back to when so many were placed.
  void undo(std::size_t before) {
    for (; log_.size() > before; log_.pop_back()) {
      const std::uint32_t i = log_.back();
      if ((i & kOptional) != 0) continue;
      next_[previous_[i]] = i;
      previous_[next_[i]] = i;
      count(required_[i], 1);
    }
  }

  /// What is placed, in order, as indices of calls.
  std::vector<std::uint32_t> order() const {
    std::vector<std::uint32_t> order;
    for (const std::uint32_t i : log_) {
      const bool optional = (i & kOptional) != 0;
      order.push_back(optional ? optional_[i & ~kOptional].call : required_[i].call);
    }
    return order;
  }

  // ---- What that says of states

  /// Nothing unplaced needs this state, and nothing ever will.
  bool dead(std::uint32_t state) const {
    if constexpr (!RegisterModel<Model>) return false;
    if (state >= needs_.size()) return true;
    const Need& need = needs_[state];
    return need.open == 0 && need.avoided == 0 && need.until <= first();
  }
  /// Whether an optional operation that leaves this state will not be wanted any more.
  bool is_spent(const Item& item) const { return avoiding_ == 0 && dead(item.leaves); }
  static bool blind(const Item& item) { return item.needs == kNone && item.leaves != kNone; }

  /// Begins a round, in which `window` is what can come next.
  void count_readers(const std::vector<std::uint32_t>& window) {
    ++round_;
    for (const std::uint32_t i : window) {
      if (!required_[i].read || required_[i].needs == kNone) continue;
      Need& need = needs_[required_[i].needs];
      need.readers = std::exchange(need.counted, round_) == round_ ? need.readers + 1 : 1;
    }
  }
  /// A blind operation whose state is needed by nothing but reads in the window counted last.
  bool is_free(const Item& item) const {
    if (avoiding_ > 0 || !blind(item)) return false;
    if (dead(item.leaves)) return true;
    const Need& need = needs_[item.leaves];
    return need.counted == round_ && need.readers == need.open && need.until <= first();
  }
  /// Marks a state as wanted; true the first time in a round.
  bool want(std::uint32_t state) { return std::exchange(needs_[state].wanted, round_) != round_; }

 private:
  static constexpr std::uint32_t kOptional = std::uint32_t{1} << 31;  // a mark in the log

  std::vector<Item> load() {
    std::vector<Item> items;
    items.reserve(calls_.size());
    for (std::uint32_t i = 0; i < calls_.size(); ++i) {
      const Call<Op>& call = calls_[i];
      const bool read = detail::is_read(model_, *call.op);
      if (read && call.returned == kNever) continue;
      items.push_back({{}, i, read});
    }
    std::sort(items.begin(), items.end(),
              [&](const Item& a, const Item& b) { return invoked(a) < invoked(b); });
    if constexpr (RegisterModel<Model>) {
      for (Item& item : items) {
        const auto needs = model_.needs(*calls_[item.call].op);
        if (needs) item.needs = states_.id_of(model_, *needs);
        if constexpr (AvoidingModel<Model>) {
          const auto avoids = model_.avoids(*calls_[item.call].op);
          if (avoids) item.avoids = states_.id_of(model_, *avoids);
        }
      }
      needs_.resize(states_.size());  // so that an id below its size is needed by something
      for (Item& item : items) {
        const auto leaves = model_.leaves(*calls_[item.call].op);
        if (leaves && !item.read) item.leaves = states_.id_of(model_, *leaves);
      }
    }
    return items;
  }

  void split(std::vector<Item> items) {
    const auto returns = [&](const Item& item) { return returned(item) != kNever; };
    std::remove_copy_if(items.begin(), items.end(), std::back_inserter(optional_), returns);
    std::erase_if(items, std::not_fn(returns));
    required_ = std::move(items);
    log_.reserve(required_.size() + optional_.size());
    if constexpr (RegisterModel<Model>) {
      std::stable_sort(optional_.begin(), optional_.end(), [](const Item& a, const Item& b) {
        return std::pair(a.leaves, a.needs) < std::pair(b.leaves, b.needs);
      });
    }
    if constexpr (!RegisterModel<Model> && std::totally_ordered<Op>) {
      std::stable_sort(optional_.begin(), optional_.end(), [&](const Item& a, const Item& b) {
        return *calls_[a.call].op < *calls_[b.call].op;
      });
    }
    for (std::uint32_t i = 0; i < optional_.size(); ++i) {
      const Item& item = optional_[i];
      if (i == 0 || !alike(optional_[i - 1], item)) {
        if (item.leaves < needs_.size()) {
          Need& need = needs_[item.leaves];
          if (need.choices_end == 0) need.choices_begin = size32(choices_);
          need.choices_end = size32(choices_) + 1;
        }
        choices_.push_back({i, i});
      }
      choices_.back().end = i + 1;
    }
  }

  /// Whether two optional operations can stand for each other.
  bool alike(const Item& a, const Item& b) const {
    if constexpr (RegisterModel<Model>) {
      return a.leaves == b.leaves && a.needs == b.needs;
    } else if constexpr (std::totally_ordered<Op>) {
      return *calls_[a.call].op == *calls_[b.call].op;
    } else {
      return false;
    }
  }

  void link() {
    const std::uint32_t n = size32(required_);
    next_.resize(n + 1);
    previous_.resize(n + 1);
    for (std::uint32_t i = 0; i <= n; ++i) {
      next_[i] = i == n ? 0 : i + 1;
      previous_[i] = i == 0 ? n : i - 1;
      if (i < n) count(required_[i], 1);
    }
  }

  /// Sets Need::until: from the latest required operations backwards, so that the first value to
  /// reach a state is its highest.
  void reach_through_choices() {
    std::vector<std::uint32_t> last(needs_.size(), 0);  // 1 + index of the last that needs it
    for (std::uint32_t i = 0; i < required_.size(); ++i) {
      if (required_[i].needs != kNone) last[required_[i].needs] = i + 1;
    }
    std::vector<std::uint32_t> states(needs_.size());
    std::iota(states.begin(), states.end(), 0U);
    std::stable_sort(states.begin(), states.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return last[a] > last[b]; });
    std::vector<std::uint32_t> reached;
    for (const std::uint32_t target : states) {
      if (last[target] == 0) break;
      reached.push_back(target);
      while (!reached.empty()) {
        const Need& need = needs_[reached.back()];
        reached.pop_back();
        for (std::uint32_t c = need.choices_begin; c < need.choices_end; ++c) {
          const std::uint32_t source = optional_[choices_[c].begin].needs;
          if (source == kNone || needs_[source].until >= last[target]) continue;
          needs_[source].until = last[target];
          reached.push_back(source);
        }
      }
    }
  }

  void count(const Item& item, std::uint32_t by) {
    if (item.needs != kNone) needs_[item.needs].open += by;
    if (item.leaves < needs_.size()) needs_[item.leaves].makers += by;
    if (item.avoids != kNone) {
      needs_[item.avoids].avoided += by;
      avoiding_ += by;
    }
  }

  template <class T>
  static std::uint32_t size32(const std::vector<T>& v) {
    return static_cast<std::uint32_t>(v.size());
  }

  const Model& model_;
  std::span<const Call<Op>> calls_;

  std::vector<Item> required_;  // by invocation
  std::vector<Item> optional_;  // by choice
  std::vector<Choice> choices_;
  std::vector<Need> needs_;  // by id of state; others are needed by nothing
  StateTable<Model> states_;

  // The unplaced required operations, with required_.size() for both ends.
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> previous_;

  std::uint32_t avoiding_ = 0;      // unplaced required operations that avoid a state
  std::vector<std::uint32_t> log_;  // what was placed, in order
  std::uint64_t round_ = 0;         // counts windows and lists of moves
};

}  // namespace seedbed::detail
