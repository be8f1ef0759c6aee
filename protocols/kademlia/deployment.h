// What all nodes of a run share: the space of ids, and, for those that were deployed together, who
// they are. Made once, and never changed.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "protocols/kademlia/id.h"
#include "protocols/kademlia/routing_table.h"

namespace seedbed::kademlia {

struct Deployed {
  Space space;
  std::vector<std::pair<Id, NodeId>> nodes;  // by rising id; none if they join one by one

  static Deployed make(std::uint64_t seed, std::uint32_t bits, std::uint32_t nodes, bool together);
};

/// Fills the table of node `self` with up to k nodes for each bucket: all there are, or k that
/// follow each other from a point that `draw` chooses.
void fill(RoutingTable& table, const Deployed& deployed, NodeId self, std::uint32_t k,
          std::uint64_t draw);

}  // namespace seedbed::kademlia
