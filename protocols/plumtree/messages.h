// What nodes say to each other, by the names of the two papers: HyParView's messages about who is
// whose neighbour, Plumtree's about values, and three with which nodes recover what no link of the
// overlay brought.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/ids.h"
#include "sim/world/broadcast.h"

namespace seedbed::plumtree {

using broadcast::Value;

// --- HyParView

struct Join {
  static constexpr auto kName = "Join";
  constexpr void describe(auto&) const {}
};
/// A random walk that looks for neighbours for who has joined.
struct ForwardJoin {
  static constexpr auto kName = "ForwardJoin";
  NodeId node;
  std::uint32_t steps = 0;  // left
  constexpr void describe(auto& d) const { d("node", node)("steps", steps); }
};
/// Be my neighbour: urgently, of who has none, or if you have room.
struct Neighbour {
  static constexpr auto kName = "Neighbour";
  bool urgent = false;
  constexpr void describe(auto& d) const { d("urgent", urgent); }
};
struct NeighbourReply {
  static constexpr auto kName = "NeighbourReply";
  bool accepted = false;
  constexpr void describe(auto& d) const { d("accepted", accepted); }
};
struct Disconnect {
  static constexpr auto kName = "Disconnect";
  constexpr void describe(auto&) const {}
};
struct Shuffle {
  static constexpr auto kName = "Shuffle";
  NodeId origin;
  std::uint32_t steps = 0;
  std::vector<NodeId> nodes;
  constexpr void describe(auto& d) const { d("origin", origin)("steps", steps)("nodes", nodes); }
};
struct ShuffleReply {
  static constexpr auto kName = "ShuffleReply";
  std::vector<NodeId> nodes;
  constexpr void describe(auto& d) const { d("nodes", nodes); }
};
/// Instead of the failure of a TCP connection.
struct Heartbeat {
  static constexpr auto kName = "Heartbeat";
  constexpr void describe(auto&) const {}
};

// --- Plumtree. `round`: how many hops the value has made.

struct Gossip {
  static constexpr auto kName = "Gossip";
  Value value = 0;
  std::uint32_t round = 0;
  constexpr void describe(auto& d) const { d("value", value)("round", round); }
};
struct IHave {
  static constexpr auto kName = "IHave";
  Value value = 0;
  std::uint32_t round = 0;
  constexpr void describe(auto& d) const { d("value", value)("round", round); }
};
struct Graft {
  static constexpr auto kName = "Graft";
  Value value = 0;
  std::uint32_t round = 0;
  constexpr void describe(auto& d) const { d("value", value)("round", round); }
};
struct Prune {
  static constexpr auto kName = "Prune";
  constexpr void describe(auto&) const {}
};

// --- recovery

struct Summary {
  static constexpr auto kName = "Summary";
  std::uint64_t checksum = 0;
  constexpr void describe(auto& d) const { d("checksum", checksum); }
};
/// All values that a node has; who asks back wants to know the same.
struct Inventory {
  static constexpr auto kName = "Inventory";
  std::vector<Value> values;
  bool asks_back = false;
  constexpr void describe(auto& d) const { d("values", values)("asks_back", asks_back); }
};
struct Wanted {
  static constexpr auto kName = "Wanted";
  std::vector<Value> values;
  constexpr void describe(auto& d) const { d("values", values); }
};

// --- what is durable, and timers

struct Delivered {
  static constexpr auto kName = "Delivered";
  Value value = 0;
  constexpr void describe(auto& d) const { d("value", value); }
};
struct NextHeartbeat {
  static constexpr auto kName = "NextHeartbeat";
  constexpr void describe(auto&) const {}
};
struct NextShuffle {
  static constexpr auto kName = "NextShuffle";
  constexpr void describe(auto&) const {}
};
struct NextRecovery {
  static constexpr auto kName = "NextRecovery";
  constexpr void describe(auto&) const {}
};
struct Missing {
  static constexpr auto kName = "Missing";
  Value value = 0;
  constexpr void describe(auto& d) const { d("value", value); }
};

}  // namespace seedbed::plumtree
