// A finger table (section IV.D) without its repetitions: the i-th finger of node n is the first
// node at or after n + 2^(i-1), so of a thousand nodes some ten fingers differ. Kept are those, by
// distance; the i-th is the first of them that is far enough. 4 bytes each, because identifiers
// follow from addresses.
//
//   Fingers fingers = Fingers::of(ring, self);
//   fingers.fix(circle, self, start, found);     // looked up again: it is this one
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/chord/deployment.h"
#include "protocols/chord/identifiers.h"

namespace seedbed::chord {

class Fingers {
 public:
  Fingers() = default;
  /// As they are in the ring of the founders.
  static Fingers of(const FoundedRing& ring, Id self);

  /// The successor of self + `start` is `found`: who was thought to lie in between is not there.
  void fix(const Circle& circle, Id self, Id start, NodeId found);
  /// How many of them lie nearer than `way`.
  std::size_t nearer_than(const Circle& circle, Id self, Id way) const;

  /// By rising distance.
  const std::vector<NodeId>& nodes() const { return nodes_; }

 private:
  std::vector<NodeId> nodes_;
};

}  // namespace seedbed::chord
