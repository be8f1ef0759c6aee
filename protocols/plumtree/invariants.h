// What must hold of every broadcast tree and the views below it.
#pragma once

#include <string_view>
#include <utility>

#include "protocols/plumtree/peer.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::plumtree {

/// A node gives a value to its application once.
class DeliveredOnce {
 public:
  static constexpr std::string_view kName = "delivered_once";
  bool concerned(NodeId n, const Peer& s) {
    return std::exchange(seen_[n], s.deliveries()) != s.deliveries();
  }
  void after(const Servers<Peer>& servers, NodeId n, const Peer& s, Report& report);

 private:
  PerNode<std::uint64_t> seen_;
};

/// Both views are bounded, no node is in both, or twice in one, and none in its own.
class PartialViews {
 public:
  static constexpr std::string_view kName = "partial_views";
  bool concerned(NodeId n, const Peer& s) {
    return std::exchange(seen_[n], s.views().version()) != s.views().version();
  }
  void after(const Servers<Peer>& servers, NodeId n, const Peer& s, Report& report);

 private:
  PerNode<std::uint64_t> seen_;
};

}  // namespace seedbed::plumtree
