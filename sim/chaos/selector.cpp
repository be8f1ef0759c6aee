#include "sim/chaos/selector.h"

#include <algorithm>

namespace seedbed {

namespace {

std::vector<NodeId> all_of(const World& world, Pool pool) {
  std::vector<NodeId> nodes;
  for (std::uint32_t id = 1; id <= world.servers(); ++id) {
    if (world.is_spare({id}) == (pool == Pool::kSpares)) nodes.push_back({id});
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

std::vector<NodeId> all_of_role(const World& world, std::string_view role) {
  std::vector<NodeId> nodes = all_of(world, Pool::kServers);
  std::erase_if(nodes, [&](NodeId n) { return !has_role(world, n, role); });
  return nodes;
}

std::vector<NodeId> highest_of_role(const World& world, std::string_view role) {
  NodeId best;
  for (const NodeId n : all_of_role(world, role)) {
    if (!best || world.process(n)->epoch() > world.process(best)->epoch()) best = n;
  }
  return best ? std::vector{best} : std::vector<NodeId>{};
}

/// Some of a group, of a role, or of all.
std::vector<NodeId> draw_some(const Selector& selector, const World& world, Pool pool,
                              std::uint64_t draw) {
  std::vector<NodeId> from = selector.nodes;
  if (from.empty()) {
    from = selector.role.empty() ? all_of(world, pool) : all_of_role(world, selector.role);
  }
  std::uint64_t count = selector.count;
  if (selector.share) {
    count = (from.size() * selector.share.ppb + Probability::kOne - 1) / Probability::kOne;
  }
  return first_of(std::move(from), draw, count);
}

}  // namespace

std::vector<NodeId> resolve(const Selector& selector, const World& world, Rng& rng, Pool pool) {
  const std::uint64_t draw = rng.next();
  switch (selector.kind) {
    case Selector::Kind::kNodes: return selector.nodes;
    case Selector::Kind::kAll: return all_of(world, pool);
    case Selector::Kind::kRole: return highest_of_role(world, selector.role);
    case Selector::Kind::kRoleAll: return all_of_role(world, selector.role);
    case Selector::Kind::kRandom: return draw_some(selector, world, pool, draw);
    case Selector::Kind::kMinority:
    case Selector::Kind::kMajority: {
      const std::vector<NodeId> all = all_of(world, pool);
      const bool minority = selector.kind == Selector::Kind::kMinority;
      return first_of(
          all, draw,
          minority ? (std::max<std::size_t>(all.size(), 1) - 1) / 2 : all.size() / 2 + 1);
    }
  }
  return {};
}

std::vector<NodeId> shuffled_servers(const World& world, Rng& rng) {
  std::vector<NodeId> nodes = all_of(world, Pool::kServers);
  order_randomly(nodes, rng.next());
  return nodes;
}

}  // namespace seedbed
