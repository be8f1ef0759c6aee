#include "sim/check/transactions/order_search.h"

#include <algorithm>

#include "sim/check/transactions/cycles.h"
#include "sim/check/transactions/graph.h"
#include "sim/check/transactions/order_problem.h"

namespace seedbed::txn {

Verdict OrderSearch::solve(const std::vector<std::uint8_t>& within, std::uint64_t steps) {
  OrderProblem problem(history_, facts_, d_, axioms_, within);
  const Verdict verdict = problem.solve(budget_, steps);
  steps_ += problem.steps();
  return verdict;
}

Verdict OrderSearch::run() { return solve(std::vector<std::uint8_t>(d_.nodes, 1), budget_.steps); }

std::vector<std::uint8_t> OrderSearch::only(std::span<const Id> transactions) const {
  std::vector<std::uint8_t> within(d_.nodes, 0);
  for (Id n = facts_.nodes; n < d_.nodes; ++n) within[n] = 1;
  for (const Id t : transactions) within[t] = 1;
  return within;
}

/// Leaves out half of the transactions, a quarter, ... as long as the rest still has no order
/// (Zeller & Hildebrandt 2002, "Simplifying and isolating failure-inducing input").
std::vector<Id> OrderSearch::core() {
  std::vector<Id> kept;
  for (Id t = 0; t < facts_.nodes; ++t) {
    if (facts_.committed[t]) kept.push_back(t);
  }
  const std::uint64_t until = steps_ + std::min(budget_.steps, 20 * steps_ + 2'000'000'000);
  for (std::size_t chunk = (kept.size() + 1) / 2; chunk > 0 && steps_ < until;) {
    bool smaller = false;
    for (std::size_t begin = 0; begin < kept.size() && steps_ < until;) {
      const std::size_t end = std::min(begin + chunk, kept.size());
      std::vector<std::uint8_t> within = only(kept);
      for (std::size_t i = begin; i < end; ++i) within[kept[i]] = 0;
      if (solve(within, until - steps_) == Verdict::kFail) {
        kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(begin),
                   kept.begin() + static_cast<std::ptrdiff_t>(end));
        smaller = true;
      } else {
        begin = end;
      }
    }
    if (chunk == 1 && !smaller) break;
    chunk = chunk == 1 ? 1 : std::min((chunk + 1) / 2, (kept.size() + 1) / 2);
  }
  return kept;
}

std::array<std::vector<Step>, 2> OrderSearch::both_ways(std::span<const Id> core) {
  const std::vector<std::uint8_t> within = only(core);
  OrderProblem problem(history_, facts_, d_, axioms_, within);
  problem.solve(budget_, budget_.steps);
  const std::optional<Choice> choice = problem.contradiction();
  if (!choice) return {};
  const std::vector<Step> forced = problem.forced();
  std::array<std::vector<Step>, 2> cycles;
  for (const bool first : {true, false}) {
    std::vector<Step> steps =
        first ? problem.steps_of(choice->a, choice->b) : problem.steps_of(choice->b, choice->a);
    steps.insert(steps.end(), forced.begin(), forced.end());
    for (const Step& s : d_.edges) {
      if (within[s.from] && within[s.to]) steps.push_back(s);
    }
    const Graph g = axioms_ == Axioms::kSerializable ? graph_of(steps, d_.nodes, ~EdgeMask{0})
                                                     : events_of(steps, d_.nodes, axioms_);
    cycles[first ? 0 : 1] = shortest_cycle(g, steps);
  }
  return cycles;
}

}  // namespace seedbed::txn
