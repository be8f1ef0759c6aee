// A node of Kademlia (Maymounkov and Mazieres 2002, whose words and sections are used here): its
// k-buckets, the lookups that it makes for clients and for itself, and the blocks that it keeps in
// memory. Serves the `lookup` workload.
//
//   node.cpp      joins, sees contacts, refreshes
//   rpc.cpp       requests: sent, sent again, answered
//   lookups.cpp   iterative lookups, and what becomes of their results
//   blocks.cpp    STORE, republishing, handing over
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "protocols/kademlia/deployment.h"
#include "protocols/kademlia/id.h"
#include "protocols/kademlia/lookup.h"
#include "protocols/kademlia/messages.h"
#include "protocols/kademlia/parameters.h"
#include "protocols/kademlia/routing_table.h"
#include "sim/base/flat_map.h"
#include "sim/world/context.h"
#include "sim/world/lookup.h"

namespace seedbed::kademlia {

struct Block {
  Time expires;
  Time heard_of;  // when it was last stored here, by whomever
};

class Node : public Process<Node, Ping, Pong, FindNode, Found, Store, Stored, lookup::Request,
                            RpcTimeout, JoinTimeout, RefreshTimeout, RepublishTimeout> {
 public:
  void configure(const Parameters& parameters) { parameters_ = parameters; }
  void deploy(std::shared_ptr<const Deployed> deployed) { deployed_ = std::move(deployed); }
  const Parameters& parameters() const { return parameters_; }

  void start(Context& ctx, const Recovered& durable);
  void leave(Context& ctx) override;

  void on(Context& ctx, const Envelope& from, const Ping& m);
  void on(Context& ctx, const Envelope& from, const Pong& m);
  void on(Context& ctx, const Envelope& from, const FindNode& m);
  void on(Context& ctx, const Envelope& from, const Found& m);
  void on(Context& ctx, const Envelope& from, const Store& m);
  void on(Context& ctx, const Envelope& from, const Stored& m);
  void on(Context& ctx, const Envelope& from, const lookup::Request& m);
  void on(Context& ctx, const RpcTimeout& m);
  void on(Context& ctx, const JoinTimeout&);
  void on(Context& ctx, const RefreshTimeout&);
  void on(Context& ctx, const RepublishTimeout&);

  Id id() const { return id_; }
  const Space& space() const { return deployed_->space; }
  const RoutingTable& table() const { return table_; }
  const FlatMap<std::uint64_t, Block>& blocks() const { return blocks_; }
  /// Who was the last to be seen, or to be silent, and how many were so far.
  struct Last {
    NodeId node;
    std::uint64_t count = 0;
  };
  const Last& last_seen() const { return seen_; }
  const Last& last_silent() const { return silent_; }
  /// The last lookup that was over without a block being found.
  struct Finished {
    std::uint64_t count = 0;
    Lookup lookup;
  };
  const Finished& last_lookup() const { return finished_; }

  void describe(auto& d) const {
    d("id", id_)("contacts", table_.size())("blocks", blocks_.size())("lookups", searches_.size());
  }

 protected:
  // The rules that a mutant breaks.

  /// Section 2.1: distances are compared as unsigned integers.
  virtual bool is_closer(Id a, Id b) const { return a < b; }
  /// Section 2.2: the bucket of a distance.
  virtual std::uint32_t place(Id distance) const { return bucket_of(distance); }
  /// Section 2.2: who is seen is moved to the tail of its bucket ...
  virtual bool moves_to_tail() const { return true; }
  /// ... and nobody is evicted for a newcomer who still answers.
  virtual bool pings_before_eviction() const { return true; }
  /// Section 2.2: whoever sends anything is seen, also by a request.
  virtual bool learns_from_requests() const { return true; }
  /// Section 2.3: a lookup is over when the k closest have answered.
  virtual bool is_over(const Lookup& lookup) const { return lookup.is_over(parameters_.k); }
  /// Section 2.5: blocks are republished, and handed to who comes closer.
  virtual bool republishes() const { return true; }

 private:
  enum class Purpose : std::uint8_t { kClient, kJoin, kRefresh, kRepublish };
  struct Search {
    Lookup lookup;
    Purpose purpose = Purpose::kClient;
    Address client;
    lookup::Request request;  // of a client, or with the key that is republished
    bool storing = false;     // the lookup is over
    std::uint32_t waits_for = 0;
    std::uint32_t stored = 0;
  };
  struct Rpc {
    enum class Kind : std::uint8_t { kPing, kFind, kStore };
    NodeId to;
    Kind kind = Kind::kPing;
    std::uint64_t search = 0;
    std::uint32_t sent = 0;
    TimerId timer;
  };

  // node.cpp
  void join(Context& ctx);
  void see(Context& ctx, NodeId node);
  void refresh_beyond_neighbours(Context& ctx);
  Id in_bucket(Context& ctx, std::uint32_t index) const;

  // rpc.cpp
  void ask(Context& ctx, NodeId to, Rpc::Kind kind, std::uint64_t search);
  void send(Context& ctx, RpcId id, Rpc& rpc);
  void ping(Context& ctx, NodeId node);
  /// Whom the answer is to; nothing if it comes too late, or twice.
  std::optional<Rpc> take_answer(Context& ctx, NodeId from, RpcId id);
  void give_up(Context& ctx, const Rpc& rpc);

  // lookups.cpp
  std::vector<NodeId> closest_known(Id target, std::size_t count, NodeId except) const;
  bool is_closer_to(Id target, NodeId a, NodeId b) const;
  bool add(Lookup& lookup, NodeId node) const;
  std::uint64_t begin(Context& ctx, Id target, Purpose purpose);
  void go_on(Context& ctx, std::uint64_t number);
  void finish(Context& ctx, std::uint64_t number);
  void found(Context& ctx, std::uint64_t number, NodeId by);
  void reply(Context& ctx, const Search& search, lookup::Outcome outcome, NodeId owner);

  // blocks.cpp
  void keep(Context& ctx, std::uint64_t key, Duration lives);
  Duration life_of(Context& ctx, std::uint64_t key) const;
  void store_at(Context& ctx, std::uint64_t number, const std::vector<NodeId>& nodes);
  void stored(Context& ctx, std::uint64_t number, bool is_stored);
  void hand_over(Context& ctx, NodeId newcomer);

  Parameters parameters_;
  std::shared_ptr<const Deployed> deployed_ = std::make_shared<const Deployed>();
  NodeId self_;
  Id id_ = 0;
  RoutingTable table_;
  FlatMap<std::uint64_t, Block> blocks_;  // by key
  FlatMap<std::uint64_t, Search> searches_;
  FlatMap<RpcId, Rpc> rpcs_;
  std::uint64_t last_search_ = 0;
  RpcId last_rpc_ = 0;
  Last seen_;
  Last silent_;
  Finished finished_;
};

}  // namespace seedbed::kademlia
