// Is there an order of these operations, each at one instant between its call and its return, in
// which a sequential model gives every result? A depth-first search over what may come next, with a
// memo of the configurations seen (Wing & Gong 1993; Lowe 2017, "Testing for linearizability"), one
// partition at a time (Horn & Kroening 2015). Pass and fail are proofs: the memo compares exactly,
// and what the search leaves out is argued where it is left out. Out of budget is kUnknown.
//
// A model has `State`, `Op`, `State init()`, `std::optional<State> step(state, op)` (nothing where
// `op` cannot have its result), `uint64_t hash(state)`, and == between states. It may have
//   key(op)                 operations with different keys never influence one another
//   is_read(op)             never changes the state
//   needs(op), leaves(op)   std::optional<State> each: step(s, op) is possible if and only if there
//                           is no needs(op) or it is s; it ends in leaves(op), or in s without one.
//                           A read leaves nothing. Registers have this; it prunes a lot.
//
//   Meter meter(budget);
//   auto found = Linearizer<Model>(model, calls, meter).run();
//   if (found.verdict == Verdict::kFail) {
//     auto why = first_failure(model, calls, found, meter);  // calls[why.blocked] is in no order
//     auto core = Shrinker<Model>(model, meter).shrink(calls, why.blocked);  // fails by itself
//   }
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/check/verdict.h"

namespace seedbed {

/// One operation, from call to return. One that never returned (kNever) may take effect at any time
/// after `invoked`, or never. All positions of a history are distinct.
template <class Op>
struct Call {
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  const Op* op = nullptr;
  std::uint64_t invoked = 0;
  std::uint64_t returned = kNever;
};

template <class M>
concept LinearizableModel =
    requires(const M& m, const typename M::State& s, const typename M::Op& op) {
      { m.init() } -> std::same_as<typename M::State>;
      { m.step(s, op) } -> std::same_as<std::optional<typename M::State>>;
      { m.hash(s) } -> std::same_as<std::uint64_t>;
      { s == s } -> std::convertible_to<bool>;
    };

template <class M>
concept RegisterModel = LinearizableModel<M> && requires(const M& m, const typename M::Op& op) {
  { m.needs(op) } -> std::same_as<std::optional<typename M::State>>;
  { m.leaves(op) } -> std::same_as<std::optional<typename M::State>>;
};

struct SearchBudget {
  std::uint64_t steps = 20'000'000;           // calls of model.step
  std::size_t bytes = std::size_t{256} << 20;  // of one partition's memo
  /// Polled every 4096 steps; true ends the search as kUnknown. For tools that bound real time:
  /// nothing else here depends on a clock.
  std::function<bool()> expired;
};

/// What is used up of a budget, over several searches.
class Meter {
 public:
  explicit Meter(const SearchBudget& budget) : budget_(budget), limit_(budget.steps) {}

  std::uint64_t steps() const { return steps_; }
  std::uint64_t left() const { return budget_.steps - steps_; }
  std::size_t bytes() const { return budget_.bytes; }
  /// From here on, `share` steps and no more.
  void allow(std::uint64_t share) { limit_ = steps_ + std::min(share, left()); }
  /// One more step, if there is one left.
  bool take() {
    if (steps_ >= limit_ || expired_) return false;
    if (steps_ % 4096 == 0 && budget_.expired && budget_.expired()) return expired_ = true, false;
    return ++steps_, true;
  }

 private:
  const SearchBudget& budget_;
  std::uint64_t limit_;
  std::uint64_t steps_ = 0;
  bool expired_ = false;
};

/// What a search found. Operations are indices into its calls.
template <class State>
struct Linearization {
  Verdict verdict = Verdict::kUnknown;
  std::vector<std::uint32_t> order;  // kPass: the proof, without what may be left out
  std::optional<State> state;        // after `order`
  std::uint64_t reached = 0;         // kFail: there is an order of what returned before this return
  std::size_t bytes = 0;             // of the memo
  std::size_t configurations = 0;    // in the memo
};

namespace detail {

/// A set of sequences of words, compared exactly. Open addressing over an arena; the order of
/// insertion decides where things lie, but nothing can be iterated.
class SequenceSet {
 public:
  enum class Added : std::uint8_t { kNew, kOld, kFull };

  /// kFull, and not added, if the set would outgrow `max_bytes`.
  Added add(std::span<const std::uint32_t> words, std::size_t max_bytes) {
    std::uint64_t hash = words.size();
    for (const std::uint32_t w : words) hash = fold(hash + kGolden, w);
    const auto tag = static_cast<std::uint32_t>(scramble(hash) >> 32);
    if (2 * (count_ + 1) > slots_.size() && !grow(max_bytes)) return Added::kFull;
    std::size_t i = tag & (slots_.size() - 1);
    for (; slots_[i] != nullptr; i = (i + 1) & (slots_.size() - 1)) {
      const std::uint32_t* entry = slots_[i];
      if (entry[0] == tag && entry[1] == words.size() &&
          std::equal(words.begin(), words.end(), entry + kHeader)) {
        return Added::kOld;
      }
    }
    std::uint32_t* entry = allocate(words.size() + kHeader, max_bytes);
    if (entry == nullptr) return Added::kFull;
    entry[0] = tag;
    entry[1] = static_cast<std::uint32_t>(words.size());
    std::copy(words.begin(), words.end(), entry + kHeader);
    slots_[i] = entry;
    return ++count_, Added::kNew;
  }
  std::size_t size() const { return count_; }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kHeader = 2;  // hash and length
  static constexpr std::size_t kFirstChunk = 256;
  static constexpr std::size_t kLargestChunk = std::size_t{1} << 18;

