// A directed graph in compressed sparse rows, and what is asked of it: strong components (Tarjan
// 1972, Boost.Graph's) and shortest cycles.
//
//   const Graph g = graph_of(steps, nodes, masks::kAll);
//   const Components c = strong_components(g);
//   if (c.cyclic()) ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/check/transactions/facts.h"

namespace seedbed::txn {

/// A set of kinds of edges.
using EdgeMask = std::uint32_t;
constexpr EdgeMask mask_of(Edge e) { return EdgeMask{1} << static_cast<std::uint8_t>(e); }

struct Graph {
  std::vector<std::size_t> first;  // by node, and one more
  std::vector<Id> target;
  std::vector<Id> step;  // which of the given steps this is; kNone: none

  Id nodes() const { return static_cast<Id>(first.size() - 1); }
  struct Out {
    Id to = 0;
    Id step = 0;
  };
  std::size_t begin_of(Id n) const { return first[n]; }
  std::size_t end_of(Id n) const { return first[n + 1]; }
};

/// The steps of these kinds. kThrough is always among them.
Graph graph_of(std::span<const Step> steps, Id nodes, EdgeMask mask);

/// Each node t becomes its start t and its commit `nodes` + t. Snapshot isolation: a dependency
/// leads from commit to start, and an antidependency from start to commit, so that two of these in
/// a row make no path; the graph is acyclic if and only if the history has a snapshot order
/// (Cerone & Gotsman 2016). Prefix: overwriting orders commits alone.
Graph events_of(std::span<const Step> steps, Id nodes, Axioms axioms, EdgeMask mask = ~EdgeMask{0});

struct Components {
  std::vector<Id> of;    // by node
  std::vector<Id> size;  // by component
  bool cyclic() const { return size.size() < of.size(); }
  bool in_cycle(Id node) const { return size[of[node]] > 1; }
};
Components strong_components(const Graph& graph);

/// Shortest paths within one component.
class PathFinder {
 public:
  PathFinder(const Graph& graph, const Components& components)
      : graph_(graph), components_(components), seen_(graph.nodes(), 0), from_(graph.nodes()) {}

  /// The steps from `a` to `b` != a, at most `most` of them; none where there is no such path.
  std::vector<Id> path(Id a, Id b, std::size_t most);
  /// Edges looked at so far, in all.
  std::uint64_t work() const { return work_; }

 private:
  struct Arrival {
    Id node = 0;
    Id step = 0;
  };

  const Graph& graph_;
  const Components& components_;
  std::vector<Id> seen_;  // by node: the number of the search that saw it
  std::vector<Arrival> from_;
  std::vector<Id> queue_;
  Id search_ = 0;
  std::uint64_t work_ = 0;
};

}  // namespace seedbed::txn
