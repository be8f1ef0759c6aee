// Is there a way to decide every choice so that the graph stays acyclic? Each choice puts one of
// two sets of edges into the graph. This is satisfiability modulo acyclicity (Bayless et al. 2015,
// "SAT modulo monotonic theories"; PolySI, Huang et al. 2023): conflict-driven clause learning
// (Marques-Silva & Sakallah 1996; Moskewicz et al. 2001) over an order of the graph that is kept up
// with each edge (Pearce & Kelly 2007). A cycle is a conflict: not all of its choices together.
//
//   OrderSolver solver(nodes, keys_of_the_order_to_begin_with);
//   solver.fix(a, b);                                    // always there
//   const auto c = solver.add_choice();
//   solver.add_edge({c, true}, a, b); solver.add_edge({c, false}, b, c);
//   const Verdict v = solver.solve(budget);              // pass: solver.is_first(c) for each
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "sim/check/transactions/activity_heap.h"
#include "sim/check/transactions/acyclic_graph.h"
#include "sim/check/transactions/reachability.h"
#include "sim/check/verdict.h"

namespace seedbed::txn {

struct OrderBudget {
  std::uint64_t steps = 4'000'000'000;  // edges put in, and looked at
  std::size_t bytes = std::size_t{2} << 30;
  bool probe = true;                // whether what would close a cycle at once is looked for
  std::function<bool()> expired{};  // polled now and then
};

class OrderSolver {
 public:
  /// `rank`: where each node would stand in a likely order. It decides nothing but the time.
  OrderSolver(std::uint32_t nodes, std::span<const std::uint64_t> rank);

  void fix(std::uint32_t from, std::uint32_t to) { fixed_.push_back({from, to}); }
  std::uint32_t add_choice();
  /// To the choice added last.
  void add_edge(bool if_true, std::uint32_t from, std::uint32_t to);

  Verdict solve(const OrderBudget& budget);
  /// Decided by what is fixed alone: 1 true, 0 false, -1 neither.
  int forced(std::uint32_t choice) const {
    return value_[choice] == 0 || level_of_[choice] != 0 ? -1 : value_[choice] > 0;
  }
  /// The choice that what is fixed and forced leaves no way to make; kNo where the search found no
  /// such simple reason.
  std::uint32_t contradiction() const { return contradiction_; }
  static constexpr std::uint32_t kNo = std::numeric_limits<std::uint32_t>::max();
  /// After a pass: a place for each node; every edge leads to a higher one.
  bool stands_before(std::uint32_t a, std::uint32_t b) const { return graph_.stands_before(a, b); }
  std::uint64_t steps() const { return steps_ + graph_.work(); }

 private:
  using Literal = std::uint32_t;  // 2 * choice + (1 if false)
  struct Clause {
    std::vector<Literal> literals;
    std::uint32_t levels = 0;  // how many decisions it spans: few make it worth keeping
  };

  /// A topological order of what is fixed, by rank where it is free; false if there is none.
  bool sort_fixed();
  bool probe(const OrderBudget& budget);
  bool put_in(Literal l);
  bool closes_cycle(Literal l);
  bool enqueue(Literal l, std::uint32_t reason);
  bool propagate();
  bool wake(Literal falsified);
  void analyze();
  void mark(Literal l);
  void learn();
  void undo_to(std::size_t level);
  void forget_some();
  bool decide();
  bool over(const OrderBudget& budget) {
    if (steps() > budget.steps || bytes_ > budget.bytes) return true;
    return ++polls_ % 256 == 0 && budget.expired && budget.expired();
  }
  std::int8_t value(Literal l) const {
    const std::int8_t v = value_[l >> 1];
    return static_cast<std::int8_t>(l & 1 ? -v : v);
  }
  std::size_t level() const { return level_begins_.size(); }
  std::uint32_t choices() const { return static_cast<std::uint32_t>(value_.size()); }
  std::span<const Arc> arcs_of(Literal l) const {
    const std::size_t begin = l == 0 ? 0 : arcs_end_[l - 1];
    return std::span(arcs_).subspan(begin, arcs_end_[l] - begin);
  }

  std::vector<std::uint64_t> rank_;
  AcyclicGraph graph_;
  std::vector<Arc> fixed_;
  std::vector<Arc> arcs_;                         // of all literals, in their order
  std::vector<std::size_t> arcs_end_;             // by literal
  std::vector<std::int8_t> value_;                // by choice: 1 true, -1 false, 0 open
  std::vector<std::uint32_t> level_of_, reason_;  // by choice
  std::vector<Literal> trail_;
  std::vector<std::size_t> edges_before_;  // by place on the trail
  std::vector<std::size_t> level_begins_;
  std::size_t propagated_ = 0;  // of the trail, through clauses
  std::vector<Clause> clauses_;
  std::vector<std::vector<std::uint32_t>> watches_;  // by literal: whom it wakes when it is false
  std::vector<std::uint32_t> sources_;
  std::vector<Literal> conflict_;  // all of them false
  std::vector<Literal> learned_;
  std::vector<std::uint8_t> marked_;
  std::uint32_t open_marks_ = 0;  // marked ones of the present level that are not resolved yet
  bool conflicting_ = false;      // the literal enqueued last closed a cycle
  ActivityHeap heap_;             // of open choices
  std::uint32_t contradiction_ = kNo;
  std::uint64_t steps_ = 0, conflicts_ = 0, polls_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace seedbed::txn
