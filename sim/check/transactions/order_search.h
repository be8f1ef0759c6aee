// Looks for an order of the writes that nobody observed: of all transactions at once, and,
// where there is none, of fewer and fewer.
//
//   OrderSearch search(history, facts, d, Axioms::kSerializable, budget);
//   const Verdict v = search.run();
//   search.core()          // on fail: a few transactions that have no order by themselves
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/check/transactions/dependencies.h"
#include "sim/check/transactions/judge.h"

namespace seedbed::txn {

class OrderSearch {
 public:
  OrderSearch(const History& history, const Facts& facts, const Dependencies& d, Axioms axioms,
              const TransactionBudget& budget)
      : history_(history), facts_(facts), d_(d), axioms_(axioms), budget_(budget) {}

  Verdict run();
  /// A set of transactions that have no order whatever the others did, from which none that was
  /// tried could be left out within the budget.
  std::vector<Id> core();
  /// Of a core: two writes that make a cycle whichever comes first. Empty where it takes more than
  /// two to see why.
  std::array<std::vector<Step>, 2> both_ways(std::span<const Id> core);
  std::uint64_t steps() const { return steps_; }

 private:
  Verdict solve(const std::vector<std::uint8_t>& within, std::uint64_t steps);
  std::vector<std::uint8_t> only(std::span<const Id> transactions) const;

  const History& history_;
  const Facts& facts_;
  const Dependencies& d_;
  Axioms axioms_;
  const TransactionBudget& budget_;
  std::uint64_t steps_ = 0;
};

}  // namespace seedbed::txn
