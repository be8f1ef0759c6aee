#include "protocols/chord/deployment.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace seedbed::chord {

FoundedRing::FoundedRing(const Parameters& parameters, std::uint64_t seed, std::uint32_t founders,
                         std::uint32_t servers)
    : parameters_(parameters),
      circle_(std::max(parameters.id_bits, static_cast<std::uint32_t>(std::bit_width(servers))),
              seed, parameters.hashed) {
  std::vector<std::pair<Id, NodeId>> places;
  places.reserve(founders);
  for (std::uint32_t n = 1; n <= founders; ++n) {
    places.emplace_back(circle_.id_of(NodeId{n}), NodeId{n});
  }
  std::sort(places.begin(), places.end());
  // About one founder in each bucket.
  const auto bits = std::min(static_cast<std::uint32_t>(std::bit_width(founders)), circle_.bits());
  bucket_shift_ = circle_.bits() - bits;
  buckets_.resize((std::size_t{1} << bits) + 1, founders);
  ring_.reserve(founders);
  std::size_t bucket = 0;
  for (const auto& [id, node] : places) {
    for (; bucket <= id >> bucket_shift_; ++bucket) {
      buckets_[bucket] = static_cast<std::uint32_t>(ring_.size());
    }
    ring_.push_back(node);
  }
}

std::uint32_t FoundedRing::successor_of(Id id) const {
  std::uint32_t position = buckets_[id >> bucket_shift_];
  while (position < size() && circle_.id_of(ring_[position]) < id) ++position;
  return position == size() ? 0 : position;
}

std::vector<NodeId> FoundedRing::base_after(Id id) const {
  std::vector<NodeId> members;
  for (std::uint32_t n = 1; n <= base(); ++n) {
    if (circle_.id_of(NodeId{n}) != id) members.push_back({n});
  }
  std::sort(members.begin(), members.end(), [&](NodeId a, NodeId b) {
    return circle_.distance(id, circle_.id_of(a)) < circle_.distance(id, circle_.id_of(b));
  });
  return members;
}

}  // namespace seedbed::chord
