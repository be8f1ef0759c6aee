// Plumtree. The links by which values came first are a spanning tree, which is pruned out of the
// overlay by duplicates and mended along lazy links (section 4). A value is passed on when it is
// durable, if it has to be.
#include <algorithm>

#include "protocols/plumtree/fault_points.h"
#include "protocols/plumtree/peer.h"

namespace seedbed::plumtree {

/// Nothing of a broadcast tree can be taken back.
void Peer::on(Context& ctx, const broadcast::Request& m) {
  broadcast::Reply reply{m.id, broadcast::Outcome::kDone, {}};
  switch (m.function) {
    case broadcast::Function::kRetract: reply.outcome = broadcast::Outcome::kRefused; break;
    case broadcast::Function::kRead:
      for (const auto& [value, received] : received_) {
        reply.values.insert(reply.values.end(), received.deliveries, value);
      }
      break;
    case broadcast::Function::kBroadcast:
      if (received_.contains(m.value)) break;
      deliver(ctx, m.value, 0);
      pass_on(ctx, m.value, 0, kNobody);
      break;
  }
  ctx.send(m.id.client, std::move(reply));
}

void Peer::deliver(Context& ctx, Value value, std::uint32_t round) {
  Received& received = received_[value];
  if (received.deliveries++ == 0) checksum_ += hash_of(value);
  received.round = round;
  ++deliveries_;
  announced_.erase_if([value](const auto& entry) { return entry.first == value; });
  if (parameters_->durable) ctx.append(Delivered{value});
}

void Peer::pass_on(Context& ctx, Value value, std::uint32_t round, NodeId from) {
  for (const Link& link : views_.active()) {
    if (link.node == from) continue;
    if (link.eager) {
      ctx.count("values_sent");
      ctx.send(link.node, Gossip{value, round});
    } else if (announces_to(link)) {
      ctx.count("announcements_sent");
      ctx.send(link.node, IHave{value, round});
    }
  }
}

void Peer::make_eager(NodeId node, bool eager) {
  if (Link* link = views_.link(node)) link->eager = eager;
}

void Peer::on(Context& ctx, const Envelope& from, const Gossip& m) {
  const NodeId sender = from.from.node;
  heard(ctx, sender);
  const bool known = received_.contains(m.value);
  if (delivers(m.value)) deliver(ctx, m.value, m.round);
  if (!known) {
    pass_on(ctx, m.value, m.round + 1, sender);
    make_eager(sender, true);
  } else if (views_.link(sender) != nullptr) {
    ctx.count("duplicates");
    make_eager(sender, false);
    ctx.reply(from, Prune{});
  }
}

void Peer::on(Context& ctx, const Envelope& from, const Prune&) {
  heard(ctx, from.from.node);
  make_eager(from.from.node, false);
}

void Peer::on(Context& ctx, const Envelope& from, const IHave& m) {
  heard(ctx, from.from.node);
  if (received_.contains(m.value)) return;
  Announced& announced = announced_[m.value];
  const auto& by = announced.by;
  if (std::find(by.begin(), by.end(), from.from.node) != by.end()) return;
  announced.by.push_back(from.from.node);
  if (by.size() == 1) ctx.after(parameters_->graft_after, Missing{m.value});
}

/// Who announced it first is asked first; its link enters the tree.
void Peer::on(Context& ctx, const Missing& m) {
  const auto found = announced_.find(m.value);
  if (found == announced_.end() || !grafts()) return;
  std::vector<NodeId>& by = found->second.by;
  if (by.empty() || ctx.maybe(fault_points::kForgetsAnnouncement)) {
    announced_.erase(found);
    return;
  }
  const NodeId node = by.front();
  by.erase(by.begin());
  make_eager(node, true);
  ctx.count("grafts");
  ctx.send(node, Graft{m.value, 0});
  ctx.after(parameters_->graft_again, Missing{m.value});
}

void Peer::on(Context& ctx, const Envelope& from, const Graft& m) {
  heard(ctx, from.from.node);
  make_eager(from.from.node, true);
  const auto found = received_.find(m.value);
  if (found == received_.end()) return;
  ctx.count("values_sent");
  ctx.reply(from, Gossip{m.value, found->second.round + 1});
}

}  // namespace seedbed::plumtree
