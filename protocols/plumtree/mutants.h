// Broadcast trees with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp).
#pragma once

#include "protocols/plumtree/peer.h"

namespace seedbed::plumtree {

/// Waits for what was announced, and never asks for it.
struct NeverGrafts : Mutant<NeverGrafts, Peer> {
  bool grafts() const override { return false; }
};

/// A link that was pruned brings nothing any more: who pruned its last one is alone.
struct PrunesForGood : Mutant<PrunesForGood, Peer> {
  bool announces_to(const Link&) const override { return false; }
};

/// Gives a value to its application as often as it comes.
struct DeliversAgain : Mutant<DeliversAgain, Peer> {
  bool delivers(Value) const override { return true; }
};

/// Keeps who has become a neighbour among those to replace one with.
struct RemembersNeighbours : Mutant<RemembersNeighbours, Peer> {
  void connected(Context& ctx, NodeId node) override {
    const Views before = views_;
    if (!views_.disconnect(node)) return;
    views_.remember(node, ctx.rng());
    views_.take_active(before);
  }
};

}  // namespace seedbed::plumtree
