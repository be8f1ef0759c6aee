// Processors that got slow, and the cooperative fault points of what runs on them.
#include <algorithm>

#include "sim/world/world.h"

namespace seedbed {

/// The worst of the faults counts.
Duration World::slowed(NodeId n, Duration busy) const {
  std::uint64_t factor = 1000;
  for (const SlowProcessors& slow : slow_processors_) {
    const bool here = std::find(slow.nodes.begin(), slow.nodes.end(), n) != slow.nodes.end();
    if (here) factor = std::max(factor, slow.factor_permille);
  }
  constexpr Int128 kMost = (3'600_s * 24 * 365 * 10).count();
  return Duration(static_cast<std::int64_t>(
      std::min<Int128>(Int128{busy.count()} * static_cast<std::int64_t>(factor) / 1000, kMost)));
}

void World::mark_slow(const std::vector<NodeId>& nodes) {
  for (const NodeId id : nodes) {
    const bool still = std::any_of(
        slow_processors_.begin(), slow_processors_.end(), [&](const SlowProcessors& slow) {
          return std::find(slow.nodes.begin(), slow.nodes.end(), id) != slow.nodes.end();
        });
    std::uint16_t& holds = node(id).holds;
    holds = static_cast<std::uint16_t>(still ? holds | Node::kSlow : holds & ~Node::kSlow);
  }
}

std::uint32_t World::slow_processors(SlowProcessors slow) {
  slow.id = ++last_fault_;
  const std::vector<NodeId> nodes = slow.nodes;
  slow_processors_.push_back(std::move(slow));
  mark_slow(nodes);
  return last_fault_;
}

void World::restore_processors(std::uint32_t id) {
  const auto found = std::find_if(slow_processors_.begin(), slow_processors_.end(),
                                  [&](const SlowProcessors& slow) { return slow.id == id; });
  if (found == slow_processors_.end()) return;
  const std::vector<NodeId> nodes = std::move(found->nodes);
  slow_processors_.erase(found);
  mark_slow(nodes);
}

// --- fault points

/// A function of who reaches it and when, not of how often it was asked: once an instant.
bool World::takes_fault_point(const Site& at, std::string_view name) {
  constexpr std::uint64_t kActive = hash_text("active fault point"), kTaken = hash_text("taken");
  const FaultPointConfig& config = config_.fault_points;
  const std::uint64_t point = hash_text(name);
  auto found = std::find_if(fault_points_.begin(), fault_points_.end(),
                            [&](const FaultPointCount& p) { return p.name == name; });
  if (found == fault_points_.end()) {
    const bool wanted = config.only.empty() || std::find(config.only.begin(), config.only.end(),
                                                         name) != config.only.end();
    const bool drawn = seedbed::decide(hash_of(config_.seed ^ kActive, point), config.active);
    found = fault_points_.insert(fault_points_.end(), {.name = name, .active = wanted && drawn});
  }
  ++found->reached;
  if (!found->active) return false;
  const std::uint64_t draw = hash_of(config_.seed ^ kTaken, point, at.id.value, at.service_id.value,
                                     static_cast<std::uint64_t>(now().count()));
  const bool taken = seedbed::decide(draw, config.chance);
  found->taken += taken ? 1 : 0;
  return taken;
}

}  // namespace seedbed
