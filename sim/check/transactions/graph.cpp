#include "sim/check/transactions/graph.h"

#include <algorithm>
#include <numeric>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

namespace seedbed::txn {

namespace {

/// Calls `edge(from, to, step)` for each; twice, so it must do the same both times.
template <class ForEach>
Graph compress(Id nodes, const ForEach& for_each) {
  Graph g;
  g.first.assign(nodes + std::size_t{2}, 0);
  for_each([&](Id from, Id, Id) { ++g.first[from + std::size_t{2}]; });
  std::partial_sum(g.first.begin(), g.first.end(), g.first.begin());
  g.target.resize(g.first.back());
  g.step.resize(g.first.back());
  for_each([&](Id from, Id to, Id step) {
    const std::size_t at = g.first[from + std::size_t{1}]++;
    g.target[at] = to;
    g.step[at] = step;
  });
  g.first.pop_back();
  return g;
}

}  // namespace

Graph graph_of(std::span<const Step> steps, Id nodes, EdgeMask mask) {
  mask |= mask_of(Edge::kThrough);
  return compress(nodes, [&](const auto& edge) {
    for (Id i = 0; i < steps.size(); ++i) {
      if (mask & mask_of(steps[i].edge)) edge(steps[i].from, steps[i].to, i);
    }
  });
}

Graph events_of(std::span<const Step> steps, Id nodes, Axioms axioms, EdgeMask mask) {
  mask |= mask_of(Edge::kThrough);
  return compress(2 * nodes, [&](const auto& edge) {
    for (Id t = 0; t < nodes; ++t) edge(t, nodes + t, kNone);
    for (Id i = 0; i < steps.size(); ++i) {
      const auto [from, to, kind, key, via] = steps[i];
      if (!(mask & mask_of(kind))) continue;
      if (kind == Edge::kRw) {
        edge(from, nodes + to, i);
      } else if (kind == Edge::kThrough) {
        edge(from, to, i);
        edge(nodes + from, nodes + to, i);
      } else {
        const bool commits_only = kind == Edge::kWw && axioms == Axioms::kPrefix;
        edge(nodes + from, commits_only ? nodes + to : to, i);
      }
    }
  });
}

Components strong_components(const Graph& graph) {
  using Csr =
      boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                         boost::no_property, Id, std::size_t>;
  Csr csr;
  csr.m_forward.m_rowstart.assign(graph.first.begin(), graph.first.end());
  csr.m_forward.m_column.assign(graph.target.begin(), graph.target.end());
  Components c;
  c.of.resize(graph.nodes());
  const auto index = boost::get(boost::vertex_index, csr);
  const Id count = boost::strong_components(
      csr, boost::make_iterator_property_map(c.of.begin(), index), boost::vertex_index_map(index));
  c.size.assign(count, 0);
  for (const Id component : c.of) ++c.size[component];
  return c;
}

std::vector<Id> PathFinder::path(Id a, Id b, std::size_t most) {
  queue_.assign(1, a);
  seen_[a] = ++search_;
  std::size_t next = 0;
  for (std::size_t depth = 0; depth < most && next < queue_.size(); ++depth) {
    for (const std::size_t end = queue_.size(); next < end; ++next) {
      const Id n = queue_[next];
      for (std::size_t i = graph_.begin_of(n); i < graph_.end_of(n); ++i) {
        const Id to = graph_.target[i];
        ++work_;
        if (seen_[to] == search_ || components_.of[to] != components_.of[a]) continue;
        seen_[to] = search_;
        from_[to] = {n, graph_.step[i]};
        if (to != b) {
          queue_.push_back(to);
          continue;
        }
        std::vector<Id> steps;
        for (Id at = b; at != a; at = from_[at].node) steps.push_back(from_[at].step);
        std::reverse(steps.begin(), steps.end());
        return steps;
      }
    }
  }
  return {};
}

}  // namespace seedbed::txn
