// HyParView. The papers learn of a failure from TCP; here a neighbour is silent for too long.
#include <algorithm>

#include "protocols/plumtree/fault_points.h"
#include "protocols/plumtree/peer.h"

namespace seedbed::plumtree {

void Peer::start(Context& ctx, const Recovered& durable) {
  const Parameters& p = *parameters_;
  views_ = Views(ctx.self(), p.active_size, p.passive_size);
  const SharedLog<Delivered> log = durable.log<Delivered>();
  for (auto i = log.first_index(); i <= log.last_index(); ++i) {
    if (std::exchange(received_[log[i].value].deliveries, 1) == 0) {
      checksum_ += hash_of(log[i].value);
    }
  }
  ctx.after(ctx.rng().between({Duration{}, p.heartbeat}), NextHeartbeat{});
  ctx.after(ctx.rng().between({Duration{}, p.shuffle}), NextShuffle{});
  if (p.recovery.count() > 0) {
    ctx.after(ctx.rng().between({Duration{}, p.recovery}), NextRecovery{});
  }
}

void Peer::leave(Context& ctx) {
  for (const Link& link : views_.active()) ctx.send_unsynced(link.node, Disconnect{});
}

/// Any of the servers that it knows when it boots.
NodeId Peer::contact(Context& ctx) {
  const PeerView peers = ctx.peers();
  return peers.size() == 0 ? kNobody : peers[ctx.rng().below(peers.size())];
}

void Peer::connect(Context& ctx, NodeId node) {
  const NodeId dropped = views_.connect(node, ctx.now(), ctx.rng());
  connected(ctx, node);
  if (asked_ == node) asked_ = kNobody;
  refused_ = 0;
  if (dropped) ctx.send(dropped, Disconnect{});
}

/// It is not asked for what it announced any more.
void Peer::lose(NodeId node) {
  if (!views_.disconnect(node)) return;
  for (auto& [value, announced] : announced_) std::erase(announced.by, node);
}

void Peer::heard(Context& ctx, NodeId node) {
  if (Link* link = views_.link(node)) link->heard = ctx.now();
}

// --- joining

void Peer::on(Context& ctx, const Envelope& from, const Join&) {
  const NodeId node = from.from.node;
  connect(ctx, node);
  ctx.reply(from, NeighbourReply{true});
  for (const Link& link : views_.active()) {
    if (link.node != node) ctx.send(link.node, ForwardJoin{node, parameters_->active_walk});
  }
}

void Peer::on(Context& ctx, const Envelope& from, const ForwardJoin& m) {
  heard(ctx, from.from.node);
  if (m.node == ctx.self()) return;
  const NodeId next = views_.random_active(ctx.rng(), from.from.node);
  if (m.steps == 0 || !next) {
    if (views_.link(m.node) == nullptr) ctx.send(m.node, Neighbour{true});
    return connect(ctx, m.node);
  }
  if (m.steps == parameters_->passive_walk) views_.remember(m.node, ctx.rng());
  ctx.send(next, ForwardJoin{m.node, m.steps - 1});
}

void Peer::on(Context& ctx, const Envelope& from, const Neighbour& m) {
  const NodeId node = from.from.node;
  const bool accepted = m.urgent || !views_.is_full() || views_.link(node) != nullptr;
  if (accepted) connect(ctx, node);
  ctx.reply(from, NeighbourReply{accepted});
}

void Peer::on(Context& ctx, const Envelope& from, const NeighbourReply& m) {
  joined_ |= m.accepted && from.from.node == elder_;
  if (m.accepted) return connect(ctx, from.from.node);
  if (asked_ != from.from.node) return;
  asked_ = kNobody;
  ++refused_;
}

void Peer::on(Context& ctx, const Envelope& from, const Disconnect&) {
  if (views_.link(from.from.node) == nullptr) return;
  lose(from.from.node);
  views_.remember(from.from.node, ctx.rng());
}

// --- failures

void Peer::on(Context& ctx, const Envelope& from, const Heartbeat&) {
  heard(ctx, from.from.node);
  // It takes this node for a neighbour that it is not any more.
  if (views_.link(from.from.node) == nullptr) ctx.reply(from, Disconnect{});
}

void Peer::on(Context& ctx, const NextHeartbeat&) {
  ctx.after(parameters_->heartbeat, NextHeartbeat{});
  std::vector<NodeId> failed;
  const bool quiet = ctx.maybe(fault_points::kSkipsHeartbeat);
  for (const Link& link : views_.active()) {
    if (ctx.now() - link.heard > parameters_->suspect) {
      failed.push_back(link.node);
    } else if (!quiet) {
      ctx.send(link.node, Heartbeat{});
    }
  }
  for (const NodeId node : failed) {
    ctx.count("failures_suspected");
    lose(node);
  }
  replace_failed(ctx);
}

/// The overlay grows from n1: whoever joins does so by way of one that was there before, so that it
/// is one overlay, and asks until somebody has taken it in.
void Peer::join(Context& ctx) {
  const std::uint32_t elders = std::min(ctx.self().value - 1, ctx.initial_servers());
  joined_ = elders == 0;
  if (joined_) return;
  elder_ = {static_cast<std::uint32_t>(ctx.rng().below(elders)) + 1};
  ctx.send(elder_, Join{});
}

/// From the passive view, whose members may have failed, too; who knows nobody joins again. (Ours:
/// who is refused again and again becomes urgent, or a few nodes that have only each other would
/// never get back to an overlay whose views are full.)
void Peer::replace_failed(Context& ctx) {
  if (!joined_) join(ctx);
  if (!joined_ || views_.is_full()) return;
  if (asked_) {
    if (ctx.now() - asked_at_ <= parameters_->suspect) return;
    views_.forget(asked_);
  }
  asked_ = views_.random_passive(ctx.rng());
  asked_at_ = ctx.now();
  if (asked_) {
    const bool urgent = views_.active().empty() || refused_ >= kPatience;
    return ctx.send(asked_, Neighbour{urgent});
  }
  if (!views_.active().empty()) return;
  const NodeId other = contact(ctx);
  if (other) ctx.send(other, Join{});
}

// --- shuffles

void Peer::on(Context& ctx, const NextShuffle&) {
  const Parameters& p = *parameters_;
  ctx.after(p.shuffle, NextShuffle{});
  const NodeId to = views_.random_active(ctx.rng());
  if (!to) return;
  ctx.send(to, Shuffle{ctx.self(), p.active_walk,
                       views_.sample(p.shuffle_active, p.shuffle_passive, ctx.rng())});
}

void Peer::on(Context& ctx, const Envelope& from, const Shuffle& m) {
  heard(ctx, from.from.node);
  const NodeId next = views_.random_active(ctx.rng(), from.from.node);
  if (m.steps > 0 && next) {
    return ctx.send(next, Shuffle{m.origin, m.steps - 1, m.nodes});
  }
  if (m.origin == ctx.self()) return;
  const auto known = static_cast<std::uint32_t>(m.nodes.size());
  ctx.send(m.origin, ShuffleReply{views_.sample(0, known, ctx.rng())});
  integrate(ctx, m.nodes);
}

void Peer::on(Context& ctx, const ShuffleReply& m) { integrate(ctx, m.nodes); }

void Peer::integrate(Context& ctx, const std::vector<NodeId>& nodes) {
  for (const NodeId node : nodes) views_.remember(node, ctx.rng());
}

}  // namespace seedbed::plumtree
