// A graph that stays acyclic: an edge that would close a cycle is refused, with the cycle. It keeps
// a topological order and repairs as much of it as an edge disturbs (Pearce & Kelly 2007, "A
// dynamic topological sort algorithm for directed acyclic graphs"). Edges leave in the reverse of
// the order in which they came.
//
//   AcyclicGraph g(rank);
//   if (!g.insert(a, b, label)) use(g.cycle());      // labels of the path from b to a
//   g.remove_last();
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace seedbed::txn {

class AcyclicGraph {
 public:
  using Node = std::uint32_t;
  using Label = std::uint32_t;

  /// To begin with, nodes are ordered by rank, and equal ones by their numbers.
  explicit AcyclicGraph(std::span<const std::uint64_t> rank)
      : out_(rank.size()),
        in_(rank.size()),
        place_(rank.size()),
        seen_(rank.size(), 0),
        from_(rank.size()) {
    std::vector<Node> order(rank.size());
    std::iota(order.begin(), order.end(), Node{0});
    std::stable_sort(order.begin(), order.end(), [&](Node a, Node b) { return rank[a] < rank[b]; });
    for (std::uint32_t i = 0; i < order.size(); ++i) place_[order[i]] = i;
  }

  /// False, and the graph as it was, if `b` leads to `a` already.
  bool insert(Node a, Node b, Label label) {
    ++work_;
    if (a == b) return cycle_.clear(), false;
    if (place_[b] < place_[a] && !reorder(a, b)) return false;
    out_[a].push_back({b, label});
    in_[b].push_back({a, label});
    inserted_.push_back({a, b});
    return true;
  }
  /// Whether `b` leads to one of these, so that an edge from there to `b` would be refused.
  bool leads_to_any(Node b, std::span<const Node> sources) {
    const std::uint64_t wanted = ++search_;
    std::uint32_t last = 0;
    for (const Node a : sources) {
      if (place_[a] < place_[b]) continue;
      seen_[a] = wanted;
      last = std::max(last, place_[a]);
    }
    if (last == 0) return false;
    if (seen_[b] == wanted) return true;
    ++search_;
    ahead_.assign(1, b);
    for (std::size_t i = 0; i < ahead_.size(); ++i) {
      for (const Half& edge : out_[ahead_[i]]) {
        ++work_;
        if (seen_[edge.node] == wanted) return true;
        if (place_[edge.node] > last || seen_[edge.node] == search_) continue;
        seen_[edge.node] = search_;
        ahead_.push_back(edge.node);
      }
    }
    return false;
  }
  void remove_last() {
    const auto [a, b] = inserted_.back();
    inserted_.pop_back();
    out_[a].pop_back();
    in_[b].pop_back();
  }
  std::size_t edges() const { return inserted_.size(); }
  /// After a refused insert of (a, b): the labels of a shortest path from b to a.
  std::span<const Label> cycle() const { return cycle_; }
  /// Whether a stands before b in an order of the graph as it is.
  bool stands_before(Node a, Node b) const { return place_[a] < place_[b]; }
  std::uint64_t work() const { return work_; }

 private:
  struct Half {
    Node node = 0;
    Label label = 0;
  };

  /// Moves what leads to `a` ahead of what `b` leads to, in the places that these have now.
  bool reorder(Node a, Node b) {
    if (!forward(a, b)) return false;
    backward(a, b);
    const auto by_place = [&](Node x, Node y) { return place_[x] < place_[y]; };
    std::sort(ahead_.begin(), ahead_.end(), by_place);
    std::sort(behind_.begin(), behind_.end(), by_place);
    places_.clear();
    for (const Node n : behind_) places_.push_back(place_[n]);
    for (const Node n : ahead_) places_.push_back(place_[n]);
    std::sort(places_.begin(), places_.end());
    std::size_t next = 0;
    for (const Node n : behind_) place_[n] = places_[next++];
    for (const Node n : ahead_) place_[n] = places_[next++];
    return true;
  }
  /// All that `b` leads to and that stands before `a`; false if that is `a` itself.
  bool forward(Node a, Node b) {
    ++search_;
    ahead_.assign(1, b);
    seen_[b] = search_;
    for (std::size_t i = 0; i < ahead_.size(); ++i) {
      const Node n = ahead_[i];
      for (const Half& edge : out_[n]) {
        ++work_;
        if (place_[edge.node] > place_[a] || seen_[edge.node] == search_) continue;
        seen_[edge.node] = search_;
        from_[edge.node] = {n, edge.label};
        if (edge.node != a) {
          ahead_.push_back(edge.node);
          continue;
        }
        cycle_.clear();
        for (Node at = a; at != b; at = from_[at].node) cycle_.push_back(from_[at].label);
        return false;
      }
    }
    return true;
  }
  void backward(Node a, Node b) {
    ++search_;
    behind_.assign(1, a);
    seen_[a] = search_;
    for (std::size_t i = 0; i < behind_.size(); ++i) {
      for (const Half& edge : in_[behind_[i]]) {
        ++work_;
        if (place_[edge.node] < place_[b] || seen_[edge.node] == search_) continue;
        seen_[edge.node] = search_;
        behind_.push_back(edge.node);
      }
    }
  }

  std::vector<std::vector<Half>> out_, in_;
  std::vector<std::uint32_t> place_;
  std::vector<std::uint64_t> seen_;
  std::vector<Half> from_;
  std::vector<std::pair<Node, Node>> inserted_;
  std::vector<Node> ahead_, behind_;
  std::vector<std::uint32_t> places_;
  std::vector<Label> cycle_;
  std::uint64_t search_ = 0, work_ = 0;
};

}  // namespace seedbed::txn
