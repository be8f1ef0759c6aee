// find_successor (section IV.C, Figure 3; with successor lists: IV.E.3), and the fingers (IV.D).
// A lookup that meets somebody who does not answer goes back to who named it and asks for the next
// best; and it does not wait for the same one twice. One that is passed on from node to node cannot
// see who keeps it: if no answer comes it is repeated iteratively.
#include <algorithm>
#include <bit>

#include "protocols/chord/node.h"

namespace seedbed::chord {

namespace {
constexpr std::int64_t kRecursivePatience = 10;  // timeouts
constexpr std::uint32_t kMostHops = 10'000;      // whoever goes so far goes in circles
}  // namespace

Hop Node::next_hop(Id key, std::uint32_t skip) const {
  if (successors_.empty()) return skip == 0 ? Hop{self_, true} : Hop{};
  const Id way = circle().way(id_, key);
  std::size_t nearer = 0;
  while (nearer < successors_.size() &&
         circle().distance(id_, circle().id_of(successors_[nearer])) < way) {
    ++nearer;
  }
  const std::size_t owners = successors_.size() - nearer;
  if (skip < owners) return {successors_[nearer + skip], true};
  return closest_preceding(way, nearer, skip - static_cast<std::uint32_t>(owners));
}

/// Of the fingers and the first `nearer` of the list, together, the farthest but `skip`.
Hop Node::closest_preceding(Id way, std::size_t nearer, std::uint32_t skip) const {
  const std::vector<NodeId>& fingers = fingers_.nodes();
  std::size_t finger = fingers_.nearer_than(circle(), id_, way);
  const auto far = [&](NodeId n) { return circle().distance(id_, circle().id_of(n)); };
  while (finger > 0 || nearer > 0) {
    const Id by_finger = finger > 0 ? far(fingers[finger - 1]) : 0;
    const Id by_list = nearer > 0 ? far(successors_[nearer - 1]) : 0;
    const NodeId farthest = by_finger > by_list ? fingers[finger - 1] : successors_[nearer - 1];
    if (skip-- == 0) return {farthest, false};
    if (by_finger >= by_list) --finger;
    if (by_list >= by_finger) --nearer;
  }
  return {};
}

// --- at its origin

void Node::begin(Context& ctx, Lookup lookup) {
  const LookupNumber number = ++last_lookup_;
  const bool joins = lookup.purpose == Purpose::kJoin;
  const Hop hop = joins ? Hop{lookup.asked, false} : next_hop(lookup.key, 0);
  if (parameters().recursive && !joins) {
    lookup.hops = hop.node == self_ ? 0 : 1;
    if (hop.is_owner) return end(ctx, lookup, number, hop.node);
    Lookup& open = open_[number] = std::move(lookup);
    ctx.send(hop.node, Find{open.key, self_, number, 1});
    open.overdue = ctx.after(parameters().rpc_timeout * kRecursivePatience, Overdue{number});
    return;
  }
  lookup.asked = self_;
  open_[number] = std::move(lookup);
  follow(ctx, number, hop);
}

void Node::wait(Context& ctx, LookupNumber number, Lookup& lookup) {
  ctx.cancel(lookup.overdue);
  lookup.overdue = ctx.after(parameters().rpc_timeout, Overdue{number});
}

/// Who was asked names `hop`.
void Node::follow(Context& ctx, LookupNumber number, Hop hop) {
  Lookup& lookup = open_.at(number);
  if (!hop.node || lookup.hops > kMostHops) return lose(ctx, number);
  const auto& silent = lookup.silent;
  if (std::find(silent.begin(), silent.end(), hop.node) != silent.end()) {
    ++lookup.skip;
    return ask_again(ctx, number);
  }
  if (hop.is_owner && hop.node == self_) {
    Lookup ended = std::move(lookup);
    close(ctx, number);
    return end(ctx, ended, number, self_);
  }
  lookup.next = hop.node;
  lookup.is_owner = hop.is_owner;
  lookup.tries = 0;
  if (hop.is_owner) {
    ctx.send(hop.node, Ping{number});
  } else {
    ctx.send(hop.node, AskNext{lookup.key, number, 0});
  }
  wait(ctx, number, lookup);
}

/// Whoever was named does not answer, or is no member: asks for the next best.
void Node::give_up_next(Context& ctx, LookupNumber number) {
  Lookup& lookup = open_.at(number);
  lookup.silent.push_back(lookup.next);
  ++lookup.skip;
  ask_again(ctx, number);
}

void Node::ask_again(Context& ctx, LookupNumber number) {
  Lookup& lookup = open_.at(number);
  lookup.next = {};
  lookup.tries = 0;
  if (lookup.asked == self_) {
    if (lookup.purpose == Purpose::kJoin) return lose(ctx, number);
    return follow(ctx, number, next_hop(lookup.key, lookup.skip));
  }
  ctx.send(lookup.asked, AskNext{lookup.key, number, lookup.skip});
  wait(ctx, number, lookup);
}

void Node::on(Context& ctx, const Envelope& from, const Next& m) {
  const auto found = open_.find(m.number);
  if (found == open_.end()) return;
  Lookup& lookup = found->second;
  const NodeId said = from.from.node;
  if (said == lookup.next && !lookup.is_owner && m.skip == 0) {
    if (!m.node) return give_up_next(ctx, m.number);
    lookup.asked = said;
    lookup.skip = 0;
    ++lookup.hops;
  } else if (said != lookup.asked || lookup.next || m.skip != lookup.skip) {
    return;  // late
  }
  if (lookup.purpose == Purpose::kJoin && joins_unasked() && m.node) {
    close(ctx, m.number);
    return become_member(ctx, {}, list_of({m.node}, {}));
  }
  follow(ctx, m.number, {m.node, m.is_owner});
}

void Node::on(Context& ctx, const Envelope& from, const Pong& m) {
  if (m.number == 0 && from.from.node == predecessor_) silent_predecessor_ = 0;
  const auto found = open_.find(m.number);
  if (found == open_.end()) return;
  Lookup& lookup = found->second;
  if (lookup.next != from.from.node || !lookup.is_owner || lookup.serves) return;
  ++lookup.hops;
  Lookup ended = std::move(lookup);
  close(ctx, m.number);
  end(ctx, ended, m.number, from.from.node);
}

void Node::on(Context& ctx, const Envelope&, const Found& m) {
  const auto found = open_.find(m.number);
  if (found == open_.end() || found->second.asked) return;
  Lookup ended = std::move(found->second);
  close(ctx, m.number);
  ended.hops = m.hops;
  end(ctx, ended, m.number, m.owner);
}

void Node::on(Context& ctx, const Overdue& m) {
  Lookup& lookup = open_.at(m.number);
  if (lookup.serves) return lose(ctx, m.number);
  if (!lookup.asked) {  // it was passed on, and somebody keeps it
    ++lookup.timeouts;
    lookup.asked = self_;
    lookup.hops = 0;
    return follow(ctx, m.number, next_hop(lookup.key, 0));
  }
  // An owner is not passed over for one lost message, nor who has answered before; who joins only
  // wants a place to begin.
  const bool joins = lookup.purpose == Purpose::kJoin;
  const bool patient = !joins && (lookup.is_owner || !lookup.next);
  if (patient && ++lookup.tries < parameters().tries) {
    if (lookup.next) {
      ctx.send(lookup.next, Ping{m.number});
    } else {
      ctx.send(lookup.asked, AskNext{lookup.key, m.number, lookup.skip});
    }
    return wait(ctx, m.number, lookup);
  }
  ++lookup.timeouts;
  if (!lookup.next) return lose(ctx, m.number);
  give_up_next(ctx, m.number);
}

void Node::close(Context& ctx, LookupNumber number) {
  const auto found = open_.find(number);
  if (found == open_.end()) return;
  ctx.cancel(found->second.overdue);
  open_.erase(found);
}

/// Nobody whom it asked knows whom to ask next.
void Node::lose(Context& ctx, LookupNumber number) {
  const Purpose purpose = open_.at(number).purpose;
  if (purpose == Purpose::kClient) return answer(ctx, number, lookup::Outcome::kFailed, {});
  if (purpose == Purpose::kOwn) ctx.count("lost_lookups");
  close(ctx, number);
}

/// Of a lookup that is open no more.
void Node::end(Context& ctx, Lookup& lookup, LookupNumber number, NodeId owner) {
  if (lookup.purpose == Purpose::kFinger) {
    return fingers_.fix(circle(), id_, lookup.start, owner);
  }
  if (lookup.purpose == Purpose::kJoin) {
    const NodeId whom = parameters().corrected ? lookup.asked : owner;
    if (!is_member_ && whom != self_) ctx.send(whom, GetState{Why::kJoin});
    return;
  }
  ++lookups_ended_;
  last_ended_ = {lookup.key, owner, lookup.hops, lookup.timeouts};
  ctx.count("lookups");
  ctx.count("hops", lookup.hops);
  if (lookup.timeouts > 0) ctx.count("timeouts", lookup.timeouts);
  if (!lookup.client) return;
  open_[number] = std::move(lookup);
  serve(ctx, number, owner);
}

// --- at the others

void Node::on(Context& ctx, const Envelope&, const Find& m) {
  if (!is_member_ || m.hops > kMostHops) return;
  const Hop hop = next_hop(m.key, 0);
  if (hop.is_owner) {
    const std::uint32_t last = hop.node == self_ ? 0 : 1;
    ctx.send(m.origin, Found{m.number, hop.node, m.hops + last});
  } else if (hop.node) {
    ctx.send(hop.node, Find{m.key, m.origin, m.number, m.hops + 1});
  }
}

void Node::on(Context& ctx, const Envelope& from, const AskNext& m) {
  const Hop hop = is_member_ ? next_hop(m.key, m.skip) : Hop{};
  ctx.reply(from, Next{m.number, m.skip, hop.node, hop.is_owner});
}

// --- lookups of its own

void Node::on(Context& ctx, const LookUpTimer&) {
  ++looked_up_;
  if (parameters().lookups == 0 || looked_up_ < parameters().lookups) {
    ctx.after(parameters().look_up, LookUpTimer{});
  }
  Lookup lookup;
  lookup.key = ctx.rng().next() & circle().mask();
  begin(ctx, std::move(lookup));
}

/// "n.fix_fingers()". Those nearer than the successor are the successor.
void Node::on(Context& ctx, const FixFingersTimer&) {
  ctx.after(parameters().fix_fingers, FixFingersTimer{});
  if (successors_.empty()) return;
  const Id nearest = circle().distance(id_, circle().id_of(successors_.front()));
  const auto first = static_cast<std::uint32_t>(std::bit_width(nearest));
  if (++next_finger_ >= circle().bits() || next_finger_ < first) next_finger_ = first;
  if (next_finger_ >= circle().bits()) return;
  Lookup lookup;
  lookup.purpose = Purpose::kFinger;
  lookup.start = Id{1} << next_finger_;
  lookup.key = circle().plus(id_, lookup.start);
  begin(ctx, std::move(lookup));
}

}  // namespace seedbed::chord