  bool grow(std::size_t max_bytes) {
    const std::size_t size = std::max<std::size_t>(64, slots_.size() * 2);
    // The old table lives until the new one is filled.
    if (bytes_ + size * sizeof(slots_[0]) > max_bytes) return false;
    bytes_ += (size - slots_.size()) * sizeof(slots_[0]);
    std::vector<const std::uint32_t*> old(size, nullptr);
    old.swap(slots_);
    for (const std::uint32_t* entry : old) {
      if (entry == nullptr) continue;
      std::size_t i = entry[0] & (size - 1);
      while (slots_[i] != nullptr) i = (i + 1) & (size - 1);
      slots_[i] = entry;
    }
    return true;
  }

  std::uint32_t* allocate(std::size_t words, std::size_t max_bytes) {
    if (words > free_) {
      chunk_words_ = std::min(kLargestChunk, chunk_words_ * 2);
      const std::size_t size = std::max(words, chunk_words_);
      if (bytes_ + size * sizeof(std::uint32_t) > max_bytes) return nullptr;
      bytes_ += size * sizeof(std::uint32_t);
      chunks_.push_back(std::make_unique<std::uint32_t[]>(size));
      next_ = chunks_.back().get();
      free_ = size;
    }
    free_ -= words;
    return std::exchange(next_, next_ + words);
  }

  std::vector<const std::uint32_t*> slots_;  // a power of two of them
  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;
  std::uint32_t* next_ = nullptr;
  std::size_t free_ = 0;
  std::size_t chunk_words_ = kFirstChunk / 2;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

/// Numbers distinct states from 0, in the order in which they come.
template <LinearizableModel Model>
class StateTable {
 public:
  using State = typename Model::State;

  std::uint32_t id_of(const Model& model, const State& state) {
    if (2 * (states_.size() + 1) > slots_.size()) grow(model);
    std::size_t i = scramble(model.hash(state)) & (slots_.size() - 1);
    for (; slots_[i] != kFree; i = (i + 1) & (slots_.size() - 1)) {
      if (states_[slots_[i]] == state) return slots_[i];
    }
    slots_[i] = static_cast<std::uint32_t>(states_.size());
    states_.push_back(state);
    return slots_[i];
  }
  const State& operator[](std::uint32_t id) const { return states_[id]; }
  std::size_t size() const { return states_.size(); }
  std::size_t bytes() const {
    return states_.size() * sizeof(State) + slots_.size() * sizeof(slots_[0]);
  }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  void grow(const Model& model) {
    slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), kFree);
    for (std::uint32_t id = 0; id < states_.size(); ++id) {
      std::size_t i = scramble(model.hash(states_[id])) & (slots_.size() - 1);
      while (slots_[i] != kFree) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = id;
    }
  }

  std::vector<State> states_;
  std::vector<std::uint32_t> slots_;
};

template <class Model>
bool is_read(const Model& model, const typename Model::Op& op) {
  if constexpr (requires { model.is_read(op); }) {
    return model.is_read(op);
  } else {
    return false;
  }
}

}  // namespace detail

/// The search. An operation is required if it returned, else optional.
///
/// A configuration is: which operations are placed, and the state. Unplaced required operations are
/// linked in the order of invocation; only those invoked before the earliest return among them can
/// come next. They overlap one another, so there are no more of them than clients, and they alone
/// say which required operations are placed: all others invoked before that return. The memo holds
/// their indices, the optional operations used (by number: of identical ones, the earliest first),
/// and the state.
///
/// In a RegisterModel call an operation that needs nothing blind, and a state that no unplaced one
/// needs dead: what can follow it is blind. Hence
///   - all dead states are one; optional operations that leave one count as not placed;
///   - an optional operation is placed only if one that can come next needs its state, or would
///     after a chain of them: in an order where a blind one follows it, it can be left out;
///   - a blind operation is free if its state is needed by nothing but reads that can come next,
///     too. In any order, it and those reads can move to directly before any earlier blind one:
///     what followed them must be blind. So before a blind operation, all that is free goes along,
///     and as a next operation one free one stands for all;
///   - a state that is needed is not left if nothing can bring it back: that could never succeed.
///     (This is why a failed search may stop long before the return that nothing explains.)
template <LinearizableModel Model>
class Linearizer {
 public:
  using State = typename Model::State;
  using Op = typename Model::Op;

