// The two partial views of HyParView (Leitao, Pereira and Rodrigues, DSN 2007): a small active one,
// whose members are neighbours and hear of each other, and a larger passive one, from which failed
// neighbours are replaced. No node is in both, and none in its own.
//
//   Views views(self, 5, 30);
//   const NodeId dropped = views.connect(n7, now, rng);   // somebody made room, or nobody
//   views.remember(n9, rng);
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"
#include "sim/base/rng.h"
#include "sim/base/time.h"

namespace seedbed::plumtree {

/// A member of the active view, and the link to it as Plumtree sees it.
struct Link {
  NodeId node;
  Time heard;
  bool eager = true;  // values go this way; else (lazy) only word of them
};

class Views {
 public:
  Views() = default;
  Views(NodeId self, std::uint32_t most_active, std::uint32_t most_passive)
      : self_(self), most_active_(most_active), most_passive_(most_passive) {}

  const std::vector<Link>& active() const { return active_; }
  const std::vector<NodeId>& passive() const { return passive_; }
  bool is_full() const { return active_.size() >= most_active_; }
  /// Null where it is no neighbour.
  Link* link(NodeId n);
  /// Counts the changes of either view.
  std::uint64_t version() const { return version_; }

  /// It becomes a neighbour. Who had to make room for it, and is remembered, is returned.
  NodeId connect(NodeId n, Time now, Rng& rng);
  /// It is a neighbour no more, nor remembered. False if it was none.
  bool disconnect(NodeId n);
  /// It enters the passive view, and a random one leaves that if it is full.
  void remember(NodeId n, Rng& rng);
  void forget(NodeId n);
  /// The neighbours of another one, whoever is remembered.
  void take_active(const Views& other) { active_ = other.active_; }
  /// A random neighbour other than `but`, or nobody.
  NodeId random_active(Rng& rng, NodeId but = kNobody) const;
  NodeId random_passive(Rng& rng) const;
  /// So many of each, and itself.
  std::vector<NodeId> sample(std::uint32_t active, std::uint32_t passive, Rng& rng) const;

 private:
  NodeId self_;
  std::uint32_t most_active_ = 1;
  std::uint32_t most_passive_ = 1;
  std::uint64_t version_ = 0;
  std::vector<Link> active_;
  std::vector<NodeId> passive_;
};

}  // namespace seedbed::plumtree
