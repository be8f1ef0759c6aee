#include "protocols/heartbeat/server.h"

namespace seedbed::heartbeat {

void Server::begin_event(Context& ctx) {
  now_ = ctx.now();
  heard_ = kNobody;
  looked_ = false;
}

PhiAccrual Server::make_detector() const {
  return PhiAccrual({p_.interval, p_.least_deviation, p_.window}, now_);
}

/// Those that the group began with are trusted until they are late; others when they are heard.
void Server::start(Context& ctx, const Recovered&) {
  begin_event(ctx);
  for (const NodeId peer : ctx.peers()) peers_[peer.value].detector = make_detector();
  ctx.after(ctx.rng().between({{}, p_.interval - 1_ns}), Beat{});
}

/// Every address that a member may ever have: newcomers need no introduction.
template <class M>
void Server::tell_all(Context& ctx, const M& m) {
  for (std::uint32_t id = 1; id <= ctx.most_servers(); ++id) {
    if (NodeId{id} != ctx.self()) ctx.send(NodeId{id}, m);
  }
}

void Server::on(Context& ctx, const Beat&) {
  begin_event(ctx);
  looked_ = true;
  tell_all(ctx, Heartbeat{++beats_});
  for (auto& [id, peer] : peers_) {
    if (peer.suspected || !is_late(peer) || !may_suspect()) continue;
    peer.suspected = true;
    ctx.count("suspicions");
  }
  ctx.after(p_.interval, Beat{});
}

void Server::on(Context& ctx, const Envelope& from, const Heartbeat&) {
  begin_event(ctx);
  heard_ = from.from.node;
  const bool known = peers_.contains(heard_.value);
  Peer& peer = peers_[heard_.value];
  if (!known) peer.detector = make_detector();
  peer.detector.heard(now_);
  if (!peer.suspected || !may_trust_again()) return;
  peer.suspected = false;
  ctx.count("mistakes");
}

void Server::leave(Context& ctx) { tell_all(ctx, Goodbye{}); }

void Server::on(Context& ctx, const Envelope& from, const Goodbye&) {
  begin_event(ctx);
  const auto found = peers_.find(from.from.node.value);
  if (found != peers_.end()) found->second.suspected = true;
}

void Server::on(Context& ctx, const Envelope& from, const membership::ViewRequest& m) {
  begin_event(ctx);
  membership::ViewReply view{m.sequence, {}};
  for (std::uint32_t id = 1; id <= ctx.most_servers(); ++id) {
    const auto found = peers_.find(id);
    const bool trusted = found != peers_.end() && !found->second.suspected;
    if (trusted || NodeId{id} == ctx.self()) view.members.push_back({id});
  }
  ctx.reply(from, std::move(view));
}

}  // namespace seedbed::heartbeat