  Linearizer(const Model& model, std::span<const Call<Op>> calls, Meter& meter)
      : model_(model), calls_(calls), meter_(meter) {
    SEEDBED_ASSERT(calls.size() < kOptional, "{} operations are too many", calls.size());
    split(load());
    link();
    if constexpr (RegisterModel<Model>) reach_through_choices();
  }

  Linearization<State> run() {
    const std::uint32_t start = states_.id_of(model_, model_.init());
    open(start, 0, {0, 0}, kNone);
    if (hopeless(start)) moves_.clear();
    while (!done() && !exhausted_ && !frames_.empty()) {
      const std::size_t next = frames_.back().next++;
      if (next < moves_.size()) {
        advance(Frame(frames_.back()), moves_[next]);
      } else {
        close();
      }
    }
    return result();
  }

 private:
  static constexpr std::uint64_t kNever = Call<Op>::kNever;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::uint32_t kOptional = std::uint32_t{1} << 31;  // a mark in the log

  struct Item {
    std::uint32_t call = 0;
    std::uint32_t needs = kNone;  // ids of states
    std::uint32_t leaves = kNone;
    bool read = false;
    std::uint64_t invoked = 0;
    std::uint64_t returned = kNever;
  };
  struct Choice {  // identical optional operations
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Need {  // a state that operations need
    std::uint32_t open = 0;    // unplaced required operations that need it
    std::uint32_t makers = 0;  // unplaced required operations that leave it
    std::uint32_t until = 0;   // chains of optional ones lead from it to required ones below this
    std::uint32_t choices_begin = 0;  // that leave it
    std::uint32_t choices_end = 0;
    std::uint64_t wanted = 0;   // the round in which it last was
    std::uint64_t counted = 0;  // the round that `readers` is of
    std::uint32_t readers = 0;  // in the window
  };
  struct Use {
    std::uint32_t choice = 0;
    std::uint32_t count = 0;
  };
  struct Move {
    std::uint64_t returned = 0;
    std::uint32_t index = 0;  // into required_, or choices_
    bool optional = false;
  };
  struct Frame {
    std::uint32_t state = 0;
    std::uint64_t limit = 0;  // the earliest return
    std::size_t log = 0;      // where its part of each stack begins
    std::size_t uses = 0;
    std::size_t moves = 0;
    std::size_t next = 0;
  };

  // ---- Before the search

  std::vector<Item> load() {
    std::vector<Item> items;
    items.reserve(calls_.size());
    for (std::uint32_t i = 0; i < calls_.size(); ++i) {
      const Call<Op>& call = calls_[i];
      const bool read = detail::is_read(model_, *call.op);
      if (read && call.returned == kNever) continue;
      items.push_back({i, kNone, kNone, read, call.invoked, call.returned});
    }
    std::sort(items.begin(), items.end(),
              [](const Item& a, const Item& b) { return a.invoked < b.invoked; });
    if constexpr (RegisterModel<Model>) {
      for (Item& item : items) {
        const auto needs = model_.needs(*calls_[item.call].op);
        if (needs) item.needs = states_.id_of(model_, *needs);
      }
      needs_.resize(states_.size());  // so that an id below its size is needed by something
      for (Item& item : items) {
        const auto leaves = model_.leaves(*calls_[item.call].op);
        if (leaves && !item.read) item.leaves = states_.id_of(model_, *leaves);
      }
    }
    return items;
  }

