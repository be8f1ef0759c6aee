// The four requests of Kademlia and their answers (section 2.3). Each answer says which request it
// is of. Whoever sends anything makes himself known by it.
#pragma once

#include <cstdint>
#include <vector>

#include "protocols/kademlia/id.h"
#include "sim/base/ids.h"
#include "sim/base/time.h"

namespace seedbed::kademlia {

/// Names a request among those of its sender.
using RpcId = std::uint64_t;

struct Ping {
  static constexpr auto kName = "KadPing";
  RpcId rpc = 0;
  constexpr void describe(auto& d) const { d("rpc", rpc); }
};
struct Pong {
  static constexpr auto kName = "KadPong";
  RpcId rpc = 0;
  constexpr void describe(auto& d) const { d("rpc", rpc); }
};
/// FIND_NODE; with `wants_block` FIND_VALUE, of the block with this key.
struct FindNode {
  static constexpr auto kName = "FindNode";
  RpcId rpc = 0;
  Id target = 0;
  bool wants_block = false;
  std::uint64_t key = 0;
  constexpr void describe(auto& d) const {
    d("rpc", rpc)("target", target)("wants_block", wants_block)("key", key);
  }
};
/// The k contacts that are closest to the target, or the block.
struct Found {
  static constexpr auto kName = "Found";
  RpcId rpc = 0;
  bool block = false;
  std::vector<NodeId> contacts;
  constexpr void describe(auto& d) const { d("rpc", rpc)("block", block)("contacts", contacts); }
};
struct Store {
  static constexpr auto kName = "Store";
  RpcId rpc = 0;
  std::uint64_t key = 0;
  Duration lives;  // for so long from now on
  constexpr void describe(auto& d) const { d("rpc", rpc)("key", key)("lives", lives); }
};
struct Stored {
  static constexpr auto kName = "Stored";
  RpcId rpc = 0;
  constexpr void describe(auto& d) const { d("rpc", rpc); }
};

// Timers.

struct RpcTimeout {
  static constexpr auto kName = "RpcTimeout";
  RpcId rpc = 0;
  constexpr void describe(auto& d) const { d("rpc", rpc); }
};
/// A node that knows nobody asks a peer.
struct JoinTimeout {
  static constexpr auto kName = "JoinTimeout";
  constexpr void describe(auto&) const {}
};
struct RefreshTimeout {
  static constexpr auto kName = "RefreshTimeout";
  constexpr void describe(auto&) const {}
};
struct RepublishTimeout {
  static constexpr auto kName = "RepublishTimeout";
  constexpr void describe(auto&) const {}
};

}  // namespace seedbed::kademlia
