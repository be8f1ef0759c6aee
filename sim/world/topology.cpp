// Boost before all else: some of its headers use names that are poison to ours.
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>

#include "sim/base/poison.h"
#include "sim/world/topology.h"

#include <algorithm>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/rng.h"
#include "sim/base/text.h"

namespace seedbed {

namespace {

using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

/// In this file nodes count from 0, as Boost's do: n1 is 0.
using Links = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

NodeId to_id(std::size_t vertex) { return {static_cast<std::uint32_t>(vertex) + 1}; }

Links line(std::uint32_t count) {
  Links links;
  for (std::uint32_t i = 1; i < count; ++i) links.emplace_back(i - 1, i);
  return links;
}

Links ring(std::uint32_t count) {
  Links links = line(count);
  if (count > 2) links.emplace_back(0, count - 1);
  return links;
}

Links star(std::uint32_t count) {
  Links links;
  for (std::uint32_t i = 1; i < count; ++i) links.emplace_back(0, i);
  return links;
}

Links tree(std::uint32_t count) {
  Links links;
  for (std::uint32_t i = 1; i < count; ++i) links.emplace_back((i + 1) / 2 - 1, i);
  return links;
}

Links grid(std::uint32_t count) {
  std::uint32_t columns = 0;
  while (columns * columns < count) ++columns;
  Links links;
  for (std::uint32_t i = 0; i < count; ++i) {
    if ((i + 1) % columns != 0 && i + 1 < count) links.emplace_back(i, i + 1);
    if (i + columns < count) links.emplace_back(i, i + columns);
  }
  return links;
}

Links everyone(std::uint32_t count) {
  Links links;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (std::uint32_t j = i + 1; j < count; ++j) links.emplace_back(i, j);
  }
  return links;
}

/// Each node linked to those at distances 1..degree/2 around a circle. An odd degree adds a perfect
/// matching: opposite nodes, or where their number is odd every other step of the round trip over
/// almost-opposite nodes, which leaves out `alone`.
Links circulant(std::uint32_t count, std::uint32_t degree, std::uint32_t alone) {
  Links links;
  for (std::uint32_t distance = 1; distance <= degree / 2; ++distance) {
    for (std::uint32_t i = 0; i < count; ++i) links.emplace_back(i, (i + distance) % count);
  }
  if (degree % 2 == 0) return links;
  const std::uint32_t half = count / 2;
  for (std::uint32_t i = 0; i < half; ++i) {
    const std::uint32_t from = count % 2 == 0 ? i : (alone + (2 * i + 1) * half) % count;
    links.emplace_back(from, (from + half) % count);
  }
  return links;
}

/// Which pairs are linked, either way round.
class LinkTable {
 public:
  LinkTable(std::size_t count, const Links& links) : count_(count), linked_(count * count) {
    for (const auto& [a, b] : links) set(a, b, true);
  }
  bool get(std::size_t a, std::size_t b) const { return linked_[a * count_ + b]; }
  void set(std::size_t a, std::size_t b, bool linked) {
    linked_[a * count_ + b] = linked_[b * count_ + a] = linked;
  }