  void split(const std::vector<Item>& items) {
    for (const Item& item : items) {
      (item.returned == kNever ? optional_ : required_).push_back(item);
    }
    if constexpr (RegisterModel<Model>) {
      std::stable_sort(optional_.begin(), optional_.end(), [](const Item& a, const Item& b) {
        return std::pair(a.leaves, a.needs) < std::pair(b.leaves, b.needs);
      });
    }
    for (std::uint32_t i = 0; i < optional_.size(); ++i) {
      const Item& item = optional_[i];
      const bool same = RegisterModel<Model> && i > 0 && optional_[i - 1].leaves == item.leaves &&
                        optional_[i - 1].needs == item.needs;
      if (!same) {
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

  // ---- What is placed

  std::uint32_t end() const { return size32(required_); }
  std::uint32_t first() const { return next_[end()]; }
  bool done() const { return first() == end(); }

  void count(const Item& item, std::uint32_t by) {
    if (item.needs != kNone) needs_[item.needs].open += by;
    if (item.leaves < needs_.size()) needs_[item.leaves].makers += by;
  }

  void place(std::uint32_t i) {
    next_[previous_[i]] = next_[i];
    previous_[next_[i]] = previous_[i];
    count(required_[i], ~std::uint32_t{0});  // -1
    log_.push_back(i);
  }

  void undo(std::size_t log) {
    for (; log_.size() > log; log_.pop_back()) {
      const std::uint32_t i = log_.back();
      if ((i & kOptional) != 0) continue;
      next_[previous_[i]] = i;
      previous_[next_[i]] = i;
      count(required_[i], 1);
    }
  }

  /// Nothing unplaced needs this state, and nothing ever will.
  bool dead(std::uint32_t state) const {
    if constexpr (!RegisterModel<Model>) return false;
    return state >= needs_.size() || (needs_[state].open == 0 && needs_[state].until <= first());
  }
  static bool blind(const Item& item) { return item.needs == kNone && item.leaves != kNone; }

  /// Required operations need `state`, and nothing unplaced leaves it. `uses` are those at hand.
  bool irreplaceable(std::uint32_t state, std::size_t uses) const {
    if (state >= needs_.size() || needs_[state].open == 0 || needs_[state].makers > 0) return false;
    for (std::uint32_t c = needs_[state].choices_begin; c < needs_[state].choices_end; ++c) {
      if (choices_[c].begin + used(uses, c) < choices_[c].end) return false;
    }
    return true;
  }
  /// A state is needed that nothing ever leaves.
  bool hopeless(std::uint32_t start) const {
    for (std::uint32_t state = 0; state < needs_.size(); ++state) {
      if (state != start && irreplaceable(state, uses_.size())) return true;
    }
    return false;
  }

  std::optional<std::uint32_t> step(std::uint32_t state, const Item& item) {
    if (!meter_.take()) return exhausted_ = true, std::nullopt;
    const auto next = model_.step(states_[state], *calls_[item.call].op);
    if (!next) return std::nullopt;
    return states_.id_of(model_, *next);
  }

  // ---- Moving

  /// Places all reads of `state`: they can come first in any order that goes on from here. Leaves
  /// the other candidates in window_, and returns the earliest return among them.
  std::uint64_t settle(std::uint32_t state) {
    window_.clear();
    std::uint64_t limit = kNever;
    for (std::uint32_t i = first(); i != end() && required_[i].invoked < limit;) {
      const Item& item = required_[i];
      const std::uint32_t after = next_[i];
      const bool likely = item.read && (item.needs == kNone || item.needs == state);
      if (likely && step(state, item)) {
        place(i);
      } else {
        limit = std::min(limit, item.returned);
        window_.push_back(i);
      }
      i = after;
    }
    return limit;
  }

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
    if (!blind(item)) return false;
    if (dead(item.leaves)) return true;
    const Need& need = needs_[item.leaves];
    return need.counted == round_ && need.readers == need.open && need.until <= first();
  }

  /// Before a blind operation, which is `self` if it is a required one.
  void place_free(std::uint32_t self) {
    for (bool again = true; std::exchange(again, false);) {
      std::uint64_t limit = kNever;
      window_.clear();
      for (std::uint32_t i = first(); i != end() && required_[i].invoked < limit; i = next_[i]) {
        limit = std::min(limit, required_[i].returned);
        window_.push_back(i);
      }
      count_readers(window_);
      for (const std::uint32_t i : window_) {
        if (i == self || !is_free(required_[i])) continue;
        const std::uint32_t state = required_[i].leaves;
        const bool has_readers = !dead(state);
        place(i);
        again = true;
        if (!has_readers) continue;
        for (const std::uint32_t reader : window_) {
          if (required_[reader].read && required_[reader].needs == state) place(reader);
        }
      }
    }
  }

  void advance(const Frame& from, Move move) {
    const std::uint32_t member =
        move.optional ? choices_[move.index].begin + used(from.uses, move.index) : move.index;
    const Item& item = move.optional ? optional_[member] : required_[member];
    const auto next = step(from.state, item);
    // An optional operation that changes nothing is as good as left out.
    if (!next || (move.optional && *next == from.state)) return;
    const std::size_t log = log_.size();
    if (blind(item)) place_free(move.optional ? kNone : move.index);
    if (move.optional) {
      log_.push_back(member | kOptional);
      open(*next, log, {from.uses, uses_.size()}, move.index);
    } else {
      place(move.index);
      open(*next, log, {from.uses, uses_.size()}, kNone);
    }
  }

  /// A frame for the configuration in `state`, unless it was seen before. `inherited` are the uses
  /// of the one that it follows; `choice`, unless kNone, was used once more.
  void open(std::uint32_t state, std::size_t log, std::pair<std::size_t, std::size_t> inherited,
            std::uint32_t choice) {
    const std::uint64_t limit = settle(state);
    final_ = state;
    if (done() || exhausted_) return;
    const std::size_t uses = uses_.size();
    extend_uses(inherited, choice);
    switch (remember(state, uses)) {
      case detail::SequenceSet::Added::kFull:
        exhausted_ = true;
        return;
      case detail::SequenceSet::Added::kOld:
        uses_.resize(uses);
        undo(log);
        return;
      case detail::SequenceSet::Added::kNew:
        break;
    }
    frames_.push_back({state, limit, log, uses, moves_.size(), moves_.size()});
    collect_moves(frames_.back());
  }

  void close() {
    const Frame frame = frames_.back();
    reached_ = std::max(reached_, frame.limit);
    frames_.pop_back();
    undo(frame.log);
    uses_.resize(frame.uses);
    moves_.resize(frame.moves);
  }

  // ---- Optional operations

  /// How many of a choice are used, in the configuration whose uses begin there and are the last.
  std::uint32_t used(std::size_t uses, std::uint32_t choice) const {
    const auto at = std::lower_bound(
        uses_.begin() + static_cast<std::ptrdiff_t>(uses), uses_.end(), choice,
        [](const Use& use, std::uint32_t c) { return use.choice < c; });
    return at != uses_.end() && at->choice == choice ? at->count : 0;
  }

  /// The live ones among those inherited and `choice`, in order.
  void extend_uses(std::pair<std::size_t, std::size_t> inherited, std::uint32_t choice) {
    const auto add = [&](Use use) {
      if (!dead(optional_[choices_[use.choice].begin].leaves)) uses_.push_back(use);
    };
    for (std::size_t i = inherited.first; i < inherited.second; ++i) {
      Use use = uses_[i];
      if (choice < use.choice) add({std::exchange(choice, kNone), 1});
      if (choice == use.choice) {
        ++use.count;
        choice = kNone;
      }
      add(use);
    }
    if (choice != kNone) add({choice, 1});
  }

  detail::SequenceSet::Added remember(std::uint32_t state, std::size_t uses) {
    record_.assign({size32(window_), dead(state) ? kNone : state});
    record_.insert(record_.end(), window_.begin(), window_.end());
    for (std::size_t i = uses; i < uses_.size(); ++i) {
      record_.push_back(uses_[i].choice);
      record_.push_back(uses_[i].count);
    }
    const std::size_t taken = states_.bytes();
    if (taken >= meter_.bytes()) return detail::SequenceSet::Added::kFull;
    return memo_.add(record_, meter_.bytes() - taken);
  }

  // ---- What may come next

  void collect_moves(const Frame& frame) {
    if constexpr (RegisterModel<Model>) {
      collect_register_moves(frame);
    } else {
      for (const std::uint32_t i : window_) moves_.push_back({required_[i].returned, i, false});
      for (std::uint32_t c = 0; c < choices_.size(); ++c) {
        if (available(frame, c) != nullptr) moves_.push_back({kNever, c, true});
      }
    }
    // What is due first is likely to come first.
    std::sort(moves_.begin() + static_cast<std::ptrdiff_t>(frame.moves), moves_.end(),
              [](const Move& a, const Move& b) {
                return std::pair(a.returned, a.index) < std::pair(b.returned, b.index);
              });
  }

  void collect_register_moves(const Frame& frame) {
    // The last operation that needs an irreplaceable state may leave it; nothing else may.
    const bool stay = irreplaceable(frame.state, frame.uses);
    const bool last = stay && needs_[frame.state].open == 1;
    count_readers(window_);
    wanted_.clear();
    bool any_free = false;
    for (const std::uint32_t i : window_) {
      const Item& item = required_[i];
      if (item.needs == frame.state) {
        if (!stay || last) moves_.push_back({item.returned, i, false});
      } else if (item.needs != kNone) {
        want(item.needs);
      } else if (!stay && (!is_free(item) || !std::exchange(any_free, true))) {
        moves_.push_back({item.returned, i, false});
      }
    }
    if (!stay) collect_wanted(frame);
  }

  void want(std::uint32_t state) {
    if (std::exchange(needs_[state].wanted, round_) != round_) wanted_.push_back(state);
  }

  /// Optional operations that lead to a state that a candidate needs.
  void collect_wanted(const Frame& frame) {
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      const Need& need = needs_[wanted_[w]];
      for (std::uint32_t c = need.choices_begin; c < need.choices_end; ++c) {
        const Item* item = available(frame, c);
        if (item == nullptr) continue;
        if (item->needs == kNone || item->needs == frame.state) {
          moves_.push_back({kNever, c, true});
        } else {
          want(item->needs);
        }
      }
    }
  }

  /// The earliest unused one of a choice, if it may come next.
  const Item* available(const Frame& frame, std::uint32_t choice) const {
    const std::uint32_t member = choices_[choice].begin + used(frame.uses, choice);
    if (member >= choices_[choice].end) return nullptr;
    return optional_[member].invoked < frame.limit ? &optional_[member] : nullptr;
  }

  // ---- After the search

  Linearization<State> result() const {
    Linearization<State> r;
    r.bytes = memo_.bytes() + states_.bytes();
    r.configurations = memo_.size();
    if (exhausted_) return r;
    r.verdict = done() ? Verdict::kPass : Verdict::kFail;
    r.reached = reached_;
    if (!done()) return r;
    r.state = states_[final_];
    for (const std::uint32_t i : log_) {
      const bool optional = (i & kOptional) != 0;
      r.order.push_back(optional ? optional_[i & ~kOptional].call : required_[i].call);
    }
    return r;
  }

  template <class T>
  static std::uint32_t size32(const std::vector<T>& v) {
    return static_cast<std::uint32_t>(v.size());
  }

  const Model& model_;
  std::span<const Call<Op>> calls_;
  Meter& meter_;

  std::vector<Item> required_;  // by invocation
  std::vector<Item> optional_;  // by choice
  std::vector<Choice> choices_;
  std::vector<Need> needs_;     // by id of state; others are needed by nothing
  detail::StateTable<Model> states_;
  detail::SequenceSet memo_;

  // The unplaced required operations, with required_.size() for both ends.
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> previous_;

  // Stacks; each frame has a part of each.
  std::vector<Frame> frames_;
  std::vector<std::uint32_t> log_;  // what was placed, in order: the order that is being tried
  std::vector<Use> uses_;
  std::vector<Move> moves_;

  // Of the configuration at hand.
  std::vector<std::uint32_t> window_;
  std::vector<std::uint32_t> record_;
  std::vector<std::uint32_t> wanted_;
  std::uint64_t round_ = 0;  // counts windows and lists of moves
  std::uint32_t final_ = 0;  // its state

  std::uint64_t reached_ = 0;
  bool exhausted_ = false;
};

/// What was known when the event at `position` happened: later ones had not yet. `indices`, if any,
/// becomes those of the calls in it.
template <class Op>
std::vector<Call<Op>> cut(std::span<const Call<Op>> calls, std::uint64_t position,
                          std::vector<std::uint32_t>* indices = nullptr) {
  std::vector<Call<Op>> known;
  if (indices != nullptr) indices->clear();
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    if (calls[i].invoked > position) continue;
    known.push_back(calls[i]);
    if (calls[i].returned > position) known.back().returned = Call<Op>::kNever;
    if (indices != nullptr) indices->push_back(i);
  }
  return known;
}

/// Why a history is not linearizable. Operations are indices into its calls.
template <class State>
struct FirstFailure {
  std::uint32_t blocked = 0;         // with its return, and no sooner, the history fails
  std::vector<std::uint32_t> order;  // of all that returned before, and some of the others
  std::optional<State> state;        // after `order`; none if the meter ran out
};

/// Finds the return with which a history whose search `failed` stops being linearizable: what is
/// linearizable stays so if its end is cut off, so halving finds it. If the meter runs out, the
/// answer may be a later return: it fails with that, too.
template <LinearizableModel Model>
FirstFailure<typename Model::State> first_failure(
    const Model& model, std::span<const Call<typename Model::Op>> calls,
    const Linearization<typename Model::State>& failed, Meter& meter) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> returns;
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    if (calls[i].returned != calls[i].kNever) returns.emplace_back(calls[i].returned, i);
  }
  std::sort(returns.begin(), returns.end());
  FirstFailure<typename Model::State> found{0, {}, model.init()};
  const auto search_until = [&](std::size_t last) {
    std::vector<std::uint32_t> known;
    const auto prefix = cut(calls, returns[last].first, &known);
    auto result = Linearizer<Model>(model, prefix, meter).run();
    if (result.verdict == Verdict::kFail) return result.verdict;
    found.state = result.state;
    found.order.clear();
    for (const std::uint32_t i : result.order) found.order.push_back(known[i]);
    return result.verdict;
  };
  // There is an order of all before `good`, and none with `bad`; the first bad one may be near.
  const auto reached = std::pair(failed.reached, std::uint32_t{0});
  const auto hint = std::lower_bound(returns.begin(), returns.end(), reached) - returns.begin();
  auto good = static_cast<std::size_t>(hint);
  std::size_t bad = returns.size() - 1;
  for (std::size_t stride = 1; good < bad; stride *= 2) {
    const std::size_t probe = std::min(good + stride - 1, good + (bad - good) / 2);
    const Verdict verdict = search_until(probe);
    if (verdict == Verdict::kUnknown) break;
    if (verdict == Verdict::kPass) good = probe + 1;
    if (verdict == Verdict::kFail) bad = probe;
  }
  found.blocked = returns[bad].second;
  if (found.order.empty() && found.state && good > 0) search_until(good - 1);
  return found;
}

