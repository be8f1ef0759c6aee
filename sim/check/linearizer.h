// The search for a linearization, depth first, and why what it leaves out can be left out.
//
//   Linearization<State> found = Linearizer<Model>(model, calls, meter).run();
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sim/check/linearizability.h"
#include "sim/check/search_memo.h"
#include "sim/check/search_operations.h"
#include "sim/check/verdict.h"

namespace seedbed {

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
///     after a chain of them, or avoids the state at hand: in an order where a blind one follows it
///     before any such, it can be left out;
///   - a blind operation is free if its state is needed by nothing but reads that can come next,
///     too. In any order, it and those reads can move to directly before any earlier blind one:
///     what followed them must be blind. So before a blind operation, all that is free goes along,
///     and as a next operation one free one stands for all. (While operations are unplaced that
///     avoid a state, nothing is free: what followed might meet the state from before.)
///   - a state that is needed is not left if nothing can bring it back: that could never succeed.
///     (This is why a failed search may stop long before the return that nothing explains.)
template <LinearizableModel Model>
class Linearizer {
 public:
  using State = typename Model::State;
  using Op = typename Model::Op;

  Linearizer(const Model& model, std::span<const Call<Op>> calls, Meter& meter)
      : operations_(model, calls), meter_(meter) {}

  Linearization<State> run() {
    const std::uint32_t start = operations_.start();
    open(start, 0, {}, kNone);
    if (hopeless(start)) moves_.clear();
    while (!operations_.done() && !exhausted_ && !frames_.empty()) {
      const std::size_t next = frames_.back().next++ - forgotten_;
      if (next < moves_.size()) {
        advance(Frame(frames_.back()), moves_[next]);
      } else {
        close();
      }
    }
    return result();
  }

 private:
  using Operations = detail::SearchOperations<Model>;
  using Choice = typename Operations::Choice;
  using Item = typename Operations::Item;
  using Need = typename Operations::Need;
  static constexpr std::uint64_t kNever = Operations::kNever;
  static constexpr std::uint32_t kNone = Operations::kNone;

  struct Use {
    std::uint32_t choice = 0;
    std::uint32_t count = 0;
  };
  struct Move {
    std::uint64_t returned = 0;
    std::uint32_t index = 0;  // of a required operation, or of a choice
    bool optional = false;
  };
  struct Uses {  // a part of uses_
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Frame {              // there is one for each operation of a long history: see forget()
    std::uint64_t limit = 0;  // the earliest return
    std::uint32_t state = 0;
    std::uint32_t placed = 0;  // so many operations were when it began
    Uses uses;                 // its own, or those of the frame below
    std::uint32_t moves = 0;   // where its moves begin
    std::uint32_t next = 0;
  };
  static constexpr std::size_t kMovesKept = std::size_t{1} << 12;

  /// Required operations need `state`, and nothing unplaced leaves it. `uses` are those at hand.
  bool irreplaceable(std::uint32_t state, Uses uses) const {
    if (!operations_.is_needed(state)) return false;
    const Need& need = operations_.need(state);
    if (need.open == 0 || need.makers > 0) return false;
    for (std::uint32_t c = need.choices_begin; c < need.choices_end; ++c) {
      const Choice& choice = operations_.choices()[c];
      if (choice.begin + used(uses, c) < choice.end) return false;
    }
    return true;
  }
  /// A state is needed that nothing ever leaves.
  bool hopeless(std::uint32_t start) const {
    for (std::uint32_t state = 0; operations_.is_needed(state); ++state) {
      if (state != start && irreplaceable(state, {})) return true;
    }
    return false;
  }

  std::optional<std::uint32_t> step(std::uint32_t state, const Item& item) {
    if (!meter_.take()) return exhausted_ = true, std::nullopt;
    return operations_.step(state, item);
  }

  // ---- Moving

