// How a node becomes a member of the ring, and how it ceases to be one: join and leave (section
// IV.E.1; voluntary departures: IV.E.4), and Zave's join, which takes the list of the predecessor.
#include "protocols/chord/node.h"
#include "protocols/chord/successors.h"

namespace seedbed::chord {

/// Founders are members from the beginning of the run; whoever boots later joins, for what it knew
/// is lost. A member of the base knows whom it can rely on, and so is back at once.
void Node::start(Context& ctx, const Recovered&) {
  self_ = ctx.self();
  booted_at_ = ctx.true_now();
  id_ = circle().id_of(self_);
  if (ctx.true_now() == Time{} && ring_->is_founder(self_)) return found(ctx);
  if (ring_->is_base(self_)) return become_member(ctx, {}, ring_->base_after(id_));
  join(ctx);
}

/// As whoever deployed the ring had computed it.
void Node::found(Context& ctx) {
  const std::uint32_t position = ring_->successor_of(id_);
  std::vector<NodeId> following;
  for (std::uint32_t i = 1; i <= parameters().successors && i < ring_->size(); ++i) {
    following.push_back(ring_->at(position + i));
  }
  fingers_ = Fingers::of(*ring_, id_);
  become_member(ctx, ring_->size() > 1 ? ring_->at(position + ring_->size() - 1) : NodeId{},
                std::move(following));
}

void Node::become_member(Context& ctx, NodeId predecessor, std::vector<NodeId> successors) {
  is_member_ = true;
  ++changes_;
  predecessor_ = predecessor;
  successors_ = std::move(successors);
  successors_.shrink_to_fit();
  if (successors_.size() > parameters().successors) successors_.resize(parameters().successors);
  const Parameters& p = parameters();
  const auto start = [&](Duration period, auto timer) {
    if (period.count() > 0) ctx.after(ctx.rng().between({{}, period}), timer);
  };
  start(p.stabilize, StabilizeTimer{});
  start(p.fix_fingers, FixFingersTimer{});
  start(p.check_predecessor, CheckPredecessorTimer{});
  start(p.replicate, ReplicateTimer{});
  start(p.look_up, LookUpTimer{});
}

/// Asks somebody who should be there who comes after this node: in the original, anybody; else one
/// of the base. `id_` itself may still stand in the lists of others, from an earlier life.
void Node::join(Context& ctx) {
  constexpr std::int64_t kPatience = 4;
  if (is_member_) return;
  ctx.after(parameters().rpc_timeout * kPatience, JoinTimer{});
  for (const auto& [number, lookup] : open_) ctx.cancel(lookup.overdue);
  open_.erase_if([](const auto&) { return true; });
  Lookup lookup;
  lookup.purpose = Purpose::kJoin;
  lookup.key = circle().plus(id_, 1);
  const std::uint32_t known = parameters().corrected ? ring_->base() : ctx.initial_servers();
  const auto drawn = static_cast<std::uint32_t>(ctx.rng().below(known)) + 1;
  lookup.asked = {drawn == self_.value ? drawn % known + 1 : drawn};
  if (lookup.asked == self_) return;  // there is nobody else
  begin(ctx, std::move(lookup));
}

void Node::on(Context& ctx, const JoinTimer&) { join(ctx); }

/// It says goodbye to both sides, and leaves its blocks to its successor.
void Node::leave(Context& ctx) {
  if (!is_member_ || successors_.empty()) return;
  if (blocks_) {
    ctx.send(successors_.front(),
             Replicate{std::vector<lookup::Key>(blocks_->begin(), blocks_->end())});
  }
  ctx.send(successors_.front(), Leaving{predecessor_, {}});
  if (predecessor_) ctx.send(predecessor_, Leaving{predecessor_, successors_});
}

void Node::on(Context&, const Envelope& from, const Leaving& m) {
  if (!is_member_) return;
  if (predecessor_ == from.from.node)
    adopt_predecessor(m.predecessor == self_ ? NodeId{} : m.predecessor);
  if (!m.successors.empty() && !successors_.empty() && successors_.front() == from.from.node) {
    adopt(list_of({}, m.successors));
  }
}

}  // namespace seedbed::chord
