// What must hold of every epidemic.
#pragma once

#include <string_view>
#include <utility>

#include "protocols/gossip/gossiper.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::gossip {

/// A site gives a value to its application once.
class DeliveredOnce {
 public:
  static constexpr std::string_view kName = "delivered_once";
  bool concerned(NodeId n, const Gossiper& s) {
    return std::exchange(seen_[n], s.deliveries()) != s.deliveries();
  }
  void after(const Servers<Gossiper>& servers, NodeId n, const Gossiper& s, Report& report);

 private:
  PerNode<std::uint32_t> seen_;
};

/// Sooner or later every site loses interest in a rumour that everybody knows: at the end, when all
/// has been calm for a while, nobody has been infective with one for more than kMost cycles.
class Quiescence {
 public:
  static constexpr std::string_view kName = "quiescence";
  static constexpr std::int64_t kMost = 100;
  bool concerned(NodeId, const Gossiper&) { return false; }
  void after(const Servers<Gossiper>&, NodeId, const Gossiper&, Report&) {}
  void at_end(const Servers<Gossiper>& servers, Report& report);
};

}  // namespace seedbed::gossip
