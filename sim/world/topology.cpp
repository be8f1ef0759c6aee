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

Links links_of(const TopologyConfig& config, std::uint32_t count, std::uint64_t seed) {
  switch (config.kind) {
    case TopologyKind::kComplete: return {};
    case TopologyKind::kRing: return ring(count);
    case TopologyKind::kLine: return line(count);
    case TopologyKind::kStar: return star(count);
    case TopologyKind::kTree: return tree(count);
    case TopologyKind::kGrid: return grid(count);
    case TopologyKind::kRandom: return random_regular(count, config.degree, seed);
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
  if (config.kind == TopologyKind::kComplete) return topology;
  SEEDBED_ASSERT(count <= kMostNodes, "a topology of {} nodes: at most {} unless it is complete",
                 count, kMostNodes);
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

std::vector<NodeId> Topology::path(NodeId a, NodeId b) const {
  std::uint32_t left = hops(a, b);
  if (a == b) return {a};
  if (left == 0) return {};
  std::vector<NodeId> path{a};
  while (--left > 0) {
    const auto [first, last] = boost::adjacent_vertices(path.back().value - 1, routes_->open);
    const auto next = std::find_if(
        first, last, [&](std::size_t v) { return routes_->at(v, b.value - 1) == left; });
    path.push_back(to_id(*next));
  }
  path.push_back(b);
  return path;
}

}  // namespace seedbed
