// Does a history of transactions have a level of consistency? Pass and fail are proofs: read
// committed to causal by saturation, the levels above over an observed order (lists) by the graph's
// strong components, and over unknown orders (registers) by a search for one (order_solver.h).
// Unknown: the budget ended, or a value that was read had been written twice.
//
//   const Judgement j = check_transactions(history, *level_named("serializable"), {});
//   if (j.verdict == Verdict::kFail) show(j.message, picture_of(history, j.anomalies.front()));
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/transactions/facts.h"
#include "sim/check/transactions/history.h"
#include "sim/check/transactions/level.h"
#include "sim/check/verdict.h"

namespace seedbed::txn {

struct TransactionBudget {
  std::uint64_t steps = 6'000'000'000;  // edges looked at, of a search and to explain it
  std::size_t bytes = std::size_t{3} << 30;
  std::function<bool()> expired{};  // polled now and then; true ends the search as unknown
  bool explain = true;              // a failed search looks for the few transactions that matter
};

struct Judgement {
  Verdict verdict = Verdict::kUnknown;
  std::string message;  // for people; empty on pass
  /// What breaks the level. Never empty on fail.
  std::vector<Anomaly> anomalies;
  std::uint64_t steps = 0;  // of the search
};

Judgement check_transactions(const History& history, const Level& level,
                             const TransactionBudget& budget = {});

/// All that is wrong, whatever forbids it: up to strict serializability.
std::vector<Anomaly> find_anomalies(const History& history);

/// The strongest levels that a history has, of those that could be decided.
std::vector<std::string_view> strongest_levels(const History& history,
                                               const TransactionBudget& budget = {});

}  // namespace seedbed::txn
