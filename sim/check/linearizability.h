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
//   avoids(op)              with those two: std::optional<State>, of reads that need nothing. The
//                           step is possible if and only if s is another state: a failed cas.
//   kCommutes               true: operations end in the same state in every order
//   out_of_reach(s, op, others)  whichever of `others` come after s, in any order, op is not
//                           possible then
//
//   Meter meter(budget);
//   auto found = Linearizer<Model>(model, calls, meter).run();  // linearizer.h
//   if (found.verdict == Verdict::kFail) {                      // failing_core.h
//     auto why = first_failure(model, calls, found, meter);  // calls[why.blocked] is in no order
//     auto core = Shrinker<Model>(model, meter).shrink(calls, why.blocked);  // fails by itself
//   }
//
// Here is what one hands to these and what they answer.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

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
concept LinearizableModel = requires(const M& m, const typename M::State& s,
                                     const typename M::Op& op) {
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

template <class M>
concept AvoidingModel = RegisterModel<M> && requires(const M& m, const typename M::Op& op) {
  { m.avoids(op) } -> std::same_as<std::optional<typename M::State>>;
};

template <class M>
concept CommutingModel = LinearizableModel<M> && M::kCommutes;

template <class M>
concept BoundedModel = LinearizableModel<M> &&
    requires(const M& m, const typename M::State& s, const typename M::Op& op,
             std::span<const typename M::Op* const> others) {
  { m.out_of_reach(s, op, others) } -> std::same_as<bool>;
};

struct SearchBudget {
  std::uint64_t steps = 20'000'000;            // calls of model.step
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
  bool spent() const { return expired_ || left() == 0; }
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
  std::uint64_t failed_by = 0;       // kFail: and none with this return; 0: nobody knows
  std::size_t bytes = 0;             // of the memo
  std::size_t configurations = 0;    // in the memo
};

/// What was known when the event at `position` happened: later ones had not yet. `indices`, if any,
/// becomes those of the calls in it.
template <class Op>
std::vector<Call<Op>> cut(std::span<const Call<Op>> calls, std::uint64_t position,
                          std::vector<std::uint32_t>* indices = nullptr) {
  std::vector<Call<Op>> known;
  known.reserve(static_cast<std::size_t>(std::ranges::count_if(
      calls, [&](const Call<Op>& call) { return call.invoked <= position; })));
  if (indices != nullptr) indices->clear();
  for (std::uint32_t i = 0; i < calls.size(); ++i) {
    if (calls[i].invoked > position) continue;
    known.push_back(calls[i]);
    if (calls[i].returned > position) known.back().returned = Call<Op>::kNever;
    if (indices != nullptr) indices->push_back(i);
  }
  return known;
}

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

namespace detail {

/// A model that does not say has no reads.
template <class Model>
bool is_read(const Model& model, const typename Model::Op& op) {
  if constexpr (requires { model.is_read(op); }) {
    return model.is_read(op);
  } else {
    return false;
  }
}

}  // namespace detail

}  // namespace seedbed
