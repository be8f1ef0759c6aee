// From "the leader" to a node: selectors resolved against the world as it is now.
#pragma once

#include <vector>

#include "sim/base/rng.h"
#include "sim/chaos/plan.h"
#include "sim/world/world.h"

namespace seedbed {

/// Among whom `all` and `random` look.
enum class Pool : std::uint8_t {
  kServers,  // those that are there, up or not, killed or gone
  kSpares,   // those that have not joined yet
};

/// Who is meant, by rising id; empty for nobody. Takes exactly one draw from `rng`, and draws among
/// all servers, up or not: another fault that is removed does not change whom this one means.
std::vector<NodeId> resolve(const Selector& selector, const World& world, Rng& rng,
                            Pool pool = Pool::kServers);

/// All servers that are there in a random order: one draw.
std::vector<NodeId> shuffled_servers(const World& world, Rng& rng);

}  // namespace seedbed
