// What the weak levels say about the order of writes: if a transaction read x from t1, and another
// writer t2 of x came before the read in the sense of the level, then t2's write comes before t1's.
// A history has the level if and only if these, its reads-from and its session order have no cycle
// (Biswas & Enea 2019, section 4; for the number of sessions fixed this is linear in the history,
// as in AWDIT, Moldrup & Pavlogiannis 2025).
//
//   steps: the session order and reads-from; afterwards also the order of writes
//   if (!saturate(history, facts, Axioms::kCausal, bytes, d)) ...   // too large for `bytes`
#pragma once

#include <cstddef>

#include "sim/check/transactions/dependencies.h"

namespace seedbed::txn {

/// For kReadCommitted, kReadAtomic and kCausal. Adds a node for the initial state where a write
/// would have to come before that. `d` holds the session order where sessions count.
bool saturate(const History& history, const Facts& facts, Axioms axioms, std::size_t bytes,
              Dependencies& d);

}  // namespace seedbed::txn
