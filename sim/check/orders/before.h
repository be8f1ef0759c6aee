// A graph of what comes before what, by the nodes directly before each.
//
//   const Sorted s = sort_nodes(roots, nodes, [&](std::uint32_t v, std::size_t i) {...});
//   if (!s.cycle.empty()) ...
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "sim/check/orders/instance.h"

namespace seedbed::orders {

constexpr std::uint32_t kNoMore = ~std::uint32_t{0} - 3;

struct Sorted {
  std::vector<std::uint32_t> order;  // each after all before it
  std::vector<std::uint32_t> cycle;  // of nodes each before the next; then there is no order
};

/// The roots and all before them, depth first. `source(v, i)` is the i-th node directly before v,
/// kNoMore after the last one; other numbers that are no node say nothing.
template <class Source>
Sorted sort_nodes(std::span<const std::uint32_t> roots, std::size_t nodes, const Source& source) {
  enum State : std::uint8_t { kNew, kOpen, kDone };
  std::vector<std::uint8_t> state(nodes, kNew);
  std::vector<std::pair<std::uint32_t, std::size_t>> path;
  Sorted sorted;
  for (const std::uint32_t root : roots) {
    if (state[root] != kNew) continue;
    path.emplace_back(root, 0);
    state[root] = kOpen;
    while (!path.empty()) {
      const std::uint32_t v = path.back().first;
      const std::uint32_t u = source(v, path.back().second++);
      if (u == kNoMore) {
        state[v] = kDone;
        sorted.order.push_back(v);
        path.pop_back();
      } else if (u < nodes && state[u] == kNew) {
        state[u] = kOpen;
        path.emplace_back(u, 0);
      } else if (u < nodes && state[u] == kOpen) {
        while (path.back().first != u) {
          sorted.cycle.push_back(path.back().first);
          path.pop_back();
        }
        sorted.cycle.push_back(u);
        return sorted;
      }
    }
  }
  return sorted;
}

/// Edges into nodes, beside those that an instance has.
using More = std::vector<std::vector<std::uint32_t>>;

/// All of an instance: program order, who read what, and `more` if it is not empty.
inline Sorted sort_instance(const Instance& instance, const More& more) {
  std::vector<std::uint32_t> all(instance.nodes.size());
  for (std::uint32_t v = 0; v < all.size(); ++v) all[v] = v;
  return sort_nodes(all, all.size(), [&](std::uint32_t v, std::size_t i) {
    const Node& n = instance.nodes[v];
    if (i < 2) return i == 0 ? n.before : n.from;
    return more.empty() || i - 2 >= more[v].size() ? kNoMore : more[v][i - 2];
  });
}

}  // namespace seedbed::orders
