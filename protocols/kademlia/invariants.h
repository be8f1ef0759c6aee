// What Kademlia promises of its buckets and lookups (Maymounkov and Mazieres 2002), checked after
// each event on the node that it touched, with what the check itself saw; and of its blocks, in the
// end.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "protocols/kademlia/node.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::kademlia {

/// "For each 0 <= i < 160, every node keeps a list of nodes of distance between 2^i and 2^(i+1)"
/// (section 2.2), and never itself.
class RightBucket {
 public:
  static constexpr std::string_view kName = "right_bucket";
  bool concerned(NodeId n, const Node& node) {
    return std::exchange(seen_[n], node.last_seen().count) != node.last_seen().count;
  }
  void after(const Servers<Node>& servers, NodeId n, const Node& node, Report& report);

 private:
  PerNode<std::uint64_t> seen_;
};

/// "Each k-bucket is kept sorted by time last seen: least-recently seen node at the head" (section
/// 2.2); it has k contacts at the most, each of them once.
class LeastRecentFirst {
 public:
  static constexpr std::string_view kName = "least_recent_first";
  void after(const Servers<Node>& servers, NodeId n, const Node& node, Report& report);

 private:
  struct Known {
    std::uint32_t incarnation = 0;
    std::uint64_t seen = 0;
    std::map<NodeId, std::uint64_t> when;  // counts what the node saw
  };
  PerNode<Known> known_;
};

/// "Least-recently seen node ... evicted" only if "it fails to respond" (section 2.2).
class EvictedIfSilent {
 public:
  static constexpr std::string_view kName = "evicted_if_silent";
  void after(const Servers<Node>& servers, NodeId n, const Node& node, Report& report);

 private:
  struct Known {
    std::uint32_t incarnation = 0;
    std::uint64_t seen = 0;
    std::uint64_t silences = 0;
    std::uint64_t changes = 0;
    std::set<NodeId> contacts;
    std::set<NodeId> silent;  // and not seen since
  };
  static void compare(NodeId n, const Node& node, Known& known, Report& report);

  PerNode<Known> known_;
};

/// "The lookup terminates when the initiator has queried and gotten responses from the k closest
/// nodes it has seen" (section 2.3).
class ClosestFirst {
 public:
  static constexpr std::string_view kName = "closest_first";
  void after(const Servers<Node>& servers, NodeId n, const Node& node, Report& report);

 private:
  PerNode<std::uint64_t> seen_;
};

/// In the end a block that anybody has is at one of the k living nodes closest to it (section 2.5).
class Findable {
 public:
  static constexpr std::string_view kName = "findable";
  bool concerned(NodeId, const Node&) { return false; }
  void after(const Servers<Node>&, NodeId, const Node&, Report&) {}
  void at_end(const Servers<Node>& servers, Report& report);
};

}  // namespace seedbed::kademlia
