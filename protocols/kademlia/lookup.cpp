#include "protocols/kademlia/lookup.h"

namespace seedbed::kademlia {

std::optional<NodeId> Lookup::next(std::uint32_t k, std::uint32_t alpha) {
  const std::uint32_t most = dry_ >= alpha ? k : alpha;
  std::uint32_t under_way = 0;
  for (const Candidate& c : candidates_) under_way += c.state == State::kAsked ? 1U : 0U;
  if (under_way >= most) return std::nullopt;
  std::uint32_t counted = 0;
  for (Candidate& c : candidates_) {
    if (c.state == State::kSilent) continue;
    if (++counted > k) return std::nullopt;
    if (c.state != State::kNew) continue;
    c.state = State::kAsked;
    return c.node;
  }
  return std::nullopt;
}

void Lookup::set(NodeId node, State state) {
  for (Candidate& c : candidates_) {
    if (c.node == node) c.state = state;
  }
}

bool Lookup::is_over(std::uint32_t k) const {
  std::uint32_t counted = 0;
  for (const Candidate& c : candidates_) {
    if (c.state == State::kSilent) continue;
    if (++counted > k) return true;
    if (c.state != State::kAnswered) return false;
  }
  return true;
}

std::vector<NodeId> Lookup::closest(std::uint32_t k) const {
  std::vector<NodeId> found;
  for (const Candidate& c : candidates_) {
    if (found.size() < k && c.state == State::kAnswered) found.push_back(c.node);
  }
  return found;
}

void Lookup::trim(std::size_t most) {
  while (candidates_.size() > most && candidates_.back().state == State::kNew) {
    candidates_.pop_back();
  }
}

}  // namespace seedbed::kademlia