/// Makes a failing history smaller, for people to look at and to tell one way of failing from
/// another. What remains still fails, and proves that the whole does, because no step can make a
/// linearizable history fail:
///   - the end is cut off after the return with which it fails;
///   - an operation is dropped together with those that may have seen what it left (that need it
///     and return after its invocation). In any order these follow it directly, up to a blind one;
///   - what returned before some blind required operation B was invoked is dropped, and so are
///     reads invoked before B returned; no required one that both needs and leaves something may
///     overlap B. In any order, what remains before B is blind or optional, and what is after B
///     does not depend on it. So that a value from before is not mistaken for one from nowhere, the
///     last operation that left it is kept, and all that can have made that one possible.
/// `work` (operations looked at) and the meter bound the effort.
template <RegisterModel Model>
class Shrinker {
 public:
  using Op = typename Model::Op;
  using Calls = std::vector<Call<Op>>;
  static constexpr std::size_t kWork = 4'000'000;

  Shrinker(const Model& model, Meter& meter, std::size_t work = kWork)
      : model_(model), meter_(meter), work_(work) {}

  Calls shrink(std::span<const Call<Op>> failing, std::uint32_t blocked) {
    failed_at_ = failing[blocked].returned;
    Calls calls = tidy(cut(failing, failed_at_));
    skip_beginning(calls);
    for (std::size_t chunk = (calls.size() + 1) / 2; chunk > 0;) {
      const std::size_t before = calls.size();
      for (std::size_t at = 0; at < calls.size();) {
        if (!afford(calls)) return calls;
        if (!keep_if_failing(calls, without(calls, at, at + chunk))) at += chunk;
      }
      // One by one until nothing goes any more.
      if (chunk > 1 || calls.size() == before) chunk /= 2;
    }
    return calls;
  }

