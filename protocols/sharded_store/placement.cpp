#include "protocols/sharded_store/placement.h"

#include "sim/base/hash.h"
#include "sim/base/rng.h"
#include "sim/hashing/bounded_loads.h"
#include "sim/hashing/hash_ring.h"
#include "sim/hashing/jump_hash.h"
#include "sim/hashing/rendezvous.h"

namespace seedbed::sharded_store {

namespace {

using hashing::HashRing;
using hashing::Member;

constexpr std::uint64_t kPositions = hash_text("shard");

std::vector<Member> members_of_shards(const Parameters& p, const Configuration& configuration) {
  const auto& members = configuration.members;
  std::vector<std::uint64_t> at;
  for (Shard s = 0; s < p.shards; ++s) at.push_back(hash_of(configuration.salt, kPositions, s));
  std::vector<Member> owners;
  owners.reserve(at.size());
  switch (p.method()) {
    case Placement::kJump: {
      const auto buckets = static_cast<std::uint32_t>(members.size());
      for (const auto key : at) owners.push_back(members[hashing::jump_hash(key, buckets)]);
      return owners;
    }
    case Placement::kRendezvous:
      for (const auto key : at) owners.push_back(hashing::rendezvous(key, members));
      return owners;
    case Placement::kRing:
    case Placement::kBounded: break;
  }
  const HashRing ring({.points = p.points, .salt = configuration.salt}, members);
  if (p.method() == Placement::kBounded) {
    return hashing::place_bounded(ring, members.size(), at, p.load_factor);
  }
  for (const auto position : at) owners.push_back(ring.owner(position));
  return owners;
}

}  // namespace

Shard shard_of(kv::Key key, std::uint32_t shards) {
  return static_cast<Shard>(scale(hash_of(key), shards));
}

std::vector<NodeId> place(const Parameters& parameters, const Configuration& configuration) {
  if (configuration.members.empty()) return std::vector<NodeId>(parameters.shards);
  std::vector<NodeId> owners;
  owners.reserve(parameters.shards);
  for (const Member member : members_of_shards(parameters, configuration)) {
    owners.push_back({member});
  }
  return owners;
}

}  // namespace seedbed::sharded_store
