// Kademlia with one rule broken: a name, the rule, and the check that must notice (protocol.cpp).
#pragma once

#include "protocols/kademlia/node.h"

namespace seedbed::kademlia {

/// Takes distances with their highest bit set for negative ones.
struct SignedDistance : Mutant<SignedDistance, Node> {
  bool is_closer(Id a, Id b) const override {
    return static_cast<std::int64_t>(a) < static_cast<std::int64_t>(b);
  }
};

/// Counts the leading bits in which two ids differ, and not the first of them.
struct WrongBucket : Mutant<WrongBucket, Node> {
  std::uint32_t place(Id distance) const override {
    return static_cast<std::uint32_t>(std::countl_one(distance)) % 64;
  }
};

/// Leaves contacts where they stand when they are seen again.
struct KeepsOrder : Mutant<KeepsOrder, Node> {
  bool moves_to_tail() const override { return false; }
};

/// A newcomer takes the place of whoever was not seen for the longest time.
struct EvictsUnasked : Mutant<EvictsUnasked, Node> {
  bool pings_before_eviction() const override { return false; }
};

/// Only answers are news of a node.
struct IgnoresRequesters : Mutant<IgnoresRequesters, Node> {
  bool learns_from_requests() const override { return false; }
};

/// Is content when the closest node that it has heard of has answered.
struct StopsEarly : Mutant<StopsEarly, Node> {
  bool is_over(const Lookup& lookup) const override { return lookup.is_over(1); }
};

/// Leaves blocks where they were put.
struct NeverRepublishes : Mutant<NeverRepublishes, Node> {
  bool republishes() const override { return false; }
};

}  // namespace seedbed::kademlia
