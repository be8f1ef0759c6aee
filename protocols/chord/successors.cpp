#include "protocols/chord/successors.h"

namespace seedbed::chord {

std::vector<NodeId> successor_list(const Circle& circle, Id self, std::uint32_t r,
                                   std::span<const NodeId> heads, std::span<const NodeId> rest) {
  std::vector<NodeId> list;
  Id reached = 0;
  for (const auto& part : {heads, rest}) {
    for (const NodeId n : part) {
      const Id distance = circle.distance(self, circle.id_of(n));
      if (distance <= reached || list.size() == r) return list;
      reached = distance;
      list.push_back(n);
    }
  }
  return list;
}

}  // namespace seedbed::chord