  /// Places all reads of `state`: they can come first in any order that goes on from here. Leaves
  /// the other candidates in window_, and returns the earliest return among them.
  std::uint64_t settle(std::uint32_t state) {
    window_.clear();
    std::uint64_t limit = kNever;
    for (std::uint32_t i = operations_.first();
         i != operations_.end() && operations_.invoked(operations_.required(i)) < limit;) {
      const Item& item = operations_.required(i);
      const std::uint32_t after = operations_.next(i);
      const bool likely = item.read && (item.needs == kNone || item.needs == state);
      if (likely && step(state, item)) {
        operations_.place(i);
      } else {
        limit = std::min(limit, operations_.returned(item));
        window_.push_back(i);
      }
      i = after;
    }
    return limit;
  }

  /// Before a blind operation, which is `self` if it is a required one.
  void place_free(std::uint32_t self) {
    for (bool again = true; std::exchange(again, false);) {
      std::uint64_t limit = kNever;
      window_.clear();
      for (std::uint32_t i = operations_.first();
           i != operations_.end() && operations_.invoked(operations_.required(i)) < limit;
           i = operations_.next(i)) {
        limit = std::min(limit, operations_.returned(operations_.required(i)));
        window_.push_back(i);
      }
      operations_.count_readers(window_);
      for (const std::uint32_t i : window_) {
        if (i == self || !operations_.is_free(operations_.required(i))) continue;
        const std::uint32_t state = operations_.required(i).leaves;
        const bool has_readers = !operations_.dead(state);
        operations_.place(i);
        again = true;
        if (!has_readers) continue;
        for (const std::uint32_t reader : window_) {
          const Item& item = operations_.required(reader);
          if (item.read && item.needs == state) operations_.place(reader);
        }
      }
    }
  }

  void advance(const Frame& from, Move move) {
    const std::uint32_t member = move.optional ? next_of(from, move.index) : move.index;
    const Item& item = move.optional ? operations_.optional(member) : operations_.required(member);
    const auto next = step(from.state, item);
    // An optional operation that changes nothing is as good as left out.
    if (!next || (move.optional && *next == from.state)) return;
    const auto placed = static_cast<std::uint32_t>(operations_.placed());
    if (Operations::blind(item)) place_free(move.optional ? kNone : move.index);
    if (move.optional) {
      operations_.place_optional(member);
      open(*next, placed, from.uses, move.index);
    } else {
      operations_.place(move.index);
      open(*next, placed, from.uses, kNone);
    }
  }

  /// A frame for the configuration in `state`, unless it was seen before. It began when so many
  /// operations were `placed`. `inherited` are the uses of the one that it follows; `choice`,
  /// unless kNone, was used once more.
  void open(std::uint32_t state, std::uint32_t placed, Uses inherited, std::uint32_t choice) {
    const std::uint64_t limit = settle(state);
    final_ = state;
    if (operations_.done() || exhausted_) return;
    const std::size_t before = uses_.size();
    const Uses uses = extend_uses(inherited, choice);
    if (out_of_reach(state, limit, uses)) {
      reached_ = std::max(reached_, limit);
      uses_.resize(before);
      return operations_.undo(placed);
    }
    switch (remember(state, uses)) {
      case detail::SequenceSet::Added::kFull: exhausted_ = true; return;
      case detail::SequenceSet::Added::kOld:
        uses_.resize(before);
        operations_.undo(placed);
        return;
      case detail::SequenceSet::Added::kNew: break;
    }
    if (moves_.size() > kMovesKept) forget();
    const auto moves = static_cast<std::uint32_t>(forgotten_ + moves_.size());
    frames_.push_back({limit, state, placed, uses, moves, moves});
    collect_moves(frames_.back());
  }

  void close() {
    const Frame frame = frames_.back();
    reached_ = std::max(reached_, frame.limit);
    frames_.pop_back();
    operations_.undo(frame.placed);
    if (frames_.empty()) return;
    uses_.resize(frames_.back().uses.end);
    moves_.resize(frame.moves - forgotten_);
    if (frames_.back().moves < forgotten_) remind(frames_.back());
  }

