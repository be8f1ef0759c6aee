// One search for an order of writes: the events of some transactions, what is known to come before
// what, and the choices that are left. First what reachability decides is decided, again and again
// (as Biswas & Enea saturate, and PolySI prunes); what remains is OrderSolver's.
//
//   OrderProblem problem(history, facts, d, axioms, within);
//   const Verdict v = problem.solve(budget, steps);
//   for (const Step& s : problem.forced()) ...
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/check/transactions/dependencies.h"
#include "sim/check/transactions/judge.h"
#include "sim/check/transactions/reachability.h"

namespace seedbed::txn {

class OrderProblem {
 public:
  /// `within`: by node, whether it takes part.
  OrderProblem(const History& history, const Facts& facts, const Dependencies& d, Axioms axioms,
               const std::vector<std::uint8_t>& within);

  Verdict solve(const TransactionBudget& budget, std::uint64_t steps);
  /// Orders that have no alternative: overwritings, and reads before them.
  std::vector<Step> forced() const;
  /// The choice that nothing is left for, where there is such a simple reason.
  std::optional<Choice> contradiction() const { return contradiction_; }
  std::uint64_t steps() const { return steps_ + reach_.work(); }

  /// `first` is overwritten by `second`, and so its readers come before `second`.
  std::vector<Step> steps_of(Id first, Id second) const;

 private:
  void add_arc(Id from, Id to) { arcs_.push_back({from, to}); }
  void revive_helpers(std::vector<std::uint8_t>& alive) const;
  void number_events();
  /// Calls `arc(from, to)` for what it means that `first` is overwritten by `second`.
  template <class Visit>
  void for_each_arc(Id first, Id second, const Visit& arc) const;
  bool closes_cycle(Id first, Id second) const;
  void force(Id first, Id second);
  /// One round; how many choices it decided, or nothing where one cannot be made.
  std::optional<std::size_t> reduce();
  Verdict search(const TransactionBudget& budget, std::uint64_t steps, bool reduced);
  std::vector<std::uint64_t> ranks() const;

  const History& history_;
  const Facts& facts_;
  const Dependencies& d_;
  Axioms axioms_;
  const std::vector<std::uint8_t>& within_;
  std::vector<Id> event_;  // by event of events_of: its number here, kNone if it plays no part
  Id events_ = 0;
  std::vector<Arc> arcs_;
  std::vector<Choice> open_;
  std::vector<Choice> decided_;  // `a` comes first
  std::optional<Choice> contradiction_;
  Reachability reach_;
  std::uint64_t steps_ = 0;
};

}  // namespace seedbed::txn
