#include "protocols/sharded_store/measures.h"

#include "protocols/sharded_store/server.h"
#include "sim/hashing/hash_ring.h"

namespace seedbed::sharded_store {

namespace {

const Server* server_of(const World& world, NodeId n) {
  if (!n || n.value > world.servers()) return nullptr;
  return static_cast<const Server*>(world.process(n));
}

}  // namespace

void ShareError::look(const World& world, NodeId touched) {
  const Server* server = server_of(world, touched);
  if (value_ || server == nullptr || touched == kCoordinator) return;
  const Configuration& configuration = server->configuration();
  const Placement method = server->parameters().method();
  if (configuration.epoch == 0 || method == Placement::kJump || method == Placement::kRendezvous) {
    return;
  }
  const hashing::HashRing ring({.points = server->parameters().points, .salt = configuration.salt},
                               configuration.members);
  value_ = static_cast<std::int64_t>(hashing::standard_error(ring.shares(configuration.members)));
}

void MovedShare::look(const World& world, NodeId touched) {
  if (touched != kCoordinator || value_) return;
  const Server* coordinator = server_of(world, kCoordinator);
  if (coordinator == nullptr) return;
  const std::vector<NodeId>& owners = coordinator->owners();
  if (coordinator->configuration().epoch == 1 && before_.empty()) before_ = owners;
  if (coordinator->configuration().epoch < 2) return;
  std::uint64_t moved = 0;
  for (std::size_t s = 0; s < owners.size(); ++s) moved += owners[s] != before_[s] ? 1U : 0U;
  value_ = static_cast<std::int64_t>(moved * Probability::kOne / owners.size());
}

}  // namespace seedbed::sharded_store
