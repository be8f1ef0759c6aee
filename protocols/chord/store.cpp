// Blocks under keys, at the owner and its next successors, and what clients ask for. After DHash
// (Dabek et al. 2001, Wide-area cooperative storage with CFS, section 4.2): every so often a node
// sends what is its own to those who keep copies, and what is not to its predecessor, whose it may
// have become.
#include "protocols/chord/node.h"

namespace seedbed::chord {

using lookup::Function;
using lookup::Outcome;

void Node::on(Context& ctx, const Envelope& from, const lookup::Request& m) {
  if (!is_member_) return ctx.reply(from, lookup::Reply{m.id, Outcome::kFailed, {}});
  Lookup lookup;
  lookup.purpose = Purpose::kClient;
  lookup.key = circle().hash(m.key);
  lookup.client = std::make_unique<Client>(Client{m.id, from.from, m.function, m.key});
  begin(ctx, std::move(lookup));
}

/// The owner is known.
void Node::serve(Context& ctx, LookupNumber number, NodeId owner) {
  Lookup& lookup = open_.at(number);
  const Client& client = *lookup.client;
  if (client.function == Function::kLookup) return answer(ctx, number, Outcome::kDone, owner);
  const bool is_put = client.function == Function::kPut;
  if (owner == self_) {
    if (is_put) put_block(ctx, client.key);
    return answer(ctx, number, holds(client.key) ? Outcome::kDone : Outcome::kAbsent, owner);
  }
  lookup.serves = true;
  lookup.next = owner;
  wait(ctx, number, lookup);
  if (is_put) return ctx.send(owner, Store{number, client.key});
  ctx.send(owner, Fetch{number, client.key});
}

void Node::answer(Context& ctx, LookupNumber number, Outcome outcome, NodeId owner) {
  const Client client = *open_.at(number).client;
  close(ctx, number);
  ctx.send(client.from, lookup::Reply{client.id, outcome, owner});
}

void Node::put_block(Context& ctx, lookup::Key key) {
  blocks_.made().insert(key);
  if (!replicates()) return;
  for (std::uint32_t i = 0; i < parameters().replicas && i < successors_.size(); ++i) {
    ctx.send(successors_[i], Replicate{{key}});
  }
}

void Node::on(Context& ctx, const Envelope& from, const Store& m) {
  if (!is_member_) return;
  put_block(ctx, m.key);
  ctx.reply(from, Served{m.number, true});
}

void Node::on(Context& ctx, const Envelope& from, const Fetch& m) {
  if (is_member_) ctx.reply(from, Served{m.number, holds(m.key)});
}

void Node::on(Context& ctx, const Envelope& from, const Served& m) {
  const auto found = open_.find(m.number);
  if (found == open_.end() || !found->second.serves || found->second.next != from.from.node) return;
  answer(ctx, m.number, m.there ? Outcome::kDone : Outcome::kAbsent, from.from.node);
}

void Node::on(Context&, const Envelope&, const Replicate& m) {
  if (is_member_ && !m.keys.empty()) blocks_.made().insert(m.keys.begin(), m.keys.end());
}

void Node::on(Context& ctx, const ReplicateTimer&) {
  ctx.after(parameters().replicate, ReplicateTimer{});
  if (!blocks_ || !predecessor_ || !replicates()) return;
  const Id before = circle().id_of(predecessor_);
  Replicate own;
  Replicate others;
  for (const lookup::Key key : *blocks_) {
    const bool is_own = circle().way(before, circle().hash(key)) <= circle().way(before, id_);
    (is_own ? own : others).keys.push_back(key);
  }
  for (std::uint32_t i = 0; i < parameters().replicas && i < successors_.size(); ++i) {
    if (!own.keys.empty()) ctx.send(successors_[i], own);
  }
  if (!others.keys.empty()) ctx.send(predecessor_, std::move(others));
}

}  // namespace seedbed::chord
