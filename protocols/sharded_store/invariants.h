// What the sharded store promises about its shards, checked after each event on the server that it
// touched. Each looks only when a server's shards have changed.
#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/sharded_store/server.h"
#include "sim/check/invariant.h"
#include "sim/check/per_node.h"

namespace seedbed::sharded_store {

/// Whether what a server holds is not what it held when it was last looked at.
class Changes {
 public:
  bool any(const Servers<Server>& servers, NodeId n, const Server& s) {
    const Seen now{servers.incarnation(n), s.changes()};
    return std::exchange(seen_[n], now) != now;
  }

 private:
  struct Seen {
    std::uint32_t incarnation = 0;
    std::uint64_t changes = 0;
    bool operator==(const Seen&) const = default;
  };
  PerNode<Seen> seen_;
};

/// An epoch names one configuration: that of the coordinator may still be lost with it, but whoever
/// else has one was told by a coordinator that remembers it.
class OneConfiguration {
 public:
  static constexpr std::string_view kName = "one_configuration";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  struct Seen {
    std::uint32_t incarnation = 0;
    Epoch epoch = 0;
    bool operator==(const Seen&) const = default;
  };
  PerNode<Seen> seen_;
  std::map<Epoch, Configuration> known_;
};

/// At most one server answers for a shard, and nobody is given one that it has.
class OneOwner {
 public:
  static constexpr std::string_view kName = "one_owner";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  struct Held {
    std::uint32_t incarnation = 0;
    std::map<Shard, Epoch> stays;  // since when; without what is being given away
  };
  void given_twice(NodeId n, const Held& before, const Held& now, Report& report) const;

  Changes changes_;
  PerNode<Held> held_;
  std::map<Shard, NodeId> owner_;  // whoever was the last to answer for it
};

/// What is taken is what was given: values, and which requests were executed.
class MovedWhole {
 public:
  static constexpr std::string_view kName = "moved_whole";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  using MoveId = std::pair<Shard, Epoch>;
  using Image = std::vector<kv::Record>;
  static void compare(NodeId n, Shard shard, const Holding& taken, const std::vector<Image>& given,
                      Report& report);

  /// After a crash the giver has forgotten which reads it has answered, which it may: then there
  /// are two images.
  struct Given {
    bool taken = false;  // and compared
    std::vector<Image> images;
  };

  Changes changes_;
  std::map<MoveId, Given> moves_;
};

/// Nobody forgets a shard before somebody else has it.
class ShardKept {
 public:
  static constexpr std::string_view kName = "shard_kept";
  void after(const Servers<Server>& servers, NodeId n, const Server& s, Report& report);

 private:
  struct Held {
    std::uint32_t incarnation = 0;
    std::map<Shard, Epoch> since;
  };
  Changes changes_;
  PerNode<Held> held_;
  std::map<Shard, Epoch> taken_;  // its last move that has reached its receiver
};

/// In the end each shard is where the last configuration wants it, if everybody is up.
class Settled {
 public:
  static constexpr std::string_view kName = "settled";
  bool concerned(NodeId, const Server&) { return false; }
  void after(const Servers<Server>&, NodeId, const Server&, Report&) {}
  void at_end(const Servers<Server>& servers, Report& report);
};

}  // namespace seedbed::sharded_store
