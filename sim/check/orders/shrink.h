// A small part of a failing history that fails by itself: delta debugging (Zeller and Hildebrandt
// 2002) over operations. With a write goes all that read its value, so what is left fails for a
// reason of the whole, not for one that the cutting made.
//
//   auto core = shrink(history, hint, [&](const History& part) { return fails(part); });
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/check/orders/orders.h"

namespace seedbed::orders {

/// These operations, and no others.
History part_of(const History& history, std::span<const std::uint32_t> operations);

/// Starts from the hint, with all that its operations read, if that fails; else from all. `work`
/// bounds the operations that are looked at.
std::vector<std::uint32_t> shrink(const History& history, std::span<const std::uint32_t> hint,
                                  const std::function<bool(const History&)>& fails,
                                  std::uint64_t work = 3'000'000);

}  // namespace seedbed::orders