 private:
  std::size_t count_;
  std::vector<bool> linked_;
};

/// Lets random pairs of links swap ends, a-b c-d to a-d c-b, where that makes no loop and no double
/// link: every node keeps its degree (the switching chain; Milo et al. 2003, cond-mat/0312028). Ten
/// tries a link leave nothing to see of the start.
void shuffle(Links& links, LinkTable& table, Rng& rng) {
  for (std::size_t tries = 10 * links.size(); tries > 0; --tries) {
    auto& [a, b] = links[rng.below(links.size())];
    auto& [c, d] = links[rng.below(links.size())];
    if (rng.below(2) == 1) std::swap(c, d);
    if (a == d || c == b || table.get(a, d) || table.get(c, b)) continue;
    table.set(a, b, false);
    table.set(c, d, false);
    std::swap(b, d);
    table.set(a, b, true);
    table.set(c, d, true);
  }
}

bool connected(std::uint32_t count, const Links& links) {
  const Undirected graph(links.begin(), links.end(), count);
  std::vector<std::uint32_t> component(count);
  return boost::connected_components(graph, component.data()) == 1;
}

Links random_regular(std::uint32_t count, std::uint32_t degree, std::uint64_t seed) {
  if (std::uint64_t{degree} + 1 >= count) return everyone(count);
  SEEDBED_ASSERT(degree >= 2, "a random topology of {} nodes needs a degree of at least 2, not {}",
                 count, degree);
  Rng rng{hash_of(seed, hash_text("topology"))};
  Links links = circulant(count, degree, static_cast<std::uint32_t>(rng.below(count)));
  LinkTable table(count, links);
  do {
    shuffle(links, table, rng);
  } while (!connected(count, links));
  return links;
}

/// Each link is moved once at most, and never onto another or into a loop; a node that knows all
/// others keeps its links.
Links rewired(std::uint32_t count, const TopologyConfig& config, Rng& rng) {
  Links links = circulant(count, config.degree & ~1U, 0);
  LinkTable table(count, links);
  std::vector<std::uint32_t> degree(count, config.degree & ~1U);
  for (auto& [from, to] : links) {
    if (!rng.chance(config.rewire) || degree[from] + 1 == count) continue;
    auto other = static_cast<std::uint32_t>(rng.below(count));
    while (other == from || table.get(from, other)) {
      other = static_cast<std::uint32_t>(rng.below(count));
    }
    table.set(from, to, false);
    table.set(from, other, true);
    --degree[to];
    ++degree[other];
    to = other;
  }
  return links;
}

Links small_world(std::uint32_t count, const TopologyConfig& config, std::uint64_t seed) {
  if (std::uint64_t{config.degree} + 1 >= count) return everyone(count);
  SEEDBED_ASSERT(config.degree >= 4, "a small world with a degree of {}, less than 4",
                 config.degree);
  Rng rng{hash_of(seed, hash_text("small world"))};
  Links links = rewired(count, config, rng);
  while (!connected(count, links)) links = rewired(count, config, rng);
  return links;
}

/// Begins with degree + 1 nodes that all know each other.
Links scale_free(std::uint32_t count, std::uint32_t degree, std::uint64_t seed) {
  if (std::uint64_t{degree} + 1 >= count) return everyone(count);
  SEEDBED_ASSERT(degree >= 1, "a scale-free topology whose nodes link to nobody");
  Rng rng{hash_of(seed, hash_text("scale free"))};
  Links links = everyone(degree + 1);
  for (std::uint32_t i = degree + 1; i < count; ++i) {
    const std::size_t ends = 2 * links.size();  // a node stands there once for each of its links
    const std::size_t own = links.size();
    while (links.size() < own + degree) {
      const std::uint64_t end = rng.below(ends);
      const std::uint32_t other = end % 2 == 0 ? links[end / 2].first : links[end / 2].second;
      const bool known = std::any_of(links.begin() + static_cast<std::ptrdiff_t>(own), links.end(),
                                     [&](const auto& link) { return link.first == other; });
      if (!known) links.emplace_back(other, i);
    }
  }
  return links;
}

/// Without loops and double links.
Links simple(const Graph& graph) {
  Links links;
  for (const auto& [a, b] : graph.edges) {
    if (a != b) links.emplace_back(std::min(a, b).value - 1, std::max(a, b).value - 1);
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  return links;
}

Links links_of(const TopologyConfig& config, std::uint32_t count, std::uint64_t seed) {
  switch (config.kind) {
    case TopologyKind::kComplete:
    case TopologyKind::kRegions: return {};
    case TopologyKind::kRing: return ring(count);
    case TopologyKind::kLine: return line(count);
    case TopologyKind::kStar: return star(count);
    case TopologyKind::kTree: return tree(count);
    case TopologyKind::kGrid: return grid(count);
    case TopologyKind::kRandom: return random_regular(count, config.degree, seed);
    case TopologyKind::kSmallWorld: return small_world(count, config, seed);
    case TopologyKind::kScaleFree: return scale_free(count, config.degree, seed);
    case TopologyKind::kGraph: return simple(*config.graph);
  }
  SEEDBED_ASSERT(false, "unknown kind of topology {}", static_cast<int>(config.kind));
}

}  // namespace

struct Topology::Routes {
  Directed open;                    // the edges that are not cut; neighbours in order
  std::vector<std::uint16_t> hops;  // row by row: from, to

