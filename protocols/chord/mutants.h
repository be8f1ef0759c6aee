// Chord nodes with one rule broken: a name, the rule, and the check that must notice
// (protocol.cpp). They are mutants of the corrected protocol: of the original it is known that it
// breaks.
#pragma once

#include "protocols/chord/node.h"

namespace seedbed::chord {

/// Takes whichever of its fingers comes first after a key for the owner.
struct FingerAsOwner : Mutant<FingerAsOwner, Node> {
  Hop next_hop(Id key, std::uint32_t skip) const override {
    const Hop hop = Node::next_hop(key, skip);
    const std::size_t nearer = fingers().nearer_than(circle(), id(), circle().way(id(), key));
    if (hop.is_owner || skip > 0 || nearer >= fingers().nodes().size()) return hop;
    return {fingers().nodes()[nearer], true};
  }
};

/// Its successor list is not repaired: it goes on asking the dead.
struct KeepsTheDead : Mutant<KeepsTheDead, Node> {
  bool may_give_up(NodeId) const override { return false; }
};

/// Gives up the base like anybody else.
struct GivesUpTheBase : Mutant<GivesUpTheBase, Node> {
  bool may_give_up(NodeId) const override { return true; }
};

/// Who has lost all its successors is a ring of its own.
struct GoesAlone : Mutant<GoesAlone, Node> {
  bool may_give_up(NodeId) const override { return true; }
  std::vector<NodeId> last_resort() const override { return {}; }
};

/// Takes its successor's predecessor for its successor, wherever that lies.
struct TakesAnyCandidate : Mutant<TakesAnyCandidate, Node> {
  bool may_precede_successor(NodeId candidate) const override {
    return candidate && candidate != self();
  }
};

/// Is a member as soon as it has heard of somebody, for whom it then waits.
struct JoinsUnasked : Mutant<JoinsUnasked, Node> {
  bool joins_unasked() const override { return true; }
  bool may_give_up(NodeId) const override { return false; }
};

/// Never tells its successor of itself.
struct NeverNotifies : Mutant<NeverNotifies, Node> {
  bool notifies() const override { return false; }
};

/// A dead predecessor stays its predecessor.
struct KeepsDeadPredecessor : Mutant<KeepsDeadPredecessor, Node> {
  bool forgets_predecessor() const override { return false; }
};

/// Keeps the only copy of a block.
struct KeepsOneCopy : Mutant<KeepsOneCopy, Node> {
  bool replicates() const override { return false; }
};

}  // namespace seedbed::chord