 private:
  static constexpr std::uint64_t kNever = Call<Op>::kNever;

  bool afford(const Calls& calls) {
    if (work_ < calls.size() || meter_.left() == 0) return false;
    work_ -= calls.size();
    return true;
  }

  bool keep_if_failing(Calls& calls, Calls rest) {
    // What was linearizable without the operation that failed still is.
    const bool blocked = std::any_of(rest.begin(), rest.end(), [&](const Call<Op>& call) {
      return call.returned == failed_at_;
    });
    if (!blocked) return false;
    const Verdict verdict = Linearizer<Model>(model_, rest, meter_).run().verdict;
    if (verdict == Verdict::kFail) calls = tidy(std::move(rest));
    return verdict == Verdict::kFail;
  }

  /// Starts at the latest operation that is possible: if it fails from there, so it does from any
  /// earlier one, so halving finds it.
  void skip_beginning(Calls& calls) {
    const std::vector<std::size_t> starts = starts_of(calls);
    std::size_t good = 0;
    std::size_t bad = starts.size();
    const Calls all = calls;
    while (good < bad && afford(all)) {
      const std::size_t probe = good + (bad - good) / 2;
      if (keep_if_failing(calls, from(all, starts[probe]))) {
        good = probe + 1;
      } else {
        bad = probe;
      }
    }
  }

