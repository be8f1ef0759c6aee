// Who is wired to whom. Messages travel along the shortest path over the edges that are not cut;
// each hop costs one draw of the latency. A complete network needs no graph and is not built.
//
//   Topology line = Topology::make({TopologyKind::kLine}, 5, seed);
//   line.hops(NodeId{1}, NodeId{5});                     // 4
//   line.cut([](NodeId a, NodeId b) { return a == NodeId{3} || b == NodeId{3}; });
//   line.hops(NodeId{1}, NodeId{5});                     // 0: no way left
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/base/ids.h"
#include "sim/world/config.h"

namespace seedbed {

class Topology {
 public:
  using Edges = std::vector<std::pair<NodeId, NodeId>>;
  /// Routes between all pairs take 2 bytes each: this many nodes take 200 MB. A complete network
  /// has no limit.
  static constexpr std::uint32_t kMostNodes = 10'000;

  /// Nodes are n1..n`count`. The centre of a star is n1; the parent of ni in a tree is n(i/2); a
  /// grid has ceil(sqrt(count)) columns, filled row by row. Random graphs are drawn from `seed`,
  /// and are connected: each node has `degree` edges, except one with one less where degree * count
  /// is odd; more neighbours than there are nodes means all of them. A small world (Watts,
  /// Strogatz, Nature 393, 1998) is a ring in which each node knows the `degree` nearest, and each
  /// link's far end is moved with the chance `rewire`; it is drawn until it is connected. A
  /// scale-free graph (Barabasi, Albert, Science 286, 1999) grows: each new node links to `degree`
  /// others, drawn in proportion to how many links they have. A graph from elsewhere may fall into
  /// parts. One node alone is complete().
  static Topology make(const TopologyConfig& config, std::uint32_t count, std::uint64_t seed);

  bool complete() const { return complete_; }
  /// Each edge once, the lower node first, in order; cut or not. None where it is complete().
  const Edges& edges() const { return edges_; }

  /// Edges on the shortest path from `a` to `b` that is not cut: 1 for neighbours, 0 for no way and
  /// from a node to itself. Only for nodes of the topology; 1 between any two where it is
  /// complete().
  std::uint32_t hops(NodeId a, NodeId b) const;
  /// Nodes on that path, `a` and `b` included; empty for no way. Of equally short paths, the one
  /// whose second node is lowest, then its third, and so on.
  std::vector<NodeId> path(NodeId a, NodeId b) const;

  /// The second node on that path: for two nodes apart from each other, with a way.
  NodeId next(NodeId a, NodeId b) const;

  /// Recomputes all routes without the directed edges for which `is_cut(from, to)`, which is asked
  /// once each. Not cumulative: earlier cuts are healed, and an empty function cuts nothing. Cuts
  /// do not apply where it is complete().
  void cut(const std::function<bool(NodeId from, NodeId to)>& is_cut);

 private:
  struct Routes;

  std::uint32_t count_ = 0;
  bool complete_ = true;
  Edges edges_;
  std::shared_ptr<const Routes> routes_;  // immutable: copies of a run share them
};

}  // namespace seedbed
