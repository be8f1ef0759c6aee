// What all nodes of a run share and never changes: the circle, the parameters, and the ring of the
// founders, as whoever deployed it had computed it. A million nodes cannot each find their place in
// it by asking; and 4 bytes a node are enough to look everything up.
//
//   const auto ring = std::make_shared<const FoundedRing>(parameters, deployment);
//   ring->at(ring->successor_of(id))                 // the first founder at or after an identifier
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/chord/identifiers.h"
#include "protocols/chord/parameters.h"

namespace seedbed::chord {

class FoundedRing {
 public:
  /// `founders`: n1, n2, ...; `servers` may ever be there.
  FoundedRing(const Parameters& parameters, std::uint64_t seed, std::uint32_t founders,
              std::uint32_t servers);

  const Parameters& parameters() const { return parameters_; }
  const Circle& circle() const { return circle_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(ring_.size()); }
  bool is_founder(NodeId n) const { return n.value <= size(); }
  /// Position, clockwise from identifier 0; any number of times around.
  NodeId at(std::uint32_t position) const { return ring_[position % size()]; }
  std::uint32_t successor_of(Id id) const;

  /// Zave's stable base: n1 to n(r + 1); nobody in the original.
  std::uint32_t base() const { return parameters_.corrected ? parameters_.successors + 1 : 0; }
  bool is_base(NodeId n) const { return n.value <= base(); }
  /// Its members in the order in which they come after `id`, `id` itself left out.
  std::vector<NodeId> base_after(Id id) const;

 private:
  Parameters parameters_;
  Circle circle_;
  std::vector<NodeId> ring_;            // by identifier
  std::vector<std::uint32_t> buckets_;  // of equal arcs: the first position at or after each start
  std::uint32_t bucket_shift_ = 0;
};

}  // namespace seedbed::chord
