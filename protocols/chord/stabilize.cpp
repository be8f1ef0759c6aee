// The ring (sections IV.E.1 and IV.E.3): stabilize, notify, successor lists, check_predecessor.
// What Zave corrects: whoever is named as a nearer successor is asked before it is believed, a list
// changes as a whole and only for one that a live node has just told, and the stable base is never
// given up, so no list ever leaves out one of it.
#include "protocols/chord/node.h"
#include "protocols/chord/successors.h"

namespace seedbed::chord {

bool Node::may_precede_successor(NodeId candidate) const {
  if (!candidate || candidate == self_) return false;
  if (successors_.empty()) return true;
  return circle().between(id_, circle().id_of(candidate), circle().id_of(successors_.front()));
}

bool Node::may_be_predecessor(NodeId candidate) const {
  return !predecessor_ ||
         circle().between(circle().id_of(predecessor_), circle().id_of(candidate), id_);
}

/// In the original a node that has lost all others is a ring of its own.
std::vector<NodeId> Node::last_resort() const {
  std::vector<NodeId> base = ring_->base_after(id_);
  if (base.size() > parameters().successors) base.resize(parameters().successors);
  return base;
}

std::vector<NodeId> Node::list_of(std::initializer_list<NodeId> heads,
                                  std::span<const NodeId> rest) const {
  return successor_list(circle(), id_, parameters().successors, heads, rest);
}

void Node::adopt(std::vector<NodeId> successors) {
  if (successors.empty()) successors = last_resort();
  if (successors == successors_) return;
  if (successors_.empty() || successors.empty() || successors.front() != successors_.front()) {
    unanswered_ = 0;
  }
  successors_ = std::move(successors);
  ++changes_;
}

void Node::adopt_predecessor(NodeId n) {
  silent_predecessor_ = 0;
  if (predecessor_ == n) return;
  predecessor_ = n;
  ++changes_;
}

void Node::on(Context& ctx, const StabilizeTimer&) {
  ctx.after(parameters().stabilize, StabilizeTimer{});
  stabilize(ctx);
}

/// "n.stabilize()", and with the successor's predecessor comes its list.
void Node::stabilize(Context& ctx) {
  if (!is_member_) return;
  if (successors_.empty()) {
    if (may_precede_successor(predecessor_)) adopt(list_of({predecessor_}, {}));
    return;
  }
  if (unanswered_ >= parameters().patience && may_give_up(successors_.front())) {
    adopt(list_of({}, std::span(successors_).subspan(1)));
    if (successors_.empty()) return;
  }
  ++unanswered_;
  ctx.send(successors_.front(), GetState{Why::kStabilize});
}

/// Who asks puts this node before the list that it gets, so the last one would fall off.
void Node::on(Context& ctx, const Envelope& from, const GetState& m) {
  if (!is_member_) return;
  const bool whole = m.why == Why::kJoin && parameters().corrected;
  const std::size_t most = parameters().successors - (whole ? 0U : 1U);
  const auto last =
      successors_.begin() + static_cast<std::ptrdiff_t>(std::min(successors_.size(), most));
  ctx.reply(from, State{m.why, predecessor_, {successors_.begin(), last}});
}

void Node::on(Context& ctx, const Envelope& from, const State& m) {
  const NodeId said = from.from.node;
  if (m.why == Why::kJoin) {
    if (is_member_) return;
    if (!parameters().corrected) return become_member(ctx, {}, list_of({said}, m.successors));
    // Of the predecessor's list, what comes after this node.
    const Id reached = circle().distance(circle().id_of(said), id_);
    const auto behind = std::find_if(m.successors.begin(), m.successors.end(), [&](NodeId n) {
      return circle().distance(circle().id_of(said), circle().id_of(n)) > reached;
    });
    std::vector<NodeId> following = list_of({}, {behind, m.successors.end()});
    if (!following.empty()) become_member(ctx, said, std::move(following));
    return;
  }
  if (!is_member_) return;
  if (m.why == Why::kCandidate) {
    if (!may_precede_successor(said)) return;
    adopt(list_of({said}, m.successors));
    return notify(ctx);
  }
  if (successors_.empty() || successors_.front() != said) return;
  unanswered_ = 0;
  adopt(list_of({said}, m.successors));
  if (may_precede_successor(m.predecessor)) {
    if (asks_candidates()) {
      ctx.send(m.predecessor, GetState{Why::kCandidate});
    } else {
      adopt(list_of({m.predecessor, said}, m.successors));
    }
  }
  notify(ctx);
}

void Node::notify(Context& ctx) {
  if (is_member_ && !successors_.empty() && notifies()) ctx.send(successors_.front(), Notify{});
}

/// "n.notify(n')". Zave's rectify: the old predecessor makes way also when it is dead, which is for
/// check_predecessor to find out.
void Node::on(Context&, const Envelope& from, const Notify&) {
  const NodeId said = from.from.node;
  if (!is_member_ || said == self_) return;
  if (said == predecessor_ || may_be_predecessor(said)) adopt_predecessor(said);
}

/// "n.check_predecessor()".
void Node::on(Context& ctx, const CheckPredecessorTimer&) {
  ctx.after(parameters().check_predecessor, CheckPredecessorTimer{});
  if (!predecessor_) return;
  const bool is_dead = silent_predecessor_ >= parameters().patience;
  if (is_dead && forgets_predecessor()) return adopt_predecessor({});
  ++silent_predecessor_;
  ctx.send(predecessor_, Ping{});
}

void Node::on(Context& ctx, const Envelope& from, const Ping& m) {
  if (is_member_) ctx.reply(from, Pong{m.number});
}

}  // namespace seedbed::chord
