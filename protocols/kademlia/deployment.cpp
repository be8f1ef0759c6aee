#include "protocols/kademlia/deployment.h"

#include <algorithm>

#include "sim/base/rng.h"

namespace seedbed::kademlia {

Deployed Deployed::make(std::uint64_t seed, std::uint32_t bits, std::uint32_t nodes,
                        bool together) {
  Deployed deployed{Space(seed, bits), {}};
  if (!together) return deployed;
  for (std::uint32_t id = 1; id <= nodes; ++id) {
    deployed.nodes.emplace_back(deployed.space.id_of({id}), NodeId{id});
  }
  std::sort(deployed.nodes.begin(), deployed.nodes.end());
  return deployed;
}

void fill(RoutingTable& table, const Deployed& deployed, NodeId self, std::uint32_t k,
          std::uint64_t draw) {
  const Id own = deployed.space.id_of(self);
  const auto& nodes = deployed.nodes;
  const auto place_of = [&](Id id) {
    return static_cast<std::size_t>(
        std::lower_bound(nodes.begin(), nodes.end(), std::pair(id, kNobody)) - nodes.begin());
  };
  for (std::uint32_t index = 0; index < deployed.space.bits(); ++index) {
    const Id bit = Id{1} << index;
    const Id lowest = (own ^ bit) & ~(bit - 1);  // of those that first differ from us in this bit
    const Id highest = lowest | (bit - 1);
    const std::size_t first = place_of(lowest);
    const std::size_t end = highest == ~Id{0} ? nodes.size() : place_of(highest + 1);
    const std::size_t count = end - first;
    if (count == 0) continue;
    const std::size_t start = count <= k ? 0 : scale(hash_of(draw, index), count);
    for (std::size_t i = 0; i < std::min<std::size_t>(count, k); ++i) {
      table.know(index, nodes[first + (start + i) % count].second);
    }
  }
}

}  // namespace seedbed::kademlia
