#include "protocols/kademlia/node.h"

#include "protocols/kademlia/fault_points.h"

namespace seedbed::kademlia {

/// Nothing is on a disk: who crashes joins again. Who was deployed with others has their list.
void Node::start(Context& ctx, const Recovered&) {
  self_ = ctx.self();
  id_ = space().id_of(self_);
  table_ = RoutingTable(parameters_.k);
  const std::uint64_t draw = ctx.rng().next();
  if (self_.value <= ctx.initial_servers()) fill(table_, *deployed_, self_, parameters_.k, draw);
  ctx.after(ctx.rng().between({parameters_.refresh / 2, parameters_.refresh}), RefreshTimeout{});
  ctx.after(ctx.rng().between({parameters_.republish / 2, parameters_.republish}),
            RepublishTimeout{});
  join(ctx);
}

/// Section 2.3: a node looks itself up, by way of somebody that it knows, and then refreshes the
/// buckets that are further away than its closest neighbour. The seed node that everybody tries
/// first is n1, so that those who join at the same time find each other.
void Node::join(Context& ctx) {
  const PeerView peers = ctx.peers();
  if (table_.size() > 0 || peers.size() == 0) return;
  const NodeId peer = last_search_ == 0 ? peers[0] : peers[ctx.rng().below(peers.size())];
  const std::uint64_t number = begin(ctx, id_, Purpose::kJoin);
  Lookup& lookup = searches_.at(number).lookup;
  add(lookup, peer);
  go_on(ctx, number);
  ctx.after(parameters_.rpc_timeout * 2, JoinTimeout{});
}

void Node::on(Context& ctx, const JoinTimeout&) { join(ctx); }

void Node::refresh_beyond_neighbours(Context& ctx) {
  if (table_.size() == 0) return;
  const std::uint32_t nearest = table_.buckets().front().index;
  for (std::uint32_t index = nearest + 1; index < parameters_.id_bits; ++index) {
    const Id target = in_bucket(ctx, index);
    go_on(ctx, begin(ctx, target, Purpose::kRefresh));
  }
}

/// A random id of those that belong into the bucket.
Id Node::in_bucket(Context& ctx, std::uint32_t index) const {
  const Id bit = Id{1} << index;
  return ((id_ ^ bit) & ~(bit - 1)) | (ctx.rng().next() & (bit - 1));
}

/// Section 2.2: any message from a node is news of it. Where its bucket is full, whoever was seen
/// the longest time ago is asked whether it is still there; or it is found out when there is
/// something to be asked (section 4.1).
void Node::see(Context& ctx, NodeId node) {
  const Id distance = id_ ^ space().id_of(node);
  if (distance == 0) return;
  seen_ = {node, seen_.count + 1};
  const std::uint32_t index = place(distance);
  const RoutingTable::Seen seen = table_.see(index, node, moves_to_tail());
  if (seen == RoutingTable::Seen::kNew) hand_over(ctx, node);
  if (seen != RoutingTable::Seen::kFull) return;
  if (!pings_before_eviction()) return table_.evict_least_recent(index);
  if (!parameters_.lazy_eviction) ping(ctx, table_.least_recent(index));
}

/// Section 2.3; and section 4.1: who was silent may have been cut off, and so may we. A seed node
/// is asked, too, so that parts of the network that have forgotten each other meet again.
void Node::on(Context& ctx, const RefreshTimeout&) {
  const bool early = ctx.maybe(fault_points::kEarlyRefresh);
  const Duration period = early ? parameters_.refresh / 10 : parameters_.refresh;
  ctx.after(ctx.rng().between({period * 3 / 4, period * 5 / 4}), RefreshTimeout{});
  const PeerView peers = ctx.peers();
  if (peers.size() > 0) ping(ctx, peers[ctx.rng().below(peers.size())]);
  std::vector<std::uint32_t> stale;
  std::vector<NodeId> silent;
  for (const Bucket& bucket : table_.buckets()) {
    if (ctx.now() - bucket.looked_up >= parameters_.refresh) stale.push_back(bucket.index);
    for (const Contact& c : bucket.contacts) {
      if (c.is_silent) silent.push_back(c.node);
    }
  }
  for (const NodeId node : silent) ping(ctx, node);
  for (const std::uint32_t index : stale) {
    const Id target = in_bucket(ctx, index);
    go_on(ctx, begin(ctx, target, Purpose::kRefresh));
  }
  go_on(ctx, begin(ctx, id_, Purpose::kRefresh));
}

}  // namespace seedbed::kademlia
