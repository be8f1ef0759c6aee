#include "protocols/chord/fingers.h"

#include <algorithm>
#include <array>
#include <bit>

namespace seedbed::chord {

Fingers Fingers::of(const FoundedRing& ring, Id self) {
  const Circle& circle = ring.circle();
  std::array<NodeId, 64> found;
  std::size_t count = 0;
  Id reached = 0;
  while (reached <= circle.mask() / 2) {
    // The first power of two beyond what the last finger stands for.
    const Id start = std::bit_ceil(reached + 1);
    const NodeId next = ring.at(ring.successor_of(circle.plus(self, start)));
    const Id distance = circle.distance(self, circle.id_of(next));
    if (distance < start) break;  // round to self, or past it
    found[count++] = next;
    reached = distance;
  }
  Fingers fingers;
  fingers.nodes_.assign(found.begin(), found.begin() + count);
  return fingers;
}

void Fingers::fix(const Circle& circle, Id self, Id start, NodeId found) {
  const Id distance = circle.distance(self, circle.id_of(found));
  const auto first = nodes_.begin() + static_cast<std::ptrdiff_t>(nearer_than(circle, self, start));
  auto last = first;
  // Nothing lies between the start and the end of the circle where `found` comes before the start.
  const bool round = distance < start;
  while (last != nodes_.end() && (round || circle.distance(self, circle.id_of(*last)) < distance)) {
    ++last;
  }
  const auto at = nodes_.erase(first, last);
  if (!round && (at == nodes_.end() || *at != found)) nodes_.insert(at, found);
}

std::size_t Fingers::nearer_than(const Circle& circle, Id self, Id way) const {
  const auto end = std::partition_point(nodes_.begin(), nodes_.end(), [&](NodeId n) {
    return circle.distance(self, circle.id_of(n)) < way;
  });
  return static_cast<std::size_t>(end - nodes_.begin());
}

}  // namespace seedbed::chord
