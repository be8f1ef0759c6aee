// Iterative lookups (section 2.3), and what becomes of their results.
#include <algorithm>

#include "protocols/kademlia/fault_points.h"
#include "protocols/kademlia/node.h"

namespace seedbed::kademlia {

using lookup::Function;
using lookup::Outcome;

bool Node::is_closer_to(Id target, NodeId a, NodeId b) const {
  return is_closer(space().id_of(a) ^ target, space().id_of(b) ^ target);
}

/// Of those that are not silent. Whoever is in the bucket of the target is closer to it than we
/// are, and closer than all others; then come those in nearer buckets, and then bucket by bucket
/// those in the further ones.
std::vector<NodeId> Node::closest_known(Id target, std::size_t count, NodeId except) const {
  std::vector<std::pair<Id, NodeId>> found;
  const auto take = [&](const Bucket& bucket) {
    for (const Contact& c : bucket.contacts) {
      if (c.is_silent || c.node == except) continue;
      found.emplace_back(space().id_of(c.node) ^ target, c.node);
    }
  };
  const std::uint32_t own = target == id_ ? 0 : place(id_ ^ target);
  if (const Bucket* bucket = table_.bucket(own)) take(*bucket);
  if (found.size() < count) {
    for (const Bucket& b : table_.buckets()) {
      if (b.index < own) take(b);
    }
  }
  for (const Bucket& b : table_.buckets()) {
    if (found.size() < count && b.index > own) take(b);
  }
  count = std::min(count, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end(),
                    [&](const auto& a, const auto& b) { return is_closer(a.first, b.first); });
  std::vector<NodeId> closest(count);
  for (std::size_t i = 0; i < count; ++i) closest[i] = found[i].second;
  return closest;
}

void Node::on(Context& ctx, const Envelope& from, const FindNode& m) {
  if (learns_from_requests()) see(ctx, from.from.node);
  if (m.wants_block && blocks_.contains(m.key)) return ctx.reply(from, Found{m.rpc, true, {}});
  ctx.reply(from, Found{m.rpc, false, closest_known(m.target, parameters_.k, from.from.node)});
}

bool Node::add(Lookup& lookup, NodeId node) const {
  return lookup.add(node, space().id_of(node) ^ lookup.target(),
                    [this](Id a, Id b) { return is_closer(a, b); });
}

/// It is itself one of those that it looks for, and has answered.
std::uint64_t Node::begin(Context& ctx, Id target, Purpose purpose) {
  const std::uint64_t number = ++last_search_;
  Search& search = searches_[number];
  search.lookup = Lookup(target);
  search.purpose = purpose;
  for (const NodeId n : closest_known(target, parameters_.k, kNobody)) add(search.lookup, n);
  add(search.lookup, self_);
  search.lookup.set(self_, Candidate::State::kAnswered);
  if (target != id_) {
    if (Bucket* bucket = table_.bucket(place(id_ ^ target))) bucket->looked_up = ctx.now();
  }
  return number;
}

void Node::go_on(Context& ctx, std::uint64_t number) {
  Search& search = searches_.at(number);
  if (search.storing) return;
  const std::uint32_t more = ctx.maybe(fault_points::kOneMore) ? 1 : 0;
  while (const auto n = search.lookup.next(parameters_.k, parameters_.alpha + more)) {
    ask(ctx, *n, Rpc::Kind::kFind, number);
  }
  if (is_over(search.lookup)) finish(ctx, number);
}

void Node::on(Context& ctx, const Envelope& from, const Found& m) {
  const NodeId node = from.from.node;
  see(ctx, node);
  const auto rpc = take_answer(ctx, node, m.rpc);
  if (!rpc) return;
  const auto search = searches_.find(rpc->search);
  if (search == searches_.end() || search->second.storing) return;
  if (m.block) return found(ctx, rpc->search, node);
  Lookup& lookup = search->second.lookup;
  bool progress = false;
  for (const NodeId n : m.contacts) progress |= add(lookup, n);
  lookup.answered(node, progress);
  lookup.trim(std::size_t{3} * parameters_.k);
  go_on(ctx, rpc->search);
}

void Node::on(Context& ctx, const Envelope& from, const lookup::Request& m) {
  for (const auto& [number, search] : searches_) {
    if (search.purpose == Purpose::kClient && search.request.id == m.id) return;
  }
  const bool alone = table_.size() == 0 && ctx.peers().size() > 0;
  if (alone) return ctx.reply(from, lookup::Reply{m.id, Outcome::kFailed, kNobody});
  if (m.function == Function::kGet && blocks_.contains(m.key)) {
    return ctx.reply(from, lookup::Reply{m.id, Outcome::kDone, self_});
  }
  const std::uint64_t number = begin(ctx, space().id_of_key(m.key), Purpose::kClient);
  Search& search = searches_.at(number);
  search.client = from.from;
  search.request = m;
  go_on(ctx, number);
}

void Node::reply(Context& ctx, const Search& search, Outcome outcome, NodeId owner) {
  ctx.send(search.client, lookup::Reply{search.request.id, outcome, owner});
}

void Node::found(Context& ctx, std::uint64_t number, NodeId by) {
  reply(ctx, searches_.at(number), Outcome::kDone, by);
  searches_.erase(searches_.find(number));
}

void Node::finish(Context& ctx, std::uint64_t number) {
  Search& search = searches_.at(number);
  finished_ = {finished_.count + 1, search.lookup};
  ctx.count("lookups");
  const std::vector<NodeId> closest = search.lookup.closest(parameters_.k);
  const Purpose purpose = search.purpose;
  const bool is_put = search.request.function == Function::kPut;
  if (purpose == Purpose::kRepublish || (purpose == Purpose::kClient && is_put)) {
    return store_at(ctx, number, closest);
  }
  if (purpose == Purpose::kClient) {
    const bool gets = search.request.function == Function::kGet;
    reply(ctx, search, gets ? Outcome::kAbsent : Outcome::kDone, closest.front());
  }
  searches_.erase(searches_.find(number));
  if (purpose == Purpose::kJoin) refresh_beyond_neighbours(ctx);
}

}  // namespace seedbed::kademlia
