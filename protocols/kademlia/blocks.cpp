// Blocks: where they lie, and how they stay where they will be looked for (sections 2.3 and 2.5).
#include <algorithm>

#include "protocols/kademlia/fault_points.h"
#include "protocols/kademlia/node.h"

namespace seedbed::kademlia {

void Node::keep(Context& ctx, std::uint64_t key, Duration lives) {
  Block& block = blocks_[key];
  block.expires = std::max(block.expires, ctx.now() + lives);
  block.heard_of = ctx.now();
}

/// What is not here yet is new.
Duration Node::life_of(Context& ctx, std::uint64_t key) const {
  const auto known = blocks_.find(key);
  if (known == blocks_.end()) return parameters_.expire;
  return std::max(known->second.expires - ctx.now(), Duration{});
}

void Node::on(Context& ctx, const Envelope& from, const Store& m) {
  if (learns_from_requests()) see(ctx, from.from.node);
  keep(ctx, m.key, m.lives);
  ctx.reply(from, Stored{m.rpc});
}

void Node::on(Context& ctx, const Envelope& from, const Stored& m) {
  see(ctx, from.from.node);
  const auto rpc = take_answer(ctx, from.from.node, m.rpc);
  if (rpc && searches_.contains(rpc->search)) stored(ctx, rpc->search, true);
}

/// At the k closest, of which we may be one.
void Node::store_at(Context& ctx, std::uint64_t number, const std::vector<NodeId>& nodes) {
  Search& search = searches_.at(number);
  const std::uint64_t key = search.request.key;
  search.storing = true;
  search.waits_for = static_cast<std::uint32_t>(nodes.size());
  const Duration lives = life_of(ctx, key);
  bool here = false;
  for (const NodeId n : nodes) {
    here |= n == self_;
    if (n != self_) ask(ctx, n, Rpc::Kind::kStore, number);
  }
  if (!here) return;
  keep(ctx, key, lives);
  stored(ctx, number, true);
}

/// The client is answered when all have answered or been silent; one copy is enough.
void Node::stored(Context& ctx, std::uint64_t number, bool is_stored) {
  Search& search = searches_.at(number);
  if (is_stored) ++search.stored;
  if (--search.waits_for > 0) return;
  if (search.purpose == Purpose::kClient) {
    const auto closest = search.lookup.closest(1);
    reply(ctx, search, search.stored > 0 ? lookup::Outcome::kDone : lookup::Outcome::kFailed,
          closest.front());
  }
  searches_.erase(searches_.find(number));
}

/// Section 2.5: a block that was stored here of late was stored at the other closest nodes, too; so
/// of the k that have it one republishes it.
void Node::on(Context& ctx, const RepublishTimeout&) {
  const bool early = ctx.maybe(fault_points::kEarlyRepublish);
  const Duration period = early ? parameters_.republish / 10 : parameters_.republish;
  ctx.after(ctx.rng().between({period * 3 / 4, period * 5 / 4}), RepublishTimeout{});
  const Time now = ctx.now();
  blocks_.erase_if([now](const auto& item) { return item.second.expires <= now; });
  if (!republishes() || table_.size() == 0) return;
  std::vector<std::uint64_t> due;
  for (const auto& [key, block] : blocks_) {
    if (now - block.heard_of >= parameters_.republish / 2) due.push_back(key);
  }
  for (const std::uint64_t key : due) {
    const std::uint64_t number = begin(ctx, space().id_of_key(key), Purpose::kRepublish);
    searches_.at(number).request.key = key;
    go_on(ctx, number);
  }
}

/// Section 2.5: who is new and among the k closest to a block gets it from the closest of the
/// others, so that it does not get it from all of them.
void Node::hand_over(Context& ctx, NodeId newcomer) {
  if (!republishes()) return;
  for (const auto& [key, block] : blocks_) {
    const Id target = space().id_of_key(key);
    const std::vector<NodeId> others = closest_known(target, parameters_.k, newcomer);
    const bool closest = others.empty() || is_closer_to(target, self_, others.front());
    const bool is_one =
        others.size() < parameters_.k || is_closer_to(target, newcomer, others.back());
    if (closest && is_one) ctx.send(newcomer, Store{0, key, life_of(ctx, key)});
  }
}

/// Who leaves in good order leaves its blocks to those who are closest to them then.
void Node::leave(Context& ctx) {
  for (const auto& [key, block] : blocks_) {
    const Duration lives = life_of(ctx, key);
    for (const NodeId n : closest_known(space().id_of_key(key), parameters_.k, kNobody)) {
      ctx.send(n, Store{0, key, lives});
    }
  }
}

}  // namespace seedbed::kademlia