  /// The moves of all frames are many times as large as the frames, and most are never looked at
  /// again: the older half is dropped, and found again when a frame is the last one again.
  void forget() {
    moves_.erase(moves_.begin(), moves_.begin() + kMovesKept / 2);
    forgotten_ += kMovesKept / 2;
  }
  void remind(const Frame& frame) {
    moves_.clear();
    forgotten_ = frame.moves;
    window_.clear();
    std::uint64_t limit = kNever;
    for (std::uint32_t i = operations_.first();
         i != operations_.end() && operations_.invoked(operations_.required(i)) < limit;
         i = operations_.next(i)) {
      limit = std::min(limit, operations_.returned(operations_.required(i)));
      window_.push_back(i);
    }
    collect_moves(frame);
  }

  // ---- Optional operations

  /// How many of a choice are used.
  std::uint32_t used(Uses uses, std::uint32_t choice) const {
    const auto end = uses_.begin() + uses.end;
    const auto at =
        std::lower_bound(uses_.begin() + uses.begin, end, choice,
                         [](const Use& use, std::uint32_t c) { return use.choice < c; });
    return at != end && at->choice == choice ? at->count : 0;
  }

  /// The index of the earliest unused one of a choice, or the choice's end.
  std::uint32_t next_of(const Frame& frame, std::uint32_t choice) const {
    return operations_.choices()[choice].begin + used(frame.uses, choice);
  }

  /// The live ones among those inherited and `choice`, in order.
  Uses extend_uses(Uses inherited, std::uint32_t choice) {
    const auto spent = [&](const Use& use) {
      return operations_.is_spent(operations_.sample(use.choice));
    };
    if (choice == kNone &&
        std::none_of(uses_.begin() + inherited.begin, uses_.begin() + inherited.end, spent)) {
      return inherited;
    }
    const auto begin = static_cast<std::uint32_t>(uses_.size());
    const auto add = [&](const Use& use) {
      if (!spent(use)) uses_.push_back(use);
    };
    for (std::uint32_t i = inherited.begin; i < inherited.end; ++i) {
      Use use = uses_[i];
      if (choice < use.choice) add({std::exchange(choice, kNone), 1});
      if (choice == use.choice) {
        ++use.count;
        choice = kNone;
      }
      add(use);
    }
    if (choice != kNone) add({choice, 1});
    return {begin, static_cast<std::uint32_t>(uses_.size())};
  }

  /// As bytes: the differences between the indices are small, and none is 0, which ends them.
  detail::SequenceSet::Added remember(std::uint32_t state, Uses uses) {
    record_.clear();
    if constexpr (!CommutingModel<Model>) record_.add(operations_.dead(state) ? 0 : state + 1);
    std::uint32_t last = kNone;  // index + 1 is 0
    for (const std::uint32_t i : window_) record_.add(i - std::exchange(last, i));
    record_.add(0);
    for (std::uint32_t i = uses.begin; i < uses.end; ++i) {
      record_.add(uses_[i].choice);
      record_.add(uses_[i].count);
    }
    const std::size_t taken = operations_.states().bytes();
    if (taken >= meter_.bytes()) return detail::SequenceSet::Added::kFull;
    return memo_.add(record_.words(), meter_.bytes() - taken);
  }

  // ---- What may come next

  void collect_moves(const Frame& frame) {
    if constexpr (RegisterModel<Model>) {
      collect_register_moves(frame);
    } else {
      for (const std::uint32_t i : window_) {
        moves_.push_back({operations_.returned(operations_.required(i)), i, false});
      }
      for (std::uint32_t c = 0; c < operations_.choices().size(); ++c) {
        if (available(frame, c) != nullptr) moves_.push_back({kNever, c, true});
      }
    }
    // What is due first is likely to come first.
    std::sort(moves_.begin() + static_cast<std::ptrdiff_t>(frame.moves - forgotten_), moves_.end(),
              [](const Move& a, const Move& b) {
                return std::pair(a.returned, a.index) < std::pair(b.returned, b.index);
              });
  }

