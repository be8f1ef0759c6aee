// The coordinator numbers the configurations. It is one server: while it is down the members stay
// as they are, and everything else goes on.
#include <algorithm>

#include "protocols/sharded_store/fault_points.h"
#include "protocols/sharded_store/server.h"

namespace seedbed::sharded_store {

void Server::begin(Context& ctx) {
  std::vector<std::uint32_t> members;
  for (std::uint32_t id = 1; id <= initial_servers_; ++id) members.push_back(id);
  configuration_.salt = ctx.rng().next();
  change(ctx, std::move(members));
}

/// Those who go have to hear of it, too: they have what others are waiting for.
void Server::change(Context& ctx, std::vector<std::uint32_t> members) {
  std::vector<std::uint32_t> concerned;
  std::set_union(members.begin(), members.end(), configuration_.members.begin(),
                 configuration_.members.end(), std::back_inserter(concerned));
  std::erase(concerned, self_.value);
  adopt(ctx, {configuration_.epoch + 1, configuration_.salt, std::move(members)});
  if (ctx.maybe(fault_points::kNoPush)) return;
  for (const std::uint32_t id : concerned) ctx.send(NodeId{id}, Configure{configuration_});
}

void Server::on(Context& ctx, const Envelope& from, const Ask& m) {
  if (self_ != kCoordinator) return;
  const auto& members = configuration_.members;
  const std::uint32_t who = from.from.node.value;
  const bool known = std::binary_search(members.begin(), members.end(), who);
  if (m.joins && !known) {
    ctx.count("changes");
    std::vector<std::uint32_t> more = members;
    more.insert(std::upper_bound(more.begin(), more.end(), who), who);
    return change(ctx, std::move(more));
  }
  if (m.epoch < configuration_.epoch) ctx.reply(from, Configure{configuration_});
}

/// Somebody has to stay.
void Server::on(Context& ctx, const ChangeMembers& m) {
  if (self_ != kCoordinator) return;
  const auto& members = configuration_.members;
  std::vector<std::uint32_t> next;
  if (m.kind == ChangeKind::kAdd) {
    std::set_union(members.begin(), members.end(), m.servers.begin(), m.servers.end(),
                   std::back_inserter(next));
  } else {
    std::set_difference(members.begin(), members.end(), m.servers.begin(), m.servers.end(),
                        std::back_inserter(next));
  }
  if (next.empty() || next == members) return ctx.count("changes_refused");
  ctx.count("changes");
  change(ctx, std::move(next));
}

}  // namespace seedbed::sharded_store
