// A node of a broadcast tree over partial views. Who its neighbours are: Leitao, Pereira and
// Rodrigues, "HyParView: a membership protocol for reliable gossip-based broadcast" (DSN 2007). How
// a value reaches all: the same, "Epidemic broadcast trees" (SRDS 2007), Plumtree. Serves the
// workload `broadcast`. Each rule that correctness rests on is a virtual of its own, so that a
// mutant is a name and one broken rule.
//
//   views.h          the two views, as a data structure
//   membership.cpp   HyParView: joining, failures, shuffles
//   tree.cpp         Plumtree: eager and lazy links, grafting and pruning
//   recovery.cpp     what no link of the overlay brought: lost everywhere, or beyond a partition
#pragma once

#include <vector>

#include "protocols/plumtree/messages.h"
#include "protocols/plumtree/parameters.h"
#include "protocols/plumtree/views.h"
#include "sim/base/flat_map.h"
#include "sim/base/shared.h"
#include "sim/world/context.h"

namespace seedbed::plumtree {

/// A value that it has.
struct Received {
  std::uint32_t round = 0;
  std::uint32_t deliveries = 0;  // how often it was given to the application
};

/// One that it has only heard of, and who announced it.
struct Announced {
  std::vector<NodeId> by;
};

class Peer : public Process<Peer, broadcast::Request, Join, ForwardJoin, Neighbour, NeighbourReply,
                            Disconnect, Shuffle, ShuffleReply, Heartbeat, Gossip, IHave, Graft,
                            Prune, Summary, Inventory, Wanted, NextHeartbeat, NextShuffle,
                            NextRecovery, Missing> {
 public:
  void configure(const Parameters& parameters) {
    parameters_ = Shared<const Parameters>::make(parameters);
  }
  void start(Context& ctx, const Recovered& durable);
  void leave(Context& ctx) override;

  void on(Context& ctx, const broadcast::Request& m);
  void on(Context& ctx, const Envelope& from, const Join& m);
  void on(Context& ctx, const Envelope& from, const ForwardJoin& m);
  void on(Context& ctx, const Envelope& from, const Neighbour& m);
  void on(Context& ctx, const Envelope& from, const NeighbourReply& m);
  void on(Context& ctx, const Envelope& from, const Disconnect& m);
  void on(Context& ctx, const Envelope& from, const Shuffle& m);
  void on(Context& ctx, const ShuffleReply& m);
  void on(Context& ctx, const Envelope& from, const Heartbeat& m);
  void on(Context& ctx, const Envelope& from, const Gossip& m);
  void on(Context& ctx, const Envelope& from, const IHave& m);
  void on(Context& ctx, const Envelope& from, const Graft& m);
  void on(Context& ctx, const Envelope& from, const Prune& m);
  void on(Context& ctx, const Envelope& from, const Summary& m);
  void on(Context& ctx, const Envelope& from, const Inventory& m);
  void on(Context& ctx, const Envelope& from, const Wanted& m);
  void on(Context& ctx, const NextHeartbeat&);
  void on(Context& ctx, const NextShuffle&);
  void on(Context& ctx, const NextRecovery&);
  void on(Context& ctx, const Missing& m);

  const Parameters& parameters() const { return *parameters_; }
  const Views& views() const { return views_; }
  const FlatMap<Value, Received>& received() const { return received_; }
  std::uint64_t deliveries() const { return deliveries_; }

  void describe(auto& d) const {
    d("active", views_.active().size())("passive", views_.passive().size())(
        "received", received_.size())("missing", announced_.size());
  }

 protected:
  // The rules that correctness rests on.

  /// What was announced and does not come is asked for.
  virtual bool grafts() const { return true; }
  /// A link out of the tree still brings word of values.
  virtual bool announces_to(const Link& link) const { return !link.eager; }
  /// A value is given to the application when it comes for the first time.
  virtual bool delivers(Value value) const { return !received_.contains(value); }
  /// Who becomes a neighbour is no longer among those that are only known.
  virtual void connected(Context& /*ctx*/, NodeId /*node*/) {}

  Views views_;

 private:
  // membership.cpp
  void connect(Context& ctx, NodeId node);
  void lose(NodeId node);
  void heard(Context& ctx, NodeId node);
  NodeId contact(Context& ctx);
  void join(Context& ctx);
  void replace_failed(Context& ctx);
  void integrate(Context& ctx, const std::vector<NodeId>& nodes);

  // tree.cpp
  void deliver(Context& ctx, Value value, std::uint32_t round);
  void pass_on(Context& ctx, Value value, std::uint32_t round, NodeId from);
  void make_eager(NodeId node, bool eager);

  Shared<const Parameters> parameters_;
  FlatMap<Value, Received> received_;
  FlatMap<Value, Announced> announced_;
  std::uint64_t checksum_ = 0;  // of the values received: the sum of their hashes
  std::uint64_t deliveries_ = 0;
  static constexpr std::uint32_t kPatience = 10;
  std::uint32_t refused_ = 0;  // how often in a row somebody had no room for it
  bool joined_ = false;
  NodeId elder_;  // by way of whom it joins
  NodeId asked_;  // to be a neighbour
  Time asked_at_;
};

}  // namespace seedbed::plumtree
