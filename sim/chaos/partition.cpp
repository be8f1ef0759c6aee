#include "sim/chaos/partition.h"

#include <algorithm>

#include "sim/chaos/selector.h"

namespace seedbed {

namespace {

void put(Cut& cut, NodeId n, std::uint32_t node_class) {
  if (cut.class_of.size() <= n.value) cut.class_of.resize(n.value + 1, 0);
  cut.class_of[n.value] = static_cast<std::uint16_t>(node_class);
}

/// Blocks the pairs of classes for which `blocked(from, to)`; class 0 is never blocked.
void block(Cut& cut, std::uint32_t classes, auto blocked) {
  SEEDBED_ASSERT(classes <= Cut::kMostClasses + 2, "{} parts of a network are too many", classes);
  cut.classes = classes;
  cut.blocked.assign(std::size_t{classes} * classes, false);
  for (std::uint32_t a = 1; a < classes; ++a) {
    for (std::uint32_t b = 1; b < classes; ++b) cut.blocked[a * classes + b] = blocked(a, b);
  }
}

/// Each sees `reach` neighbours on either side.
Cut ring_of(const std::vector<NodeId>& ring, std::uint32_t reach) {
  const auto n = static_cast<std::uint32_t>(ring.size());
  Cut cut;
  for (std::uint32_t i = 0; i < n; ++i) put(cut, ring[i], i + 1);
  block(cut, n + 1, [&](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t apart = a > b ? a - b : b - a;
    return std::min(apart, n - apart) > reach;
  });
  return cut;
}

/// Two to four groups, none of them empty.
std::vector<std::vector<NodeId>> random_groups(const std::vector<NodeId>& order, Rng& rng) {
  const std::size_t most = std::min<std::size_t>(order.size(), 4);
  if (most < 2) return {order};
  std::vector<std::vector<NodeId>> groups(2 + rng.below(most - 1));
  for (std::size_t i = 0; i < order.size(); ++i) {
    groups[i < groups.size() ? i : rng.below(groups.size())].push_back(order[i]);
  }
  for (auto& group : groups) std::sort(group.begin(), group.end());
  return groups;
}

}  // namespace

Cut cut_between(const std::vector<std::vector<NodeId>>& groups) {
  Cut cut;
  std::uint32_t next = 1;
  for (const auto& group : groups) {
    for (const NodeId n : group) put(cut, n, next);
    ++next;
  }
  block(cut, next, [](std::uint32_t a, std::uint32_t b) { return a != b; });
  return cut;
}

Cut cut_off(const std::vector<NodeId>& nodes, const World& world) {
  Cut cut;
  for (std::uint32_t id = 1; id <= world.servers(); ++id) put(cut, {id}, 1);
  std::uint32_t next = 2;
  for (const NodeId n : nodes) put(cut, n, next++);
  block(cut, next, [](std::uint32_t a, std::uint32_t b) { return a != b; });
  return cut;
}

Cut cut_apart(const std::vector<NodeId>& nodes) {
  std::vector<std::vector<NodeId>> alone;
  for (const NodeId n : nodes) alone.push_back({n});
  return cut_between(alone);
}

Cut cut_one_way(const std::vector<NodeId>& from, const std::vector<NodeId>& to) {
  constexpr std::uint32_t kFrom = 1, kTo = 2, kBoth = 3;
  Cut cut;
  for (const NodeId n : from) put(cut, n, kFrom);
  for (const NodeId n : to) {
    put(cut, n, std::find(from.begin(), from.end(), n) == from.end() ? kTo : kBoth);
  }
  block(cut, kBoth + 1, [](std::uint32_t a, std::uint32_t b) { return a != kTo && b != kFrom; });
  return cut;
}

Cut cut_by_shape(const PartitionShape& shape, const World& world, Rng& rng) {
  const std::vector<NodeId> order = shuffled_servers(world, rng);
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2);
  switch (shape.kind) {
    case PartitionShape::Kind::kGroups: return cut_between(shape.groups);
    case PartitionShape::Kind::kHalves:
      return cut_between({{order.begin(), middle}, {middle, order.end()}});
    case PartitionShape::Kind::kBridge:  // the one in the middle is in neither half
      return cut_between({{order.begin(), middle}, {middle + 1, order.end()}});
    case PartitionShape::Kind::kRandom: return cut_between(random_groups(order, rng));
    case PartitionShape::Kind::kRing: return ring_of(order, 1);
    case PartitionShape::Kind::kMajorityRing:  // 2 reach + 1 > n / 2
      return ring_of(order, static_cast<std::uint32_t>(order.size() / 2 + 1) / 2);
  }
  return {};
}

}  // namespace seedbed
