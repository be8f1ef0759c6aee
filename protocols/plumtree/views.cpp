#include "protocols/plumtree/views.h"

#include <algorithm>
#include <utility>

namespace seedbed::plumtree {

Link* Views::link(NodeId n) {
  const auto found =
      std::find_if(active_.begin(), active_.end(), [n](const Link& l) { return l.node == n; });
  return found == active_.end() ? nullptr : &*found;
}

NodeId Views::connect(NodeId n, Time now, Rng& rng) {
  if (n == self_ || !n) return kNobody;
  if (Link* known = link(n)) {
    known->heard = now;
    return kNobody;
  }
  NodeId dropped;
  if (is_full()) {
    dropped = active_[rng.below(active_.size())].node;
    disconnect(dropped);
  }
  forget(n);
  active_.push_back({n, now, true});
  ++version_;
  if (dropped) remember(dropped, rng);
  return dropped;
}

bool Views::disconnect(NodeId n) {
  const auto gone = std::erase_if(active_, [n](const Link& l) { return l.node == n; });
  version_ += gone;
  return gone > 0;
}

void Views::remember(NodeId n, Rng& rng) {
  const bool known = std::find(passive_.begin(), passive_.end(), n) != passive_.end();
  if (n == self_ || !n || known || link(n) != nullptr) return;
  if (passive_.size() >= most_passive_) {
    std::swap(passive_[rng.below(passive_.size())], passive_.back());
    passive_.pop_back();
  }
  passive_.push_back(n);
  ++version_;
}

void Views::forget(NodeId n) { version_ += std::erase(passive_, n); }

NodeId Views::random_active(Rng& rng, NodeId but) const {
  std::vector<NodeId> others;
  for (const Link& l : active_) {
    if (l.node != but) others.push_back(l.node);
  }
  return others.empty() ? kNobody : others[rng.below(others.size())];
}

NodeId Views::random_passive(Rng& rng) const {
  return passive_.empty() ? kNobody : passive_[rng.below(passive_.size())];
}

std::vector<NodeId> Views::sample(std::uint32_t active, std::uint32_t passive, Rng& rng) const {
  std::vector<NodeId> nodes{self_};
  const auto add_some = [&](std::vector<NodeId> from, std::uint32_t count) {
    for (; count > 0 && !from.empty(); --count) {
      std::swap(from[rng.below(from.size())], from.back());
      nodes.push_back(from.back());
      from.pop_back();
    }
  };
  std::vector<NodeId> neighbours;
  for (const Link& l : active_) neighbours.push_back(l.node);
  add_some(std::move(neighbours), active);
  add_some(passive_, passive);
  return nodes;
}

}  // namespace seedbed::plumtree