  explicit Routes(std::size_t count) : open(count), hops(count * count) {}

  std::size_t size() const { return boost::num_vertices(open); }
  std::uint16_t at(std::size_t from, std::size_t to) const { return hops[from * size() + to]; }

  void measure() {
    for (std::size_t from = 0; from < size(); ++from) {
      auto* row = hops.data() + from * size();
      boost::breadth_first_search(open, from,
                                  boost::visitor(boost::make_bfs_visitor(
                                      boost::record_distances(row, boost::on_tree_edge()))));
    }
  }
};

Topology Topology::make(const TopologyConfig& config, std::uint32_t count, std::uint64_t seed) {
  Topology topology;
  topology.count_ = count;
  if (!config.routed()) return topology;
  SEEDBED_ASSERT(count <= kMostNodes, "a topology of {} nodes: at most {} unless it is complete",
                 count, kMostNodes);
  SEEDBED_ASSERT(config.nodes().value_or(count) == count, "{} nodes in a topology of {}", count,
                 config.nodes().value_or(count));
  topology.complete_ = count <= 1;
  for (const auto& [a, b] : links_of(config, count, seed)) {
    topology.edges_.emplace_back(to_id(std::min(a, b)), to_id(std::max(a, b)));
  }
  std::sort(topology.edges_.begin(), topology.edges_.end());
  topology.cut({});
  return topology;
}

void Topology::cut(const std::function<bool(NodeId from, NodeId to)>& is_cut) {
  if (complete()) return;
  auto routes = std::make_shared<Routes>(count_);
  const auto open = [&](NodeId from, NodeId to) {
    if (is_cut && is_cut(from, to)) return;
    boost::add_edge(from.value - 1, to.value - 1, routes->open);
  };
  // Edges are in order, and so are the neighbours of every node: first the lower, then the higher.
  for (const auto& [a, b] : edges_) {
    open(a, b);
    open(b, a);
  }
  routes->measure();
  routes_ = std::move(routes);
}

std::uint32_t Topology::hops(NodeId a, NodeId b) const {
  if (complete()) return a == b ? 0 : 1;
  // n0 wraps round to a number beyond any count.
  SEEDBED_ASSERT(a.value - 1 < count_ && b.value - 1 < count_,
                 "no route {} to {}: nodes are n1..n{}", to_text(a), to_text(b), count_);
  return routes_->at(a.value - 1, b.value - 1);
}

NodeId Topology::next(NodeId a, NodeId b) const {
  const std::uint32_t left = hops(a, b);
  if (left <= 1) return b;
  const auto [first, last] = boost::adjacent_vertices(a.value - 1, routes_->open);
  const auto next = std::find_if(
      first, last, [&](std::size_t v) { return routes_->at(v, b.value - 1) + 1U == left; });
  return to_id(*next);
}

std::vector<NodeId> Topology::path(NodeId a, NodeId b) const {
  if (hops(a, b) == 0 && a != b) return {};
  std::vector<NodeId> path{a};
  while (path.back() != b) path.push_back(next(path.back(), b));
  return path;
}

std::optional<std::uint32_t> TopologyConfig::nodes() const {
  if (kind == TopologyKind::kGraph) return graph->nodes;
  if (kind != TopologyKind::kRegions) return std::nullopt;
  std::uint32_t sum = 0;
  for (const Regions::Place& place : regions->places) sum += place.nodes;
  return sum;
}

}  // namespace seedbed