  /// Blind required operations that nothing overlaps which both needs and leaves something.
  std::vector<std::size_t> starts_of(const Calls& calls) {
    // By invocation: how far the conditional ones so far reach, and where the next one begins.
    std::vector<std::uint64_t> next(calls.size() + 1, kNever);
    const auto conditional = [&](const Call<Op>& call) {
      return call.returned != kNever && leaves(call) && needs(call);
    };
    for (std::size_t i = calls.size(); i-- > 0;) {
      next[i] = conditional(calls[i]) ? calls[i].invoked : next[i + 1];
    }
    std::vector<std::size_t> starts;
    std::uint64_t reach = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const Call<Op>& call = calls[i];
      if (conditional(call)) reach = std::max(reach, call.returned);
      const bool blind = call.returned != kNever && leaves(call) && !needs(call);
      if (blind && reach < call.invoked && next[i] > call.returned) starts.push_back(i);
    }
    return starts;
  }

  Calls from(const Calls& calls, std::size_t start) {
    std::vector<bool> kept(calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const bool early = calls[i].invoked < calls[start].returned;
      kept[i] = calls[i].returned >= calls[start].invoked &&
                !(early && detail::is_read(model_, *calls[i].op));
    }
    keep_makers(calls, kept);
    Calls rest;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (kept[i]) rest.push_back(calls[i]);
    }
    return rest;
  }

  /// Keeps, for each state that a kept operation needs and none leaves, the last one that left it.
  void keep_makers(const Calls& calls, std::vector<bool>& kept) {
    std::vector<std::pair<std::uint32_t, std::size_t>> makers;  // state, call
    std::vector<std::uint64_t> since;                           // a kept one left this state
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto state = leaves(calls[i]);
      if (!state) continue;
      makers.emplace_back(*state, i);
      if (since.size() <= *state) since.resize(*state + 1, kNever);
      if (kept[i]) since[*state] = std::min(since[*state], calls[i].invoked);
    }
    std::sort(makers.begin(), makers.end());
    const std::uint32_t init = states_.id_of(model_, model_.init());
    std::vector<std::uint32_t> enabling;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto state = needs(calls[i]);
      if (!kept[i] || !state || *state == init || *state >= since.size()) continue;
      if (since[*state] < calls[i].returned) continue;
      const auto later = std::partition_point(
          calls.begin(), calls.end(),
          [&](const Call<Op>& call) { return call.invoked < calls[i].returned; });
      auto maker = std::lower_bound(
          makers.begin(), makers.end(),
          std::pair(*state, static_cast<std::size_t>(later - calls.begin())));
      if (maker == makers.begin() || (--maker)->first != *state) continue;
      kept[maker->second] = true;
      since[*state] = calls[maker->second].invoked;
      if (const auto needed = needs(calls[maker->second])) enabling.push_back(*needed);
    }
    keep_all_makers(calls, makers, std::move(enabling), kept);
  }

  /// Keeps all that leave these states, and all that leave what those need, and so on.
  void keep_all_makers(const Calls& calls,
                       const std::vector<std::pair<std::uint32_t, std::size_t>>& makers,
                       std::vector<std::uint32_t> enabling, std::vector<bool>& kept) {
    std::vector<bool> done(states_.size(), false);
    while (!enabling.empty()) {
      const std::uint32_t state = enabling.back();
      enabling.pop_back();
      if (done[state]) continue;
      done[state] = true;
      auto at = std::lower_bound(makers.begin(), makers.end(), std::pair(state, std::size_t{0}));
      for (; at != makers.end() && at->first == state; ++at) {
        kept[at->second] = true;
        if (const auto needed = needs(calls[at->second])) enabling.push_back(*needed);
      }
    }
  }

  /// Sorted by invocation, without optional operations that cannot matter.
  Calls tidy(Calls calls) {
    std::sort(calls.begin(), calls.end(),
              [](const Call<Op>& a, const Call<Op>& b) { return a.invoked < b.invoked; });
    for (std::size_t before = calls.size() + 1; before > calls.size();) {
      before = calls.size();
      std::vector<std::uint32_t> needed;
      for (const Call<Op>& call : calls) {
        if (const auto state = needs(call)) needed.push_back(*state);
      }
      std::sort(needed.begin(), needed.end());
      std::erase_if(calls, [&](const Call<Op>& call) {
        if (call.returned != kNever) return false;
        const auto state = leaves(call);
        return !state || !std::binary_search(needed.begin(), needed.end(), *state);
      });
    }
    return calls;
  }

  /// The number of the state that a call leaves, or needs.
  std::optional<std::uint32_t> leaves(const Call<Op>& call) {
    if (detail::is_read(model_, *call.op)) return std::nullopt;
    return number(model_.leaves(*call.op));
  }
  std::optional<std::uint32_t> needs(const Call<Op>& call) {
    return number(model_.needs(*call.op));
  }
  std::optional<std::uint32_t> number(const std::optional<typename Model::State>& state) {
    return state ? std::optional(states_.id_of(model_, *state)) : std::nullopt;
  }

  /// Without calls[begin, end), and without what depends on them.
  Calls without(const Calls& calls, std::size_t begin, std::size_t end) {
    std::vector<std::pair<std::uint32_t, std::size_t>> needing;  // state, call
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (const auto state = needs(calls[i])) needing.emplace_back(*state, i);
    }
    std::sort(needing.begin(), needing.end());
    std::vector<bool> dropped(calls.size(), false);
    std::vector<std::uint64_t> since(states_.size(), kNever);  // a dropped call left this state
    std::vector<std::uint32_t> left;                           // states to look at again
    const auto drop = [&](std::size_t i) {
      dropped[i] = true;
      const auto state = leaves(calls[i]);
      if (!state) return;
      if (since.size() <= *state) since.resize(*state + 1, kNever);
      if (calls[i].invoked >= since[*state]) return;
      since[*state] = calls[i].invoked;
      left.push_back(*state);
    };
    for (std::size_t i = begin; i < std::min(end, calls.size()); ++i) drop(i);
    while (!left.empty()) {
      const std::uint32_t state = left.back();
      left.pop_back();
      auto at = std::lower_bound(needing.begin(), needing.end(), std::pair(state, std::size_t{0}));
      for (; at != needing.end() && at->first == state; ++at) {
        if (!dropped[at->second] && calls[at->second].returned > since[state]) drop(at->second);
      }
    }
    Calls rest;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (!dropped[i]) rest.push_back(calls[i]);
    }
    return rest;
  }

  const Model& model_;
  Meter& meter_;
  std::size_t work_;
  std::uint64_t failed_at_ = 0;
  detail::StateTable<Model> states_;
};

/// One key's calls, in the order of invocation.
template <class Model>
struct Partition {
  using Key = decltype(std::declval<const Model&>().key(std::declval<const typename Model::Op&>()));
  Key key{};
  std::vector<Call<typename Model::Op>> calls;
};

/// By key, ascending.
template <LinearizableModel Model>
std::vector<Partition<Model>> partition(const Model& model,
                                        std::vector<Call<typename Model::Op>> calls) {
  using AnyCall = Call<typename Model::Op>;
  std::stable_sort(calls.begin(), calls.end(), [&](const AnyCall& a, const AnyCall& b) {
    return std::pair(model.key(*a.op), a.invoked) < std::pair(model.key(*b.op), b.invoked);
  });
  std::vector<Partition<Model>> partitions;
  for (const AnyCall& call : calls) {
    const auto key = model.key(*call.op);
    if (partitions.empty() || partitions.back().key != key) partitions.push_back({key, {}});
    partitions.back().calls.push_back(call);
  }
  return partitions;
}

}  // namespace seedbed
