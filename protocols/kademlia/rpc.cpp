// Requests of a node to others: each is sent again until it is answered, or its receiver counts as
// silent.
#include "protocols/kademlia/fault_points.h"
#include "protocols/kademlia/node.h"

namespace seedbed::kademlia {

void Node::ask(Context& ctx, NodeId to, Rpc::Kind kind, std::uint64_t search) {
  const RpcId id = ++last_rpc_;
  Rpc& rpc = rpcs_[id];
  rpc.to = to;
  rpc.kind = kind;
  rpc.search = search;
  if (ctx.maybe(fault_points::kNoFirstSend)) {
    rpc.timer = ctx.after(parameters_.rpc_timeout, RpcTimeout{id});
  } else {
    send(ctx, id, rpc);
  }
}

void Node::send(Context& ctx, RpcId id, Rpc& rpc) {
  ++rpc.sent;
  rpc.timer = ctx.after(parameters_.rpc_timeout, RpcTimeout{id});
  if (rpc.kind == Rpc::Kind::kPing) return ctx.send(rpc.to, Ping{id});
  const Search& search = searches_.at(rpc.search);
  const std::uint64_t key = search.request.key;
  if (rpc.kind == Rpc::Kind::kStore) {
    return ctx.send(rpc.to, Store{id, key, life_of(ctx, key)});
  }
  const bool wants =
      search.purpose == Purpose::kClient && search.request.function == lookup::Function::kGet;
  ctx.send(rpc.to, FindNode{id, search.lookup.target(), wants, wants ? key : 0});
}

/// One ping of a node at a time.
void Node::ping(Context& ctx, NodeId node) {
  for (const auto& [id, rpc] : rpcs_) {
    if (rpc.to == node && rpc.kind == Rpc::Kind::kPing) return;
  }
  ask(ctx, node, Rpc::Kind::kPing, 0);
}

std::optional<Node::Rpc> Node::take_answer(Context& ctx, NodeId from, RpcId id) {
  const auto asked = rpcs_.find(id);
  if (asked == rpcs_.end() || asked->second.to != from) return std::nullopt;
  const Rpc rpc = asked->second;
  ctx.cancel(rpc.timer);
  rpcs_.erase(asked);
  return rpc;
}

void Node::on(Context& ctx, const RpcTimeout& m) {
  const auto asked = rpcs_.find(m.rpc);
  Rpc& rpc = asked->second;
  const auto search = searches_.find(rpc.search);
  const bool finds = rpc.kind == Rpc::Kind::kFind;
  const bool pointless = rpc.kind != Rpc::Kind::kPing &&
                         (search == searches_.end() || (finds && search->second.storing));
  if (pointless || rpc.sent >= parameters_.tries) {
    const Rpc last = rpc;
    rpcs_.erase(asked);
    return give_up(ctx, last);
  }
  const std::uint64_t number = rpc.search;
  if (finds) search->second.lookup.set(rpc.to, Candidate::State::kSlow);
  send(ctx, m.rpc, rpc);
  if (finds) go_on(ctx, number);
}

/// Nothing came back. If it is only that nobody wants an answer any more, one was not waited for.
void Node::give_up(Context& ctx, const Rpc& rpc) {
  const Id distance = id_ ^ space().id_of(rpc.to);
  if (rpc.sent >= parameters_.tries && distance != 0) {
    silent_ = {rpc.to, silent_.count + 1};
    table_.silent(place(distance), rpc.to);
  }
  const auto search = searches_.find(rpc.search);
  if (search == searches_.end()) return;
  if (rpc.kind == Rpc::Kind::kStore) return stored(ctx, rpc.search, false);
  search->second.lookup.set(rpc.to, Candidate::State::kSilent);
  go_on(ctx, rpc.search);
}

void Node::on(Context& ctx, const Envelope& from, const Ping& m) {
  if (learns_from_requests()) see(ctx, from.from.node);
  ctx.reply(from, Pong{m.rpc});
}

void Node::on(Context& ctx, const Envelope& from, const Pong& m) {
  const bool first = table_.size() == 0;
  see(ctx, from.from.node);
  take_answer(ctx, from.from.node, m.rpc);
  if (first) go_on(ctx, begin(ctx, id_, Purpose::kJoin));
}

}  // namespace seedbed::kademlia
