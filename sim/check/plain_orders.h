// Queues, stacks, bags and logs whose values tell them apart: an order without a search. Each
// function argues in its file why there is none where it finds none, and what it finds is replayed.
//
//   if (auto found = plain_order(FifoQueue(), calls, meter)) return *found;   // else search
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/check/held_values.h"
#include "sim/check/linearizability.h"
#include "sim/check/models.h"

namespace seedbed {

using PlainOrder = std::optional<Linearization<Sequences::State>>;

/// Nothing where a value was put twice, or where it matters what somebody took who did not live to
/// tell. A step for each operation placed. In n log n; of a stack, times what overlaps.
PlainOrder plain_order(const FifoQueue& model, std::span<const Call<Act>> calls, Meter& meter);
PlainOrder plain_order(const Stack& model, std::span<const Call<Act>> calls, Meter& meter);
PlainOrder plain_order(const Bag& model, std::span<const Call<Act>> calls, Meter& meter);
/// Nothing where it is not plain which append is at which offset.
PlainOrder plain_order(const OffsetLog& model, std::span<const Call<Act>> calls, Meter& meter);

namespace detail {

/// An order, or the return (0: no idea which) with which there is none any more.
struct FoundOrder {
  bool exists = false;
  std::uint64_t failed_by = 0;
  std::vector<std::uint32_t> order;
};

FoundOrder order_queue(std::span<const Call<Act>> calls, std::span<const HeldValue> values,
                       std::span<const HeldValue> empties);
FoundOrder order_stack(std::span<const Call<Act>> calls, std::span<const HeldValue> values,
                       std::span<const HeldValue> empties);
FoundOrder order_bag(std::span<const HeldValue> values, std::span<const HeldValue> empties);

}  // namespace detail

}  // namespace seedbed