  void collect_register_moves(const Frame& frame) {
    // The last operation that needs an irreplaceable state may leave it; nothing else may.
    const bool stay = irreplaceable(frame.state, frame.uses);
    const bool last = stay && operations_.need(frame.state).open == 1;
    operations_.count_readers(window_);
    wanted_.clear();
    bool any_free = false;
    bool escape = false;
    for (const std::uint32_t i : window_) {
      const Item& item = operations_.required(i);
      if (item.needs == frame.state) {
        if (!stay || last) moves_.push_back({operations_.returned(item), i, false});
      } else if (item.needs != kNone) {
        want(item.needs);
      } else if (item.avoids != kNone) {
        escape = true;  // it would have been placed elsewhere
      } else if (!stay && (!operations_.is_free(item) || !std::exchange(any_free, true))) {
        moves_.push_back({operations_.returned(item), i, false});
      }
    }
    if (!stay) escape ? collect_escapes(frame) : collect_wanted(frame);
  }

  void want(std::uint32_t state) {
    if (operations_.want(state)) wanted_.push_back(state);
  }

  /// Optional operations that lead to any other state, among them all that collect_wanted finds.
  void collect_escapes(const Frame& frame) {
    for (std::uint32_t c = 0; c < operations_.choices().size(); ++c) {
      const Item* item = available(frame, c);
      const bool possible = item != nullptr && (item->needs == kNone || item->needs == frame.state);
      if (possible && item->leaves != frame.state) moves_.push_back({kNever, c, true});
    }
  }

  /// Optional operations that lead to a state that a candidate needs.
  void collect_wanted(const Frame& frame) {
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      const Need& need = operations_.need(wanted_[w]);
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
    const std::uint32_t member = next_of(frame, choice);
    if (member >= operations_.choices()[choice].end) return nullptr;
    const Item& item = operations_.optional(member);
    return operations_.invoked(item) < frame.limit ? &item : nullptr;
  }

  /// What is due next, at `limit`, is not possible after any of what may come before it.
  bool out_of_reach(std::uint32_t state, std::uint64_t limit, Uses uses) {
    if constexpr (BoundedModel<Model>) {
      others_.clear();
      const Op* due = nullptr;
      for (const std::uint32_t i : window_) {
        const Item& item = operations_.required(i);
        operations_.returned(item) == limit ? static_cast<void>(due = &operations_.op(item))
                                            : others_.push_back(&operations_.op(item));
      }
      for (std::uint32_t c = 0; c < operations_.choices().size(); ++c) {
        const Choice& choice = operations_.choices()[c];
        for (std::uint32_t member = choice.begin + used(uses, c); member < choice.end; ++member) {
          const Item& item = operations_.optional(member);
          if (operations_.invoked(item) < limit) others_.push_back(&operations_.op(item));
        }
      }
      return due != nullptr && operations_.out_of_reach(state, *due, others_);
    }
    return false;
  }

  // ---- After the search

  Linearization<State> result() const {
    Linearization<State> r;
    r.bytes = memo_.bytes() + operations_.states().bytes();
    r.configurations = memo_.size();
    if (exhausted_) return r;
    r.verdict = operations_.done() ? Verdict::kPass : Verdict::kFail;
    r.reached = reached_;
    // Nothing was left out that is right up to a later return.
    if (!RegisterModel<Model> && r.verdict == Verdict::kFail) r.failed_by = reached_;
    if (!operations_.done()) return r;
    r.state = operations_.states()[final_];
    r.order = operations_.order();
    return r;
  }

  Operations operations_;
  Meter& meter_;
  detail::SequenceSet memo_;

  // Stacks; each frame has a part of each.
  std::deque<Frame> frames_;
  std::vector<Use> uses_;
  std::vector<Move> moves_;
  std::size_t forgotten_ = 0;  // so many moves came before those

  // Of the configuration at hand.
  std::vector<std::uint32_t> window_;
  detail::PackedRecord record_;
  std::vector<std::uint32_t> wanted_;
  std::vector<const Op*> others_;
  std::uint32_t final_ = 0;  // its state

  std::uint64_t reached_ = 0;
  bool exhausted_ = false;
};

}  // namespace seedbed
