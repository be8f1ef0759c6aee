// How stale reads are: k-atomicity, in values, and Delta-atomicity, in time. Both are local: a
// history is as stale as its worst key (Golab, Li and Shah 2011).
//
//   Staleness s = judge_atomic(history, 2, true, meter);
//   s.least.lo <= the smallest K <= s.least.hi
#pragma once

#include <cstdint>
#include <vector>

#include "sim/check/models.h"
#include "sim/check/orders/orders.h"

namespace seedbed::orders {

struct Interval {
  std::uint64_t lo = 0;
  std::uint64_t hi = ~std::uint64_t{0};
};

struct Staleness {
  Verdict verdict = Verdict::kPass;
  Interval least;  // where the smallest bound lies that holds
  /// kFail: operations of the key, or of a part of it, that fails.
  std::vector<std::uint32_t> operations{};
};

/// Is it K-atomic with the bound? `measure`: the smallest K, as far as the meter reaches.
Staleness judge_atomic(const History& history, std::uint64_t bound, bool measure, Meter& meter);
/// The same of nanoseconds. All operations have times.
Staleness judge_stale(const History& history, std::uint64_t bound, bool measure, Meter& meter);

namespace detail {

/// The operations of a key, as acts.
struct KeyCalls {
  RegisterCells model;
  std::vector<Act> acts;
  std::vector<std::uint32_t> operations;
};
std::vector<KeyCalls> by_key(const History& history);
/// What a search is not needed for: at least the writes that must lie between a read and what it
/// read, and at most those that do in the order in which writes were due. lo > hi: no K will do.
Interval bounds_of(const History& history, const std::vector<std::uint32_t>& operations);

}  // namespace detail

}  // namespace seedbed::orders
