// Successor lists (Stoica et al. 2003, section IV.E.3): the nodes that follow a node, nearest
// first, up to r of them. A list ends before it would come round to the node itself.
//
//   successor_list(circle, id, 3, {{n4}}, said_by_n4);   // n4, and what it says comes after it
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocols/chord/identifiers.h"

namespace seedbed::chord {

/// `heads`, then `rest`, as far as they go clockwise from `self`, and no more than r of them.
std::vector<NodeId> successor_list(const Circle& circle, Id self, std::uint32_t r,
                                   std::span<const NodeId> heads, std::span<const NodeId> rest);

}  // namespace seedbed::chord
