#include "sim/chaos/selector.h"

#include <algorithm>

namespace seedbed {

namespace {

std::vector<NodeId> servers_where(const World& world, auto pred) {
  std::vector<NodeId> nodes;
  for (std::uint32_t id = 1; id <= world.servers(); ++id) {
    if (pred(NodeId{id})) nodes.push_back({id});
  }
  return nodes;
}

bool has_role(const World& world, NodeId n, std::string_view role) {
  const ProcessBase* process = world.process(n);
  return process != nullptr && process->role() == role;
}

/// Ordered by a hash of (draw, id): each node's rank is its own.
void order_randomly(std::vector<NodeId>& nodes, std::uint64_t draw) {
  const auto rank = [draw](NodeId n) { return hash_of(draw, n.value); };
  std::sort(nodes.begin(), nodes.end(), [&](NodeId a, NodeId b) { return rank(a) < rank(b); });
}

std::vector<NodeId> first_of(std::vector<NodeId> nodes, std::uint64_t draw, std::size_t count) {
  order_randomly(nodes, draw);
  nodes.resize(std::min(nodes.size(), count));
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

std::vector<NodeId> highest_of_role(const World& world, std::string_view role) {
  NodeId best;
  for (const NodeId n : servers_where(world, [&](NodeId s) { return has_role(world, s, role); })) {
    if (!best || world.process(n)->epoch() > world.process(best)->epoch()) best = n;
  }
  return best ? std::vector{best} : std::vector<NodeId>{};
}

}  // namespace

std::vector<NodeId> resolve(const Selector& selector, const World& world, Rng& rng) {
  const std::uint64_t draw = rng.next();
  const auto everyone = [](NodeId) { return true; };
  switch (selector.kind) {
    case Selector::Kind::kNodes: return selector.nodes;
    case Selector::Kind::kAll: return servers_where(world, everyone);
    case Selector::Kind::kRole: return highest_of_role(world, selector.role);
    case Selector::Kind::kRoleAll:
      return servers_where(world, [&](NodeId n) { return has_role(world, n, selector.role); });
    case Selector::Kind::kRandom:
      return first_of(servers_where(world, everyone), draw, selector.count);
    case Selector::Kind::kMinority:
      return first_of(servers_where(world, everyone), draw, (world.servers() - 1) / 2);
    case Selector::Kind::kMajority:
      return first_of(servers_where(world, everyone), draw, world.servers() / 2 + 1);
  }
  return {};
}

std::vector<NodeId> shuffled_servers(const World& world, Rng& rng) {
  std::vector<NodeId> nodes = servers_where(world, [](NodeId) { return true; });
  order_randomly(nodes, rng.next());
  return nodes;
}

}  // namespace seedbed
